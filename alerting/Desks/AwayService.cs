using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Beacon.Alerting.Changes;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Desks;

internal sealed class AwayService(AlertingDatabase database, TimeProvider time) : IAwayService
{
    // Rows read to find the last few objects: one that changes often stands in many.
    private const int RowsForItems = 200;

    // What was made since, by the tables themselves: a new object's first row of the feed may carry a later version.
    private static readonly Dictionary<ChangeKind, string> Made = new()
    {
        [ChangeKind.Alert] = "alerting_alerts WHERE created_at", [ChangeKind.Warning] = "alerting_warnings WHERE created_at", [ChangeKind.Incident] = "alerting_incidents WHERE opened_at",
    };

    public Task<AwaySummary> SinceLastLookAsync(Actor actor, CancellationToken cancellation = default) => database.ReadAsync(c =>
    {
        var now = time.GetUtcNow();
        var look = c.Query("SELECT at FROM alerting_looks WHERE account = @p0", r => r.Instant(0), actor.Name);
        if (look.Count == 0) return new AwaySummary(null, now, false, []);
        var since = look[0];
        var kinds = c.Query("SELECT kind, count(DISTINCT object_id), count(DISTINCT CASE WHEN version = 1 THEN object_id END) FROM alerting_changes WHERE at > @p0 GROUP BY kind ORDER BY kind", r => (Kind: (ChangeKind)r.GetInt32(0), Changed: r.GetInt64(1), First: r.GetInt64(2)), since);
        var removed = c.Scalar<long>("SELECT value FROM alerting_counters WHERE name = 'change-removed'");
        var oldest = removed == 0 ? DateTimeOffset.MinValue : c.Query("SELECT at FROM alerting_changes ORDER BY sequence LIMIT 1", r => r.Instant(0)).FirstOrDefault(now);
        return new AwaySummary(since, now, oldest > since, [.. kinds.Select(k => new AwayKind(k.Kind, k.Changed, Math.Min(k.Changed, Made.TryGetValue(k.Kind, out var made) ? c.Scalar<long>($"SELECT count(*) FROM {made} > @p0", since) : k.First), Latest(c, k.Kind, since)))]);
    }, cancellation);

    public async Task SeenAsync(Actor actor, DateTimeOffset at, CancellationToken cancellation = default)
    {
        var now = time.GetUtcNow();
        await database.WriteAsync(unit => unit.Db.Execute(
            "INSERT INTO alerting_looks(account, at) VALUES (@p0, @p1) ON CONFLICT(account) DO UPDATE SET at = CASE WHEN excluded.at > alerting_looks.at THEN excluded.at ELSE alerting_looks.at END",
            actor.Name, at < now ? at : now), cancellation).ConfigureAwait(false);
    }

    private static List<AwayItem> Latest(DbConnection c, ChangeKind kind, DateTimeOffset since) =>
        [.. c.Query("SELECT object_id, at, payload FROM alerting_changes WHERE kind = @p0 AND at > @p1 ORDER BY sequence DESC LIMIT @p2", r => (Id: r.GetString(0), At: r.Instant(1), Payload: r.GetString(2)), kind, since, RowsForItems)
            .DistinctBy(r => r.Id).Take(IAwayService.MaxItems).Select(r => Item(r.Id, r.At, r.Payload))];

    private static AwayItem Item(string id, DateTimeOffset at, string payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            var root = document.RootElement;
            return new AwayItem(id, First(root, ["number", "incidentNumber", "id"], id), First(root, ["title", "playbookName", "name", "note", "reason", "ruleId"], ""), at,
                root.ValueKind == JsonValueKind.Object && root.TryGetProperty("incidentId", out var incident) && incident.ValueKind == JsonValueKind.Number && incident.TryGetInt64(out var number) ? number : null);
        }
        catch (JsonException)
        {
            return new AwayItem(id, id, "", at);
        }
    }

    private static string First(JsonElement root, string[] names, string otherwise)
    {
        if (root.ValueKind != JsonValueKind.Object) return otherwise;
        foreach (var name in names)
            if (root.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number) return Text.Cut(value.ToString(), 300);
        return otherwise;
    }
}
