using System.Globalization;
using Beacon.Events;

namespace Beacon.Alerting.Alerts;

/// <summary>Fills a database of one's own with copies of the alerts that stand in it, for measuring. Never on a database that people use.</summary>
public static class AlertCopies
{
    private const int Batch = 50_000;

    /// <summary>Copies open alerts, under ids and entities of their own, until there are <paramref name="total"/>.</summary>
    /// <returns>Open alerts there are then; fewer where there was none to copy.</returns>
    public static async Task<long> MakeAsync(IStateDatabase database, long total, CancellationToken cancellation = default)
    {
        long open;
        do
        {
            open = await database.WriteAsync(t =>
            {
                var now = t.Scalar<long>("SELECT count(*) FROM alerting_alerts WHERE status <> 3");
                var last = t.Scalar<long>("SELECT coalesce(max(id), 0) FROM alerting_alerts");
                var wanted = Math.Min(Batch, Math.Min(now, total - now));
                if (wanted <= 0) return now;
                // Copies differ in what lists sort and filter by: time, score, entity, owner; few are shelved.
                var columns = AlertRow.Columns.Split(", ");
                var values = columns.Select(c => c switch
                {
                    "id" => "id + @p0",
                    "entity" or "entity_key" => $"{c} || '.' || CAST(@p0 AS TEXT)",
                    "last_seen" => "last_seen - (id % 997) * 1000000",
                    "created_at" => "created_at - (id % 997) * 1000000",
                    "score" => "(score * 7 + id) % 100",
                    "owner" => "CASE WHEN id % 50 = 0 THEN 'ann' WHEN id % 3 = 0 THEN 'bob' ELSE NULL END",
                    "status" => "CASE WHEN id % 5 = 0 THEN 1 ELSE 0 END",
                    "shelved_until" => "CASE WHEN id % 1000 = 1 THEN 9000000000000000 ELSE NULL END",
                    _ => c,
                });
                var copied = t.Execute(string.Create(CultureInfo.InvariantCulture,
                    $"INSERT INTO alerting_alerts({AlertRow.Columns}) SELECT {string.Join(", ", values)} FROM alerting_alerts WHERE status <> 3 ORDER BY id LIMIT {wanted}"), last);
                t.Execute("INSERT INTO alerting_counters(name, value) VALUES ('alert', @p0) ON CONFLICT(name) DO UPDATE SET value = excluded.value", t.Scalar<long>("SELECT max(id) FROM alerting_alerts"));
                return now + copied;
            }, cancellation).ConfigureAwait(false);
        }
        while (open > 0 && open < total);
        return open;
    }
}
