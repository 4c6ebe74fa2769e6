using System.Data.Common;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Alerts.Risk;

internal sealed class RiskService(AlertingDatabase database, RiskBook book, EntityKeys keys, TimeProvider time) : IRiskService
{
    private const string Select = "SELECT entity_key, entity_kind, entity, asset_id, asset_name, importance, points, at FROM alerting_risk";

    public Task<IReadOnlyList<EntityRisk>> TopAsync(int limit = 20, CancellationToken cancellation = default) => database.ReadAsync<IReadOnlyList<EntityRisk>>(c =>
        [.. c.Query(Select + " ORDER BY rank DESC LIMIT @p0", r => Read(r), Math.Clamp(limit, 1, 200)).Where(r => r.Points >= 0.01).OrderByDescending(r => r.Points).Select(r => r with { Contributions = Parts(c, r.Key) })], cancellation);

    public Task<EntityRisk?> FindAsync(Entity entity, CancellationToken cancellation = default) => database.ReadAsync(c =>
        c.Query(Select + " WHERE entity_key = @p0", r => Read(r), keys.KeyOf(entity)).FirstOrDefault() is { } risk ? risk with { Contributions = Parts(c, risk.Key) } : null, cancellation);

    private EntityRisk Read(DbDataReader r) => new(
        r.GetString(0), new Entity((EntityKind)r.GetInt32(1), r.GetString(2)), r.TextOrNull(3), r.TextOrNull(4), (AssetImportance)r.GetInt32(5),
        Math.Round(book.Faded(r.GetDouble(6), r.Instant(7), time.GetUtcNow()), 2), r.Instant(7), []);

    private RiskContribution[] Parts(DbConnection c, string key) => [.. c.Query(
        "SELECT alert_id, rule_title, severity, points, at FROM alerting_risk_parts WHERE entity_key = @p0 ORDER BY at DESC LIMIT 50",
        r => new RiskContribution(r.GetInt64(0), r.GetString(1), (Severity)r.GetInt32(2), Math.Round(book.Faded(r.GetDouble(3), r.Instant(4), time.GetUtcNow()), 2), r.GetDouble(3), r.Instant(4)), key)
        .OrderByDescending(p => p.Points)];
}
