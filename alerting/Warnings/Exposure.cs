using Beacon.Alerting.Alerts;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Storage;
using Beacon.Events;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Warnings;

/// <summary>Names who may be next: assets that share software, zone, owner or an account with those hit, and are not hit yet.</summary>
internal sealed class Exposure(AssetIndex assets, IOptions<AlertingOptions> options)
{
    /// <summary>Assets of one property that are looked at; a zone of a whole company says little.</summary>
    private const int MaxSharing = 2_000;

    public IReadOnlyList<ExposedAsset> Of(AlertingTransaction unit, List<AlertRow> alerts, IReadOnlyCollection<Asset> hit)
    {
        var most = options.Value.Warnings.ExposedAssets;
        if (most == 0 || hit.Count == 0) return [];
        var ids = hit.Select(a => a.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var found = new Dictionary<string, (Asset Asset, int Weight, List<string> Why)>(StringComparer.OrdinalIgnoreCase);
        void Add(Asset asset, int weight, string why)
        {
            if (ids.Contains(asset.Id)) return;
            if (!found.TryGetValue(asset.Id, out var known)) found[asset.Id] = known = (asset, 0, []);
            if (known.Why.Contains(why)) return;
            known.Why.Add(why);
            found[asset.Id] = known with { Weight = known.Weight + weight };
        }
        foreach (var (property, value) in hit.SelectMany(AssetIndex.PropertiesOf).Distinct())
            foreach (var asset in assets.Sharing(property, value).Take(MaxSharing))
                Add(asset, property == AssetIndex.Shared.Software ? 3 : property == AssetIndex.Shared.Zone ? 2 : 1, $"{property.ToString().ToLowerInvariant()} {value}");
        foreach (var (account, id) in AccountsElsewhere(unit, alerts))
            if (assets.Find(id) is { } asset) Add(asset, 4, $"account {account}");
        return [.. found.Values.OrderByDescending(f => f.Weight).ThenByDescending(f => f.Asset.Importance).ThenBy(f => f.Asset.Name, StringComparer.Ordinal).Take(most)
            .Select(f => new ExposedAsset(f.Asset.Id, f.Asset.Name, f.Asset.Importance, f.Asset.Organisation, f.Asset.Sector, [.. f.Why.Take(5).Select(w => Text.Cut(w, 200))]))];
    }

    /// <summary>Assets on which alerts of late saw an account that this attack uses.</summary>
    private List<(string Account, string AssetId)> AccountsElsewhere(AlertingTransaction unit, List<AlertRow> alerts)
    {
        var since = unit.Now - options.Value.Warnings.CredentialHistory;
        var users = alerts.TakeLast(50).SelectMany(a => IncidentCorrelator.EntitiesOf(unit, a.Id)).Where(e => e.Value.Entity.Kind == EntityKind.User && EntityKeys.Ties(e.Value.Entity))
            .DistinctBy(e => e.Key).Take(10);
        return [.. users.SelectMany(u => unit.Db.Query(
            """
            SELECT DISTINCT a.asset_id FROM alerting_alert_entities e JOIN alerting_alerts a ON a.id = e.alert_id
            WHERE e.entity_key = @p0 AND e.last_seen >= @p1 AND a.asset_id IS NOT NULL LIMIT 100
            """, r => r.GetString(0), u.Key, since).Select(id => (u.Value.Entity.Value, id)))];
    }
}
