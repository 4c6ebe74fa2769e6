using System.Globalization;
using Beacon.Alerting.Alerts;
using Beacon.Alerting.Clocks;

namespace Beacon.Alerting.Warnings;

/// <summary>
/// What happened, said so that it is read: one sentence, and where several alerts are behind it a line for each stage, in the order of the attack.
/// Detections are not counted here: the text changes with a new alert, not with each repetition of a known one.
/// </summary>
internal static class WhatHappenedText
{
    public const int MostLines = 5;
    public const int MostLength = 2_000;

    /// <summary>What each line after the first begins with.</summary>
    public const string Bullet = "• ";

    private const int MostTitle = 160;
    private const int MostNames = 3;
    private const int MostName = 60;
    private const string NoStage = "no stage known";

    /// <param name="alerts">Oldest first.</param>
    /// <param name="complete">False where the incident has more alerts than these.</param>
    public static string Of(IReadOnlyList<AlertRow> alerts, bool complete)
    {
        if (alerts is [var only]) return Text.Cut(only.Title.TrimEnd('.'), MostLength - 1) + ".";
        var stages = alerts.GroupBy(StageOf).OrderBy(g => Attack.OrderOf(g.Key)).ToList();
        var lead = Lead(stages[^1]);
        var from = ClockDesk.Stamp(alerts.Min(a => a.FirstSeen));
        var text = $"{Title(lead)}: the furthest of {Count(alerts.Count, complete)} alerts on {Names(alerts)} since {from}.";
        // Where the stages are more than the lines, the first ones share a line: how far it went is what counts.
        var shared = stages.Count > MostLines ? stages.Count - MostLines + 1 : 0;
        if (shared > 0) text += Line(string.Join(", ", stages.Take(shared).Select(g => g.Key)), [.. stages.Take(shared).SelectMany(g => g)]);
        // One rule at one stage is told by the sentence.
        if (stages.Count > 1 || alerts.Any(a => a.RuleId != lead.RuleId))
            foreach (var stage in stages.Skip(shared)) text += Line(stage.Key, [.. stage]);
        return Text.Cut(text, MostLength);
    }

    /// <summary>The sentence and the lines, without the marks before them.</summary>
    public static IReadOnlyList<string> LinesOf(string text) => [.. text.Split('\n').Select(l => l.StartsWith(Bullet, StringComparison.Ordinal) ? l[Bullet.Length..] : l)];

    private static string Line(string stages, List<AlertRow> alerts)
    {
        var others = alerts.Select(a => a.RuleId).Distinct().Count() - 1;
        return $"\n{Bullet}{stages}, {alerts.Count.ToString(CultureInfo.InvariantCulture)} {(alerts.Count == 1 ? "alert" : "alerts")}: {Title(Lead(alerts))}"
            + (others > 0 ? string.Create(CultureInfo.InvariantCulture, $", and what {others} more {(others == 1 ? "rule" : "rules")} found") : "");
    }

    private static string StageOf(AlertRow alert) => Attack.TacticsOf(alert.Tags).MaxBy(Attack.OrderOf) ?? NoStage;

    private static AlertRow Lead(IEnumerable<AlertRow> alerts) => alerts.OrderByDescending(a => a.Severity).ThenByDescending(a => a.Importance).ThenBy(a => a.FirstSeen).ThenBy(a => a.Id).First();

    private static string Title(AlertRow alert) => Text.Cut(alert.Title.TrimEnd('.'), MostTitle);

    private static string Count(int count, bool complete) => (complete ? "" : "at least ") + count.ToString(CultureInfo.InvariantCulture);

    /// <summary>The most important first, so that what is named is what matters.</summary>
    private static string Names(IReadOnlyList<AlertRow> alerts)
    {
        var names = alerts.OrderByDescending(a => a.Importance).ThenBy(a => a.FirstSeen).Select(a => a.AssetName ?? a.Entity.Value).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var more = names.Count - MostNames;
        return string.Join(", ", names.Take(MostNames).Select(n => Text.Cut(AlertTitle.OneLine(n), MostName))) + (more > 0 ? string.Create(CultureInfo.InvariantCulture, $" and {more} more") : "");
    }
}
