using Beacon.Alerting.Alerts;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Storage;
using Beacon.Events;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Warnings;

/// <summary>Where an attack is seen: the assets hit in its incident, and those that other alerts of the window tie to it by an address or account, in whatever incident.</summary>
internal sealed class Spread(AssetIndex assets, IOptions<AlertingOptions> options)
{
    private const int MaxKeys = 50;
    private const int MaxRows = 2_000;

    /// <summary>The reason for which the rule applies, or "".</summary>
    public string ReasonOf(AlertingTransaction unit, List<AlertRow> alerts, SpreadRule? rule)
    {
        if (rule is null) return "";
        var seen = alerts.Select(a => a.AssetId).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        var since = alerts.Max(a => a.LastSeen) - options.Value.IncidentWindow;
        foreach (var key in TyingKeys(unit, alerts))
            seen.UnionWith(unit.Db.Query(
                $"""
                SELECT a.asset_id FROM alerting_alert_entities e JOIN alerting_alerts a ON a.id = e.alert_id
                WHERE e.entity_key = @p0 AND e.last_seen >= @p1 AND a.severity >= 2 AND a.asset_id IS NOT NULL AND (a.status <> 3 OR a.disposition IN (0, 1)) LIMIT {MaxRows}
                """, r => r.GetString(0), key, since));
        var hit = seen.Select(assets.Find).OfType<Asset>().ToList();
        var organisations = hit.Select(a => a.Organisation).Where(o => o.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).ToList();
        var sectors = hit.Select(a => a.Sector).Where(s => s.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).ToList();
        if (rule.Organisations > 0 && organisations.Count >= rule.Organisations) return $"seen in {organisations.Count} organisations: {Names(organisations)}";
        if (rule.Sectors > 0 && sectors.Count >= rule.Sectors) return $"seen in {sectors.Count} sectors: {Names(sectors)}";
        return rule.Assets > 0 && hit.Count >= rule.Assets ? $"seen on {hit.Count} assets" : "";
    }

    // Tags along the incident's own assets tie nothing new; what comes from elsewhere does.
    private static HashSet<string> TyingKeys(AlertingTransaction unit, List<AlertRow> alerts)
    {
        var keys = new HashSet<string>();
        foreach (var alert in alerts.OrderByDescending(a => a.LastSeen).Take(MaxKeys))
            foreach (var (key, value) in IncidentCorrelator.EntitiesOf(unit, alert.Id))
                if (keys.Count < MaxKeys && EntityKeys.Ties(value.Entity) && !key.StartsWith("asset:", StringComparison.Ordinal)) keys.Add(key);
        return keys;
    }

    private static string Names(List<string> names) => Text.Cut(string.Join(", ", names.Take(5)) + (names.Count > 5 ? ", …" : ""), 300);
}
