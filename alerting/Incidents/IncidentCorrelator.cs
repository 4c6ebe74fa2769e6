using Beacon.Alerting.Alerts;
using Beacon.Alerting.Clocks;
using Beacon.Alerting.Storage;
using Beacon.Alerting.Warnings;
using Beacon.Events;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Incidents;

/// <summary>
/// Decides which alerts form one incident: those that share a host, user or address within a window, unless that entity is so
/// common that it says nothing. docs/decisions/0302-joining-incidents.md has the reasons.
/// </summary>
internal sealed class IncidentCorrelator(EntityKeys keys, ClockDesk clocks, IOptions<AlertingOptions> options, AlertingMetrics metrics)
{
    /// <summary>Earlier alerts that a new incident takes with it.</summary>
    private const int MaxPulled = 50;

    // Only ever filled and emptied inside one write transaction, of which there is one at a time.
    private readonly HashSet<long> _touched = [];

    /// <summary>Joins or opens an incident where the alert gives cause; sets the alert's incident, its caller writes it.</summary>
    public void Consider(AlertingTransaction unit, AlertRow alert, IReadOnlyDictionary<string, (Entity Entity, DateTimeOffset Seen)> entities, bool rose)
    {
        if (alert.IncidentId is { } joined)
        {
            Extend(unit, joined, alert, entities);
            if (rose) Timeline.Append(unit, joined, alert.LastSeen, TimelineKind.Alert, Actor.SystemName, $"{alert.Number} rose to {alert.Severity.ToString().ToLowerInvariant()}: {alert.Title}", Reference(alert));
            return;
        }
        if (alert.Status == AlertStatus.Closed || alert.ShelvedUntil > unit.Now || alert.Severity < Severity.Medium) return;
        var tying = Tying(unit, alert, entities.Where(e => EntityKeys.Ties(e.Value.Entity)).Select(e => e.Key));
        if (Candidate(unit, alert, tying) is { } incident)
        {
            Join(unit, incident.Id, incident.Number, alert, entities, $"shares {string.Join(", ", incident.Shared.Take(3))}");
            return;
        }
        if (alert.Severity >= Severity.High || IsEarly(alert))
        {
            Open(unit, alert, entities, Pull(unit, alert, tying));
            return;
        }
        var others = Pull(unit, alert, tying).Where(o => o.RuleId != alert.RuleId).ToList();
        var stages = Attack.TacticsOf(alert.Tags).Concat(others.SelectMany(o => Attack.TacticsOf(o.Tags))).Distinct().Count();
        if (others.Count > 0 && stages >= 2) Open(unit, alert, entities, others);
    }

    /// <summary>The first stages of an attack on what matters: to wait for more is to warn too late.</summary>
    private bool IsEarly(AlertRow alert) => options.Value.Warnings.Early && alert.Importance >= AssetImportance.Important && Attack.TacticsOf(alert.Tags).Any(StageBook.IsFirst);

    /// <summary>What a person's escalation asks for: joins what shares an entity, else opens.</summary>
    public void Escalate(AlertingTransaction unit, AlertRow alert)
    {
        if (alert.IncidentId is not null) return;
        var entities = EntitiesOf(unit, alert.Id);
        var tying = Tying(unit, alert, entities.Where(e => EntityKeys.Ties(e.Value.Entity)).Select(e => e.Key));
        if (Candidate(unit, alert, tying) is { } incident) Join(unit, incident.Id, incident.Number, alert, entities, $"shares {string.Join(", ", incident.Shared.Take(3))}");
        else Open(unit, alert, entities, []);
    }

    /// <summary>Brings titles, counts and warnings of the incidents touched up to date, once per transaction.</summary>
    public void Settle(AlertingTransaction unit, WarningDesk warnings)
    {
        var touched = _touched.ToArray();
        _touched.Clear();
        foreach (var id in touched)
        {
            Refresh(unit, id);
            warnings.Grade(unit, id);
            clocks.Consider(unit, id);
            IncidentTable.Touch(unit, id);
        }
    }

    public void Touched(long incidentId) => _touched.Add(incidentId);

    /// <summary>Forgets what a rolled-back transaction touched.</summary>
    public void Begin() => _touched.Clear();

    private List<string> Tying(AlertingTransaction unit, AlertRow alert, IEnumerable<string> candidates)
    {
        var settings = options.Value;
        var kept = new List<string>();
        foreach (var key in candidates)
        {
            var named = unit.Db.Scalar<long>(
                "SELECT count(*) FROM (SELECT 1 FROM alerting_alert_entities WHERE entity_key = @p0 AND last_seen >= @p1 LIMIT @p2) AS named",
                key, alert.LastSeen - settings.IncidentWindow, settings.HubAlerts + 1);
            if (named > settings.HubAlerts) continue;
            var incidents = unit.Db.Scalar<long>(
                "SELECT count(*) FROM alerting_incident_entities e JOIN alerting_incidents i ON i.id = e.incident_id WHERE e.entity_key = @p0 AND i.status <> 3", key);
            if (incidents < settings.HubIncidents) kept.Add(key);
        }
        return kept;
    }

    private (long Id, string Number, List<string> Shared)? Candidate(AlertingTransaction unit, AlertRow alert, List<string> tying)
    {
        var settings = options.Value;
        var found = new Dictionary<long, (string Number, DateTimeOffset Active, List<string> Shared)>();
        foreach (var key in tying)
        {
            var rows = unit.Db.Query(
                """
                SELECT i.id, i.number, i.active_at, e.entity FROM alerting_incident_entities e JOIN alerting_incidents i ON i.id = e.incident_id
                WHERE e.entity_key = @p0 AND i.status <> 3 AND i.active_at >= @p1 AND i.started_at <= @p2 AND i.alerts < @p3
                ORDER BY i.active_at DESC LIMIT 20
                """, r => (Id: r.GetInt64(0), Number: r.GetString(1), Active: r.Instant(2), Name: r.GetString(3)),
                key, alert.FirstSeen - settings.IncidentWindow, alert.LastSeen + settings.IncidentWindow, settings.AlertsPerIncident);
            foreach (var (id, number, active, name) in rows)
            {
                if (!found.TryGetValue(id, out var known)) found[id] = known = (number, active, []);
                known.Shared.Add(name);
            }
        }
        if (found.Count == 0) return null;
        var best = found.OrderByDescending(f => f.Value.Shared.Count).ThenByDescending(f => f.Value.Active).First();
        return (best.Key, best.Value.Number, best.Value.Shared);
    }

    private List<AlertRow> Pull(AlertingTransaction unit, AlertRow alert, List<string> tying)
    {
        var pulled = new Dictionary<long, AlertRow>();
        foreach (var key in tying)
        {
            var rows = unit.Db.Query(
                $"""
                SELECT {AlertRow.Columns} FROM alerting_alerts WHERE incident_id IS NULL AND status <> 3 AND severity >= 2 AND shelved_until IS NULL AND id <> @p0 AND id IN
                  (SELECT alert_id FROM alerting_alert_entities WHERE entity_key = @p1 AND last_seen >= @p2 AND last_seen <= @p3 ORDER BY last_seen DESC LIMIT 50)
                """, AlertRow.Read, alert.Id, key, alert.FirstSeen - options.Value.IncidentWindow, alert.LastSeen + options.Value.IncidentWindow);
            foreach (var row in rows) if (pulled.Count < MaxPulled) pulled.TryAdd(row.Id, row);
        }
        return [.. pulled.Values.OrderBy(a => a.FirstSeen)];
    }

    /// <summary>Opens an incident; the caller writes <paramref name="alert"/>.</summary>
    internal long Open(AlertingTransaction unit, AlertRow alert, IReadOnlyDictionary<string, (Entity Entity, DateTimeOffset Seen)> entities, List<AlertRow> others)
    {
        var id = unit.Next("incident");
        var number = unit.NextNumber("INC");
        unit.Db.Execute(
            """
            INSERT INTO alerting_incidents(id, version, number, title, named, severity, status, owner, started_at, opened_at, updated_at, closed_at, active_at, alerts, warning_id)
            VALUES (@p0, 0, @p1, @p2, 0, @p3, 0, NULL, @p4, @p5, @p5, NULL, @p6, 0, NULL)
            """, id, number, alert.Title, alert.Severity, alert.FirstSeen, unit.Now, alert.LastSeen);
        metrics.IncidentOpened();
        Timeline.Append(unit, id, unit.Now, TimelineKind.Incident, Actor.SystemName, $"{number} opened because of {alert.Number}, severity {alert.Severity.ToString().ToLowerInvariant()}", $"incident:{id}");
        foreach (var other in others)
        {
            Join(unit, id, number, other, EntitiesOf(unit, other.Id), "came before");
            AlertTable.Update(unit, other);
        }
        Join(unit, id, number, alert, entities, "");
        return id;
    }

    private void Join(AlertingTransaction unit, long id, string number, AlertRow alert, IReadOnlyDictionary<string, (Entity Entity, DateTimeOffset Seen)> entities, string why)
    {
        alert.IncidentId = id;
        alert.IncidentNumber = number;
        unit.Db.Execute("UPDATE alerting_incidents SET alerts = alerts + 1 WHERE id = @p0", id);
        Extend(unit, id, alert, entities);
        var tail = why.Length == 0 ? "" : $" ({alert.Number} {why})";
        Timeline.Append(unit, id, alert.FirstSeen, TimelineKind.Alert, Actor.SystemName, alert.Title + tail, Reference(alert));
    }

    private void Extend(AlertingTransaction unit, long id, AlertRow alert, IReadOnlyDictionary<string, (Entity Entity, DateTimeOffset Seen)> entities)
    {
        _touched.Add(id);
        unit.Db.Execute(
            """
            UPDATE alerting_incidents SET active_at = CASE WHEN active_at < @p1 THEN @p1 ELSE active_at END,
              started_at = CASE WHEN started_at > @p2 THEN @p2 ELSE started_at END, severity = CASE WHEN severity < @p3 AND severity_floor < @p3 THEN @p3 ELSE severity END WHERE id = @p0
            """, id, alert.LastSeen, alert.FirstSeen, alert.Severity);
        foreach (var (key, (entity, seen)) in entities)
        {
            if (!EntityKeys.Ties(entity)) continue;
            var asset = keys.AssetOf(entity);
            unit.Db.Execute(
                """
                INSERT INTO alerting_incident_entities(incident_id, entity_key, entity_kind, entity, asset_id, asset_name, importance, first_seen, last_seen)
                SELECT @p0,@p1,@p2,@p3,@p4,@p5,@p6,@p7,@p8 WHERE (SELECT count(*) FROM alerting_incident_entities WHERE incident_id = @p0) < 500
                  AND NOT EXISTS (SELECT 1 FROM alerting_removed_entities WHERE incident_id = @p0 AND entity_key = @p1)
                ON CONFLICT(incident_id, entity_key) DO UPDATE SET last_seen = CASE WHEN alerting_incident_entities.last_seen < excluded.last_seen THEN excluded.last_seen ELSE alerting_incident_entities.last_seen END,
                  first_seen = CASE WHEN alerting_incident_entities.first_seen > excluded.first_seen THEN excluded.first_seen ELSE alerting_incident_entities.first_seen END
                """, id, key, entity.Kind, entity.Value, asset?.Id, asset?.Name, asset?.Importance ?? AssetImportance.General, alert.FirstSeen < seen ? alert.FirstSeen : seen, seen);
        }
    }

    /// <summary>The title follows the gravest alert furthest in the attack, until a person names the incident.</summary>
    private static void Refresh(AlertingTransaction unit, long id)
    {
        var rows = unit.Db.Query($"SELECT {AlertRow.Columns} FROM alerting_alerts WHERE incident_id = @p0 ORDER BY severity DESC, last_seen DESC LIMIT 50", AlertRow.Read, id);
        if (rows.Count == 0) return;
        var lead = rows.Where(r => r.Severity == rows[0].Severity)
            .OrderByDescending(r => Attack.TacticsOf(r.Tags).Select(Attack.OrderOf).DefaultIfEmpty(-1).Max()).ThenBy(r => r.FirstSeen).First();
        unit.Db.Execute("UPDATE alerting_incidents SET title = @p1 WHERE id = @p0 AND named = 0", id, lead.Title);
    }

    internal static Dictionary<string, (Entity Entity, DateTimeOffset Seen)> EntitiesOf(AlertingTransaction unit, long alertId) => unit.Db.Query(
        "SELECT entity_key, entity_kind, entity, last_seen FROM alerting_alert_entities WHERE alert_id = @p0",
        r => (Key: r.GetString(0), Entity: new Entity((EntityKind)r.GetInt32(1), r.GetString(2)), Seen: r.Instant(3)), alertId)
        .ToDictionary(r => r.Key, r => (r.Entity, r.Seen));

    private static string Reference(AlertRow alert) => $"alert:{alert.Id}";
}
