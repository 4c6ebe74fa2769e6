using Beacon.Alerting.Alerts;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Storage;
using Beacon.Events;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Warnings;

/// <summary>Says in a warning what happened, to whom, where the attack stands, who may be next, and what to do.</summary>
internal sealed class WarningDescriber(AdviceBook advice, StageBook stageBook, Exposure exposure, EntityKeys keys, IOptions<AlertingOptions> options)
{
    public WarningBody Describe(
        AlertingTransaction unit, long incidentId, List<AlertRow> alerts, bool complete, AssetImportance importance, DamageGrade damage, string reason, int matrixVersion, WarningLevel graded, WarningBody? before)
    {
        var stages = alerts.SelectMany(a => Attack.TacticsOf(a.Tags)).Distinct().OrderBy(Attack.OrderOf).ToList();
        var techniques = alerts.OrderByDescending(a => a.Severity).ThenByDescending(a => a.LastSeen).SelectMany(a => Attack.TechniquesOf(a.Tags)).Distinct().ToList();
        var assets = unit.Db.Query("SELECT entity_kind, entity FROM alerting_incident_entities WHERE incident_id = @p0 AND asset_id IS NOT NULL ORDER BY importance DESC, first_seen LIMIT 100",
            r => new Entity((EntityKind)r.GetInt32(0), r.GetString(1)), incidentId).Select(keys.AssetOf).OfType<Asset>().DistinctBy(a => a.Id).ToList();
        return new WarningBody
        {
            WhatHappened = WhatHappenedText.Of(alerts, complete),
            Importance = importance, Damage = damage, DamageReason = reason, MatrixVersion = matrixVersion, Graded = graded,
            Assets = [.. assets.Select(a => new WarningAsset(a.Id, a.Name, a.Importance, a.Organisation, a.Sector, WhyOf(a, alerts)))],
            Sectors = [.. assets.Select(a => a.Sector).Where(s => s.Length > 0).Distinct().Order()],
            Organisations = [.. assets.Select(a => a.Organisation).Where(o => o.Length > 0).Distinct().Order()],
            Stages = stages, AlertIds = [.. alerts.Select(a => a.Id)],
            Advice = advice.For(techniques, stages.AsEnumerable().Reverse()),
            Outlook = stageBook.Of(stages, techniques), Exposed = exposure.Of(unit, alerts, assets),
            Authority = before?.Authority ?? options.Value.Warnings.Authority, CategoryByHand = before?.CategoryByHand ?? false, PlaybookByHand = before?.PlaybookByHand ?? false,
        };
    }

    public static (string Category, string Title) TitleOf(List<AlertRow> alerts, IReadOnlyList<string> stages)
    {
        // The subject is what the furthest stage hit, the most important of them.
        var lead = alerts.OrderByDescending(a => Attack.TacticsOf(a.Tags).Select(Attack.OrderOf).DefaultIfEmpty(-1).Max())
            .ThenByDescending(a => a.Importance).ThenByDescending(a => a.Severity).First();
        var subject = lead.AssetName ?? lead.Entity.Value;
        var (category, title) = WarningCategory.Of([.. stages], lead.RuleKind == "silent-source", subject);
        return (category, Text.Cut(title, 300));
    }

    private static string WhyOf(Asset asset, List<AlertRow> alerts) => alerts.Where(a => a.AssetId == asset.Id).OrderByDescending(a => a.Severity).FirstOrDefault() is { } alert
        ? Text.Cut(alert.RuleTitle, 120) : "named by an alert of the incident";
}
