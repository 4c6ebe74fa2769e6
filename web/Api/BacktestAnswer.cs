using Beacon.Detections.Backtests;
using Beacon.Events;

namespace Beacon.Web.Api;

/// <summary>A back-test as the API answers it and the command line prints it.</summary>
internal sealed record BacktestAnswer(DateTime From, DateTime To, long Events, long Candidates, double TookMilliseconds, double EventsPerSecond, IReadOnlyList<BacktestAnswer.OneRule> Rules)
{
    internal sealed record OneRule(
        string Id, string Title, string Kind, string Level, string? BlindReason, long Raised, long Suppressed, long Windows, long Omitted,
        IReadOnlyList<Hour> Hours, IReadOnlyList<Whom> Entities, IReadOnlyList<Instance> Examples);

    internal sealed record Hour(DateTime Start, long Count);

    internal sealed record Whom(string Value, long Count);

    internal sealed record Instance(DateTime Time, string Summary, string Entity, string? Event);

    public static BacktestAnswer Of(BacktestReport report) => new(
        report.Range.From.UtcDateTime, report.Range.To.UtcDateTime, report.Events, report.Candidates, Math.Round(report.Took.TotalMilliseconds, 1), Math.Round(report.EventsPerSecond),
        [.. report.Rules.Select(static r => new OneRule(
            r.RuleId, r.Title, r.Kind, r.Level.ToString().ToLowerInvariant(), r.BlindReason?.ToString(), r.Raised, r.Suppressed, r.Windows, r.Omitted,
            [.. r.Hours.Select(static h => new Hour(h.Start.UtcDateTime, h.Count))], [.. r.Entities.Select(static e => new Whom(e.Value, e.Count))],
            [.. r.Examples.Select(static e => new Instance(e.Time.UtcDateTime, e.Summary, e.Entity.Value, e.EventId?.ToString()))]))]);
}
