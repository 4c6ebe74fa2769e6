using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Web.Console.Pages.Warnings;

/// <summary>What several alerts of one rule say, as one line.</summary>
/// <param name="Text">The first one's title.</param>
/// <param name="Alerts">How many alerts the line stands for.</param>
internal sealed record HappenedLine(long AlertId, DateTimeOffset At, Severity Severity, string Text, int Alerts);

/// <summary>What happened, short enough to be read: alerts of one rule as one line, in the order in which they began, the gravest kept where there are many.</summary>
internal sealed class Happened
{
    /// <summary>Lines shown at first; the rest opens.</summary>
    public const int Most = 5;

    public Happened(WarningDetail warning)
    {
        Alerts = warning.Evidence.Count;
        Detections = warning.Evidence.Sum(e => e.Detections);
        All = [.. warning.Evidence.GroupBy(e => e.RuleTitle).Select(g =>
        {
            var first = g.OrderBy(e => e.FirstSeen).ThenBy(e => e.AlertId).First();
            return new HappenedLine(first.AlertId, first.FirstSeen, g.Max(e => e.Severity), first.Title, g.Count());
        }).OrderBy(l => l.At).ThenBy(l => l.AlertId)];
        var told = All.Count <= Most ? All : [.. All.OrderByDescending(l => l.Severity).ThenBy(l => l.At).Take(Most).OrderBy(l => l.At).ThenBy(l => l.AlertId)];
        First = told;
        Rest = [.. All.Except(told)];
    }

    public IReadOnlyList<HappenedLine> All { get; }
    public IReadOnlyList<HappenedLine> First { get; }
    public IReadOnlyList<HappenedLine> Rest { get; }
    public int Alerts { get; }
    public long Detections { get; }
    public TimeSpan Span => All.Count == 0 ? TimeSpan.Zero : All[^1].At - All[0].At;
}
