using Beacon.Events;

namespace Beacon.Alerting.Warnings;

/// <summary>What grading reads of an alert.</summary>
internal sealed record GradedAlert(Severity Severity, IReadOnlyList<string> Tactics, string? AssetId, AssetImportance Importance);

/// <summary>
/// Possible damage from severity and stage. The highest of:
/// the gravest alert's severity (critical: serious; high: relatively serious; else general);
/// the furthest stage (lateral movement, exfiltration, or an effect on a process or on availability: serious; inside the
/// network: relatively serious; before it: general);
/// three or more stages: one grade above the severity's, at most serious.
/// Especially serious is kept for an effect by critical alerts on two or more assets.
/// </summary>
internal static class DamageRule
{
    private static readonly HashSet<string> Effects = ["impact", "impair-process-control", "inhibit-response-function"];
    private static readonly HashSet<string> Spreading = ["lateral-movement", "exfiltration"];
    private static readonly HashSet<string> Before = ["reconnaissance", "resource-development", "initial-access"];

    public static (DamageGrade Grade, string Reason) Grade(IReadOnlyList<GradedAlert> alerts)
    {
        var severity = alerts.Count == 0 ? Severity.Informational : alerts.Max(a => a.Severity);
        var stages = alerts.SelectMany(a => a.Tactics).Distinct().OrderBy(Attack.OrderOf).ToList();
        var grade = BySeverity(severity);
        var reason = $"the gravest alert is {severity.ToString().ToLowerInvariant()}";

        void AtLeast(DamageGrade other, string why)
        {
            if (other <= grade) return;
            grade = other;
            reason = why;
        }

        if (stages.Count >= 3)
            AtLeast((DamageGrade)Math.Min((int)DamageGrade.Serious, (int)BySeverity(severity) + 1), $"{stages.Count} stages of an attack were seen: {string.Join(", ", stages)}");
        var furthest = stages.Where(s => !Before.Contains(s)).ToList();
        if (furthest.Count > 0) AtLeast(DamageGrade.RelativelySerious, $"the attack is inside: {furthest[^1]}");
        if (stages.FirstOrDefault(Spreading.Contains) is { } spreading) AtLeast(DamageGrade.Serious, $"the attack spreads: {spreading}");
        if (stages.FirstOrDefault(Effects.Contains) is { } effect) AtLeast(DamageGrade.Serious, $"the attack takes effect: {effect}");
        var hit = alerts.Where(a => a.Severity == Severity.Critical && a.AssetId is not null && a.Tactics.Any(Effects.Contains)).Select(a => a.AssetId).Distinct().Count();
        if (hit >= 2) AtLeast(DamageGrade.EspeciallySerious, $"the attack takes effect on {hit} assets at once");
        return (grade, reason);
    }

    private static DamageGrade BySeverity(Severity severity) => severity switch
    {
        Severity.Critical => DamageGrade.Serious,
        Severity.High => DamageGrade.RelativelySerious,
        _ => DamageGrade.General,
    };
}
