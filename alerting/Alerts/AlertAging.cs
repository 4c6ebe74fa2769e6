using Beacon.Alerting.Storage;
using Beacon.Events;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Alerts;

/// <summary>What passing time does to alerts. Each call is one bounded transaction; the next tick goes on.</summary>
internal sealed class AlertAging(AlertingDatabase database, Risk.RiskBook risk, IOptions<AlertingOptions> options, TimeProvider time)
{
    private const int Batch = 2_000;

    /// <summary>Brings alerts back whose shelf time is over.</summary>
    public async Task<int> UnshelveAsync(CancellationToken cancellation)
    {
        var due = await database.ReadAsync(c => c.Query(
            $"SELECT id FROM alerting_alerts WHERE shelved_until <= @p0 AND shelved_until IS NOT NULL LIMIT {Batch}", r => r.GetInt64(0), time.GetUtcNow()), cancellation).ConfigureAwait(false);
        if (due.Count == 0) return 0;
        return await database.WriteAsync(unit =>
        {
            foreach (var alert in due.Select(id => AlertTable.Find(unit.Db, id)).OfType<AlertRow>().Where(a => a.ShelvedUntil <= unit.Now))
            {
                alert.ShelvedUntil = null;
                alert.ShelvedReason = null;
                AlertTable.Update(unit, alert);
            }
            return due.Count;
        }, cancellation).ConfigureAwait(false);
    }

    /// <summary>Takes points off for age; only an alert that changes its band is told of.</summary>
    public async Task<int> RescoreAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        // Points fall at known ages, so the database finds those that fell without reading the others.
        var fell = string.Join(" OR ", Enumerable.Range(1, UrgencyScore.MostAge).Select(p => $"(age_points = {p} AND last_seen < @p{p - 1})"));
        var limits = Enumerable.Range(1, UrgencyScore.MostAge).Select(p => (object?)(now - UrgencyScore.OldestWith(p))).ToArray();
        var changed = await database.ReadAsync(c => c.Query(
            $"SELECT id FROM alerting_alerts WHERE status <> 3 AND age_points > 0 AND ({fell}) LIMIT {Batch}", r => r.GetInt64(0), limits), cancellation).ConfigureAwait(false);
        if (changed.Count == 0) return 0;
        return await database.WriteAsync(unit =>
        {
            foreach (var alert in changed.Select(id => AlertTable.Find(unit.Db, id)).OfType<AlertRow>())
            {
                var band = Urgency.BandOf(alert.Score);
                alert.AgePoints = UrgencyScore.AgePoints(unit.Now - alert.LastSeen);
                if (Urgency.BandOf(alert.Score) != band) AlertTable.Update(unit, alert);
                else unit.Db.Execute("UPDATE alerting_alerts SET age_points = @p1, score = @p2 WHERE id = @p0", alert.Id, alert.AgePoints, alert.Score);
            }
            return changed.Count;
        }, cancellation).ConfigureAwait(false);
    }

    /// <summary>Drops detection ids that are over age or over number, and risk that has faded.</summary>
    public async Task<int> ForgetAsync(CancellationToken cancellation)
    {
        var settings = options.Value;
        var (old, over) = await database.ReadAsync(c => (
            c.Scalar<long>("SELECT count(*) FROM (SELECT 1 FROM alerting_seen WHERE at < @p0 LIMIT 50000) AS old", time.GetUtcNow() - settings.DetectionMemory),
            c.Scalar<long>("SELECT count(*) FROM alerting_seen") - settings.DetectionMemoryLimit), cancellation).ConfigureAwait(false);
        var most = Math.Min(50_000, Math.Max(old, over));
        if (await database.ReadAsync(c => risk.AnyFaded(c, time.GetUtcNow()), cancellation).ConfigureAwait(false)) await database.WriteAsync(risk.Forget, cancellation).ConfigureAwait(false);
        return most <= 0 ? 0 : await database.WriteAsync(unit => unit.Db.Execute(
            "DELETE FROM alerting_seen WHERE id IN (SELECT id FROM alerting_seen ORDER BY at LIMIT @p0)", most), cancellation).ConfigureAwait(false);
    }
}
