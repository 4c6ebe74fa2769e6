using System.Data.Common;
using Beacon.Alerting.Alerts;
using Beacon.Alerting.Incidents.Work;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Incidents;

/// <summary>Queries over incidents.</summary>
internal static class IncidentReader
{
    private const int MaxRows = 200;

    public const string SelectTasks = "SELECT id, text, assignee, created_by, created_at, done_by, done_at, version, due_at FROM alerting_tasks WHERE incident_id = @p0";

    public static IncidentDetail? Find(DbConnection c, long id, DateTimeOffset now)
    {
        if (IncidentTable.Find(c, id) is not { } summary) return null;
        var alerts = c.Query($"SELECT {AlertRow.Columns} FROM alerting_alerts WHERE incident_id = @p0 ORDER BY last_seen DESC LIMIT {MaxRows}", AlertRow.Read, id);
        var named = c.Query(
            "SELECT e.alert_id, e.entity_key, e.entity_kind, e.entity FROM alerting_alert_entities e JOIN alerting_alerts a ON a.id = e.alert_id WHERE a.incident_id = @p0 LIMIT 5000",
            r => (Alert: r.GetInt64(0), Key: r.GetString(1), Entity: new Entity((EntityKind)r.GetInt32(2), r.GetString(3))), id);
        var counts = named.GroupBy(n => n.Key).ToDictionary(g => g.Key, g => g.Select(n => n.Alert).Distinct().Count());
        // What is outside (no asset) and came at the same time stands above what it reached.
        var entities = c.Query(
            $"""
            SELECT entity_key, entity_kind, entity, asset_id, asset_name, importance, first_seen, last_seen FROM alerting_incident_entities
            WHERE incident_id = @p0 ORDER BY first_seen, CASE WHEN asset_id IS NULL AND entity_kind = 2 THEN 0 WHEN asset_id IS NULL THEN 2 ELSE 1 END, entity LIMIT {MaxRows}
            """,
            r => (Key: r.GetString(0), Entity: new Entity((EntityKind)r.GetInt32(1), r.GetString(2)), AssetId: r.TextOrNull(3), AssetName: r.TextOrNull(4),
                Importance: (AssetImportance)r.GetInt32(5), First: r.Instant(6), Last: r.Instant(7)), id);
        var byTime = alerts.OrderBy(a => a.FirstSeen).ThenBy(a => a.Id).ToList();
        return new IncidentDetail
        {
            Summary = summary,
            Alerts = [.. alerts.Select(a => a.Summarise(now))],
            Entities = [.. entities.Select((e, lane) => new IncidentEntity(e.Entity, e.AssetId, e.AssetName, e.Importance, e.First, e.Last, counts.GetValueOrDefault(e.Key), lane))],
            Links = LinksOf(byTime, named, entities.Select((e, lane) => (e.Key, e.Entity, lane)).ToDictionary(e => e.Key, e => (e.Entity, e.lane))),
            Stages = [.. byTime.SelectMany(a => Attack.TacticsOf(a.Tags)).Distinct().OrderBy(Attack.OrderOf)],
            Techniques = [.. byTime.SelectMany(a => Attack.TechniquesOf(a.Tags)).Distinct()],
            Tasks = c.Query(SelectTasks + " ORDER BY id", ReadTask, id),
            Warning = summary.WarningId is { } warning ? WarningTable.Find(c, warning)?.Summary : null,
            Comments = WorkReader.Comments(c, id, MaxRows), Related = WorkReader.Related(c, id), HandOvers = WorkReader.HandOvers(c, id), RemovedEntities = WorkReader.Removed(c, id),
        };
    }

    public static IncidentTask ReadTask(DbDataReader r) => new(r.GetInt64(0), r.GetString(1), !r.IsDBNull(6), r.TextOrNull(2), r.GetString(3), r.Instant(4), r.TextOrNull(5), r.InstantOrNull(6)) { Version = r.GetInt32(7), DueAt = r.InstantOrNull(8) };

    /// <summary>An alert's arrow comes from the machine named with it that was hit first, else from where its user was last seen.</summary>
    private static List<IncidentLink> LinksOf(
        List<AlertRow> byTime, List<(long Alert, string Key, Entity Entity)> named, Dictionary<string, (Entity Entity, int Lane)> lanes)
    {
        var links = new List<IncidentLink>(byTime.Count);
        var lastHost = new Dictionary<string, string>();
        foreach (var alert in byTime)
        {
            var others = named.Where(n => n.Alert == alert.Id && n.Key != alert.EntityKey && lanes.ContainsKey(n.Key)).ToList();
            var machine = others.Where(o => o.Entity.Kind is EntityKind.Host or EntityKind.Address).OrderBy(o => lanes[o.Key].Lane).Select(o => o.Key).FirstOrDefault();
            var users = others.Where(o => o.Entity.Kind == EntityKind.User && EntityKeys.Ties(o.Entity)).Select(o => o.Key).ToList();
            machine ??= users.Select(u => lastHost.GetValueOrDefault(u)).FirstOrDefault(h => h is not null && h != alert.EntityKey);
            foreach (var user in users) lastHost[user] = alert.EntityKey;
            Entity? from = machine is not null && lanes.TryGetValue(machine, out var lane) ? lane.Entity : null;
            var to = lanes.TryGetValue(alert.EntityKey, out var own) ? own.Entity : alert.Entity;
            links.Add(new IncidentLink(from, to, alert.FirstSeen, alert.RuleTitle, alert.Id));
        }
        return links;
    }
}
