using System.Data.Common;
using System.Text;
using System.Text.Json;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Alerts;

/// <summary>What a batch adds to one alert, bounded: the first detection ever, the newest ones, up to 64 entities.</summary>
internal sealed class AlertGroup(AlertRow row, bool isNew, EntityKeys keys, int keep)
{
    /// <summary>Entities kept per alert.</summary>
    public const int MaxEntities = 64;

    private readonly Queue<(long Ordinal, Detection Detection)> _newest = new();
    private Detection? _first;
    private bool _listed;

    public AlertRow Row => row;
    public bool IsNew => isNew;
    public bool SeverityRose { get; private set; }

    /// <summary>Entities that this batch names, by key, with the last time of each.</summary>
    public Dictionary<string, (Entity Entity, DateTimeOffset Seen)> Entities { get; } = [];

    /// <summary>True the first time.</summary>
    public bool List()
    {
        if (_listed) return false;
        return _listed = true;
    }

    public bool Spans(DateTimeOffset instant, TimeSpan window) => instant >= row.FirstSeen - window && instant <= row.LastSeen + window;

    public void Add(Detection d)
    {
        row.Count++;
        if (d.Time < row.FirstSeen) row.FirstSeen = d.Time;
        if (d.Time > row.LastSeen) row.LastSeen = d.Time;
        if (d.Received > row.LastReceived) row.LastReceived = d.Received;
        if (d.Severity > row.Severity)
        {
            row.Severity = d.Severity;
            SeverityRose = true;
        }
        // The newest sentence has the newest numbers in it.
        if (d.Summary.Length > 0 && row.Entity != AlertIntake.Many) row.Title = AlertTitle.Of(d, keys);
        if (row.Count == 1) _first = d;
        else
        {
            _newest.Enqueue((row.Count, d));
            if (_newest.Count > keep) _newest.Dequeue();
        }
        Name(d.Entity, d.Time);
        for (var i = 0; i < d.Related.Count && i < MaxEntities; i++) Name(d.Related[i], d.Time);
    }

    /// <returns>True where the alert did not know one of them before.</returns>
    public bool WriteEntities(AlertingTransaction unit)
    {
        var known = isNew ? [] : unit.Db.Query("SELECT entity_key FROM alerting_alert_entities WHERE alert_id = @p0", r => r.GetString(0), row.Id).ToHashSet();
        var novel = false;
        foreach (var (key, (entity, seen)) in Entities)
        {
            if (known.Add(key))
            {
                if (known.Count > MaxEntities) continue;
                novel = true;
            }
            unit.Db.Execute(
                """
                INSERT INTO alerting_alert_entities(alert_id, entity_key, entity_kind, entity, last_seen) VALUES (@p0,@p1,@p2,@p3,@p4)
                ON CONFLICT(alert_id, entity_key) DO UPDATE SET last_seen = excluded.last_seen
                """, row.Id, key, entity.Kind, entity.Value, seen);
        }
        return novel;
    }

    public void WriteEvidence(AlertingTransaction unit)
    {
        if (_first is not null) Insert(unit.Db, 1, _first);
        if (_newest.Count == 0) return;
        unit.Db.Execute("DELETE FROM alerting_evidence WHERE alert_id = @p0 AND ordinal > 1 AND ordinal <= @p1", row.Id, row.Count - keep);
        foreach (var (ordinal, detection) in _newest) Insert(unit.Db, ordinal, detection);
    }

    private void Insert(DbTransaction t, long ordinal, Detection d)
    {
        var json = d.Event is null ? null : EcsJson.ToText(d.Event);
        if (json is not null && Encoding.UTF8.GetByteCount(json) > AlertEvidence.MaxEventBytes) json = null;
        var evidence = new AlertEvidence(
            Text.Cut(d.Id.Value, 300), d.Time, d.Received, d.Severity, Text.Cut(d.Summary, 1_000), d.Entity, [.. d.Related.Take(MaxEntities)],
            d.Event?.Id.ToString(), json,
            [.. d.Matched.Take(50).Select(m => m with { Value = Text.Cut(m.Value, MatchedField.MaxValueLength) })],
            d.Facts.Take(50).ToDictionary(f => Text.Cut(f.Key, 100), f => Text.Cut(f.Value, 1_000)))
        {
            Chart = d.Chart is { } chart ? DetectionChart.Of(Text.Cut(chart.Measure, 200), chart.Interval, [.. chart.Points.Where(static p => double.IsFinite(p.Seen) && (p.Expected is not { } e || double.IsFinite(e)))]) : null,
        };
        t.Execute("INSERT INTO alerting_evidence(alert_id, ordinal, detection, event_id) VALUES (@p0,@p1,@p2,@p3)",
            row.Id, ordinal, JsonSerializer.Serialize(evidence, AlertingJson.Default.AlertEvidence), evidence.EventId);
    }

    private void Name(Entity entity, DateTimeOffset seen)
    {
        if (entity.Value.Length == 0 || entity.Kind is EntityKind.Other) return;
        var key = keys.KeyOf(entity);
        if (Entities.TryGetValue(key, out var known))
        {
            // The name that people say (a host's) stands before its address.
            var better = entity.Kind == EntityKind.Host && known.Entity.Kind == EntityKind.Address ? entity : known.Entity;
            Entities[key] = (better, seen > known.Seen ? seen : known.Seen);
        }
        else if (Entities.Count < MaxEntities) Entities[key] = (entity, seen);
    }
}
