using System.Data.Common;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Storage;
using Beacon.Events;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Alerts.Risk;

/// <summary>
/// Keeps entity risk. An alert gives its points once, when it opens, and the difference when it rises: a thousand detections of one
/// alert are one worry. What turns out harmless or wrong is taken away again.
/// </summary>
internal sealed class RiskBook(EntityKeys keys, IOptions<AlertingOptions> options)
{
    /// <summary>Entities that one alert gives points to, its own included.</summary>
    private const int MaxEntities = 16;

    /// <summary>Contributions kept for an entity; older ones count on within the sum.</summary>
    private const int MaxParts = 50;

    /// <summary>Share that others named by an alert get.</summary>
    private const double Named = 0.5;

    private static readonly DateTimeOffset Origin = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Points of an alert before they fade: severity × confidence × the asset's importance.</summary>
    public static double PointsOf(Severity severity, int confidence, AssetImportance importance) => severity switch
    {
        Severity.Critical => 80,
        Severity.High => 40,
        Severity.Medium => 15,
        Severity.Low => 5,
        _ => 1,
    } * confidence / 100 * importance switch { AssetImportance.EspeciallyImportant => 2, AssetImportance.Important => 1.5, _ => 1 };

    /// <summary>True where the alert's disposition leaves it a worry.</summary>
    public static bool Counts(AlertRow alert) => alert.Status != AlertStatus.Closed || alert.Disposition is Disposition.Undetermined or Disposition.TruePositive;

    /// <summary>Gives the alert's points to its entities, in place of what it gave before.</summary>
    public void Give(AlertingTransaction unit, AlertRow alert, IEnumerable<KeyValuePair<string, (Entity Entity, DateTimeOffset Seen)>> entities)
    {
        var own = entities.Where(e => e.Key == alert.EntityKey).Concat(entities.Where(e => e.Key != alert.EntityKey && EntityKeys.Ties(e.Value.Entity))).Take(MaxEntities);
        foreach (var (key, (entity, _)) in own)
        {
            var asset = keys.AssetOf(entity);
            var points = PointsOf(alert.Severity, alert.Confidence, asset?.Importance ?? AssetImportance.General) * (key == alert.EntityKey ? 1 : Named);
            Put(unit, key, entity, asset, alert, points);
        }
    }

    /// <summary>Takes away what the alert gave.</summary>
    public void Take(AlertingTransaction unit, AlertRow alert)
    {
        var parts = unit.Db.Query("SELECT entity_key, points, at FROM alerting_risk_parts WHERE alert_id = @p0", r => (Key: r.GetString(0), Points: r.GetDouble(1), At: r.Instant(2)), alert.Id);
        foreach (var (key, points, at) in parts) Add(unit, key, -Faded(points, at, unit.Now));
        unit.Db.Execute("DELETE FROM alerting_risk_parts WHERE alert_id = @p0", alert.Id);
    }

    /// <summary>The entity's risk without what this alert gave.</summary>
    public double Others(DbTransaction t, AlertRow alert, DateTimeOffset now)
    {
        var all = t.Query("SELECT points, at FROM alerting_risk WHERE entity_key = @p0", r => Faded(r.GetDouble(0), r.Instant(1), now), alert.EntityKey);
        if (all.Count == 0) return 0;
        var own = t.Query("SELECT points, at FROM alerting_risk_parts WHERE entity_key = @p0 AND alert_id = @p1", r => Faded(r.GetDouble(0), r.Instant(1), now), alert.EntityKey, alert.Id);
        return Math.Max(0, all[0] - own.Sum());
    }

    public double Faded(double points, DateTimeOffset at, DateTimeOffset now) => now <= at ? points : points * Math.Pow(2, -(now - at) / options.Value.Risk.HalfLife);

    private double CutAt(DateTimeOffset now) => (now - Origin) / options.Value.Risk.HalfLife + Math.Log2(0.01);

    private void Put(AlertingTransaction unit, string key, Entity entity, Asset? asset, AlertRow alert, double points)
    {
        var before = unit.Db.Query("SELECT points, at FROM alerting_risk_parts WHERE entity_key = @p0 AND alert_id = @p1", r => Faded(r.GetDouble(0), r.Instant(1), unit.Now), key, alert.Id).Sum();
        unit.Db.Execute(
            """
            INSERT INTO alerting_risk(entity_key, entity_kind, entity, asset_id, asset_name, importance, points, at, rank) VALUES (@p0,@p1,@p2,@p3,@p4,@p5,0,@p6,0)
            ON CONFLICT(entity_key) DO UPDATE SET entity_kind = excluded.entity_kind, entity = excluded.entity, asset_id = excluded.asset_id, asset_name = excluded.asset_name, importance = excluded.importance
            """, key, entity.Kind, entity.Value, asset?.Id, asset?.Name, asset?.Importance ?? AssetImportance.General, unit.Now);
        Add(unit, key, points - before);
        unit.Db.Execute(
            """
            INSERT INTO alerting_risk_parts(entity_key, alert_id, rule_title, severity, points, at) VALUES (@p0,@p1,@p2,@p3,@p4,@p5)
            ON CONFLICT(entity_key, alert_id) DO UPDATE SET rule_title = excluded.rule_title, severity = excluded.severity, points = excluded.points, at = excluded.at
            """, key, alert.Id, alert.RuleTitle, alert.Severity, points, unit.Now);
        unit.Db.Execute(
            $"DELETE FROM alerting_risk_parts WHERE entity_key = @p0 AND at < (SELECT min(at) FROM (SELECT at FROM alerting_risk_parts WHERE entity_key = @p0 ORDER BY at DESC LIMIT {MaxParts}) AS newest)", key);
    }

    private void Add(AlertingTransaction unit, string key, double points)
    {
        var now = unit.Db.Query("SELECT points, at FROM alerting_risk WHERE entity_key = @p0", r => Faded(r.GetDouble(0), r.Instant(1), unit.Now), key).Sum() + points;
        // Everything fades at one pace, so that an order by points and age together never changes with time.
        var rank = now < 0.01 ? -1e9 : Math.Log2(now) + (unit.Now - Origin) / options.Value.Risk.HalfLife;
        unit.Db.Execute("UPDATE alerting_risk SET points = @p1, at = @p2, rank = @p3 WHERE entity_key = @p0", key, Math.Max(0, now), unit.Now, rank);
    }

    /// <summary>True where something has faded away.</summary>
    public bool AnyFaded(DbConnection c, DateTimeOffset now) => c.Scalar<long>("SELECT count(*) FROM (SELECT 1 FROM alerting_risk WHERE rank < @p0 LIMIT 1) AS faded", CutAt(now)) > 0;

    /// <summary>Forgets entities about which nothing is left.</summary>
    public int Forget(AlertingTransaction unit)
    {
        var cut = CutAt(unit.Now);
        unit.Db.Execute("DELETE FROM alerting_risk_parts WHERE entity_key IN (SELECT entity_key FROM alerting_risk WHERE rank < @p0 ORDER BY rank LIMIT 2000)", cut);
        return unit.Db.Execute("DELETE FROM alerting_risk WHERE entity_key IN (SELECT entity_key FROM alerting_risk WHERE rank < @p0 ORDER BY rank LIMIT 2000)", cut);
    }
}
