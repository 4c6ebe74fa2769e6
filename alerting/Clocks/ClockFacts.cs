using System.Text.Json;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Storage;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Clocks;

/// <summary>What decides whether a regime applies to an incident.</summary>
internal sealed record ClockFacts(IReadOnlySet<string> Kinds, IReadOnlySet<string> Sectors, DamageGrade Damage, IReadOnlySet<string> Techniques, WarningLevel Standing)
{
    public bool Meets(ClockRegime regime) =>
        regime.Kinds.Any(Kinds.Contains) && (regime.Sectors is not { Count: > 0 } sectors || sectors.Any(Sectors.Contains)) && Damage >= regime.MinimumDamage
        && (regime.Techniques is not { Count: > 0 } techniques || techniques.Any(Techniques.Contains));

    public static ClockFacts Of(AlertingTransaction unit, IncidentSummary incident, ClockRules rules)
    {
        var warning = WarningTable.OfIncident(unit.Db, incident.Id);
        var techniques = unit.Db.Query("SELECT DISTINCT tags FROM alerting_alerts WHERE incident_id = @p0 LIMIT 500", r => r.GetString(0), incident.Id)
            .SelectMany(t => Attack.TechniquesOf(JsonSerializer.Deserialize(t, AlertingJson.Default.StringArray) ?? []));
        return new ClockFacts(
            rules.KindsOf(warning?.Body.Organisations ?? []), (warning?.Body.Sectors ?? []).ToHashSet(StringComparer.OrdinalIgnoreCase),
            // An incident that no warning stands for is as grave as its gravest alert.
            warning?.Body.Damage ?? DamageRule.Grade([new GradedAlert(incident.Severity, [], null, AssetImportance.General)]).Grade,
            techniques.SelectMany(t => new[] { t, Attack.ParentOf(t) }).ToHashSet(StringComparer.OrdinalIgnoreCase),
            warning?.Summary is { State: WarningState.Issued or WarningState.Adjusted, Level: var level } ? level : WarningLevel.None);
    }
}
