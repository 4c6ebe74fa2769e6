using System.Data.Common;
using System.Globalization;
using Beacon.Alerting.Incidents.Evidence;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Incidents.Observables;

internal sealed class ObservableBook(AlertingDatabase database, EvidenceFiles files) : IObservables
{
    /// <summary>Incidents looked at in one tick.</summary>
    private const int MaxIncidents = 20;
    private const int MaxTexts = 200;
    private const int MaxPerIncident = 5_000;

    private const string Select =
        "SELECT o.id, o.version, o.incident_id, i.number, o.kind, o.value, o.source, o.first_at, o.mark, o.marked_by, o.reason FROM alerting_observables o JOIN alerting_incidents i ON i.id = o.incident_id";

    public Task<IReadOnlyList<Observable>> ListAsync(long? incident, string? value, int limit = 200, CancellationToken cancellation = default)
    {
        var plain = string.IsNullOrWhiteSpace(value) ? null : Text.Cut(value.Trim(), 500);
        var values = plain is null ? [] : ObservableExtractor.Find(plain).Select(f => f.Value).Append(plain).Append(plain.ToLowerInvariant()).Distinct().Take(4).ToList();
        while (values.Count < 4) values.Add("");
        return database.ReadAsync<IReadOnlyList<Observable>>(c => c.Query(
            $"""
            {Select} WHERE (CAST(@p0 AS BIGINT) IS NULL OR o.incident_id = @p0) AND (@p1 = 0 OR o.value IN (@p2, @p3, @p4, @p5)) ORDER BY o.first_at DESC, o.id DESC LIMIT @p6
            """, Read, incident, plain is null ? 0 : 1, values[0], values[1], values[2], values[3], Math.Clamp(limit, 1, 500)), cancellation);
    }

    public Task<Outcome<Observable>> MarkAsync(long id, int version, ObservableMark mark, Actor actor, string reason, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        var known = Find(unit, id) ?? throw RefusedException.NotFound("there is no such observable");
        if (!Enum.IsDefined(mark)) throw RefusedException.Invalid("there is no such mark");
        if (string.IsNullOrWhiteSpace(reason)) throw RefusedException.Invalid("a reason is wanted");
        if (known.Version != version) throw RefusedException.Conflict($"it changed meanwhile: {known.MarkedBy} marked it {Names.Lower(known.Mark)}, you want {Names.Lower(mark)}");
        IncidentTable.Writable(unit, known.IncidentId);
        var why = Text.Cut(reason.Trim(), 2_000);
        unit.Db.Execute("UPDATE alerting_observables SET mark = @p1, marked_by = @p2, reason = @p3, version = version + 1 WHERE id = @p0", id, mark, actor.Name, why);
        Timeline.Append(unit, known.IncidentId, unit.Now, TimelineKind.Incident, actor.Name, $"marked {known.Value} as {mark.ToString().ToLowerInvariant()}: {why}", $"observable:{id}");
        unit.Record(actor, "incident.observable", $"incident:{known.IncidentId}", known.Mark.ToString(), mark.ToString(), why);
        IncidentTable.Touch(unit, known.IncidentId);
        return Find(unit, id)!;
    }, cancellation);

    /// <summary>Reads what incidents gained since; the rest of a long one waits for the next tick.</summary>
    internal async Task TickAsync(CancellationToken cancellation)
    {
        var changed = await database.ReadAsync(c => c.Query(
            """
            SELECT i.id, i.version, coalesce(p.sequence, 0), coalesce(p.evidence, 0), coalesce(p.alerts, 0) FROM alerting_incidents i LEFT JOIN alerting_observable_progress p ON p.incident_id = i.id
            WHERE p.version IS NULL OR p.version <> i.version ORDER BY i.updated_at LIMIT @p0
            """, r => (Id: r.GetInt64(0), Version: r.GetInt32(1), Sequence: r.GetInt64(2), Evidence: r.GetInt64(3), Alerts: r.GetInt64(4)), MaxIncidents), cancellation).ConfigureAwait(false);
        foreach (var (id, version, sequence, evidence, alerts) in changed)
        {
            var (texts, next) = await database.ReadAsync(c => Texts(c, id, sequence, evidence, alerts), cancellation).ConfigureAwait(false);
            var found = texts.SelectMany(t => ObservableExtractor.Find(t.Text).Select(f => (f.Kind, f.Value, t.Source, t.At))).DistinctBy(f => (f.Kind, f.Value)).ToList();
            await database.WriteAsync(unit => Write(unit, id, texts.Count < MaxTexts ? version : -1, next, found), cancellation).ConfigureAwait(false);
        }
    }

    private (List<(string Text, string Source, DateTimeOffset At)> Texts, (long Sequence, long Evidence, long Alerts) Next) Texts(DbConnection c, long id, long sequence, long evidence, long alerts)
    {
        var entries = Timeline.Read(c, id, sequence, MaxTexts);
        var texts = entries.Where(e => e.Kind is TimelineKind.Alert or TimelineKind.Note or TimelineKind.Comment or TimelineKind.Task)
            .Select(e => (e.Text, string.Create(CultureInfo.InvariantCulture, $"timeline:{e.Sequence}"), e.Time)).ToList();
        var items = c.Query(EvidenceTable.Select + " WHERE incident_id = @p0 AND id > @p1 ORDER BY id LIMIT 20", EvidenceTable.Read, id, evidence);
        texts.AddRange(items.Where(i => i.RemovedAt is null).Select(i => (Start(i), $"evidence:{i.Id}", i.AddedAt)));
        // What stands with an alert is JSON, in which a backslash is written twice.
        var rows = c.Query(
            "SELECT a.id, e.detection, a.first_seen, a.updated_at FROM alerting_evidence e JOIN alerting_alerts a ON a.id = e.alert_id WHERE a.incident_id = @p0 AND a.updated_at > @p1 ORDER BY a.updated_at, a.id LIMIT @p2",
            r => (Alert: r.GetInt64(0), Text: r.GetString(1), At: r.Instant(2), Updated: r.GetInt64(3)), id, alerts, MaxTexts);
        texts.AddRange(rows.Select(r => (r.Text.Replace(@"\\\\", @"\", StringComparison.Ordinal).Replace(@"\\", @"\", StringComparison.Ordinal), $"alert:{r.Alert}", r.At)));
        return (texts, (entries.Count > 0 ? entries[^1].Sequence : sequence, items.Count > 0 ? items[^1].Id : evidence, rows.Count > 0 ? rows[^1].Updated : alerts));
    }

    private string Start(EvidenceItem item)
    {
        try
        {
            using var file = files.Open(item.Sha256);
            var buffer = new byte[ObservableExtractor.MaxText];
            var read = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            // A zero byte: no text.
            return buffer.AsSpan(0, read).Contains((byte)0) ? "" : System.Text.Encoding.UTF8.GetString(buffer, 0, read);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException or ArgumentException or RefusedException)
        {
            // ./run verify tells of it.
            return "";
        }
    }

    private static int Write(AlertingTransaction unit, long id, int version, (long Sequence, long Evidence, long Alerts) next, List<(ObservableKind Kind, string Value, string Source, DateTimeOffset At)> found)
    {
        var room = MaxPerIncident - unit.Db.Scalar<long>("SELECT count(*) FROM alerting_observables WHERE incident_id = @p0", id);
        foreach (var (kind, value, source, at) in found.Take((int)Math.Max(0, room)))
            unit.Db.Execute(
                "INSERT INTO alerting_observables(id, version, incident_id, kind, value, source, first_at, mark, marked_by, reason) VALUES (@p0,1,@p1,@p2,@p3,@p4,@p5,0,NULL,'') ON CONFLICT(incident_id, kind, value) DO NOTHING",
                unit.Next("observable"), id, kind, value, source, at);
        unit.Db.Execute(
            """
            INSERT INTO alerting_observable_progress(incident_id, version, sequence, evidence, alerts) VALUES (@p0,@p1,@p2,@p3,@p4)
            ON CONFLICT(incident_id) DO UPDATE SET version = @p1, sequence = @p2, evidence = @p3, alerts = @p4
            """, id, version, next.Sequence, next.Evidence, next.Alerts);
        return found.Count;
    }

    private static Observable? Find(AlertingTransaction unit, long id) => unit.Db.Query(Select + " WHERE o.id = @p0", Read, id).FirstOrDefault();

    private static Observable Read(DbDataReader r) => new(
        r.GetInt64(0), r.GetInt32(1), r.GetInt64(2), r.GetString(3), (ObservableKind)r.GetInt32(4), r.GetString(5), r.GetString(6), r.Instant(7), (ObservableMark)r.GetInt32(8), r.TextOrNull(9), r.GetString(10));
}
