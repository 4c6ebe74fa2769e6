using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Beacon.Alerting.Alerts;
using Beacon.Alerting.Changes;
using Beacon.Alerting.Clocks;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Storage;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Desks;

internal sealed class ShiftNotes(AlertingDatabase database, IAlertService alerts, IIncidentService incidents, IWarningService warnings, IClockService clocks, TimeProvider time) : IShiftNotes
{
    /// <summary>A shelved alert is told of where it comes back before the next shift ends.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromHours(12);

    private const string Select = "SELECT id, author, note, lines, at FROM alerting_shift_notes";

    public async Task<ShiftNote> DraftAsync(Actor actor, CancellationToken cancellation = default)
    {
        var (open, lines) = await GatherAsync(cancellation).ConfigureAwait(false);
        return new ShiftNote(0, 0, actor.Name, "", time.GetUtcNow(), open, lines, []);
    }

    public Task<IReadOnlyList<ShiftNote>> ListAsync(int limit = 20, CancellationToken cancellation = default) => database.ReadAsync<IReadOnlyList<ShiftNote>>(c =>
        [.. c.Query(Select + " ORDER BY id DESC LIMIT @p0", Map, Math.Clamp(limit, 1, 100)).Select(n => With(n, c.Query(Reads, Read, n.Id)))], cancellation);

    public Task<ShiftNote?> FindAsync(long id, CancellationToken cancellation = default) => database.ReadAsync(c =>
        c.Query(Select + " WHERE id = @p0", Map, id).FirstOrDefault() is { } note ? With(note, c.Query(Reads, Read, id)) : null, cancellation);

    public async Task<Outcome<ShiftNote>> WriteAsync(string note, Actor actor, CancellationToken cancellation = default)
    {
        var text = note?.Trim() ?? "";
        if (text.Length is 0 or > IShiftNotes.MaxNoteLength) return new Refusal(RefusalKind.Invalid, $"a hand-over has 1 to {IShiftNotes.MaxNoteLength} characters");
        var (open, lines) = await GatherAsync(cancellation).ConfigureAwait(false);
        return await database.TryWriteAsync(unit =>
        {
            var written = new ShiftNote(unit.Next("shift-note"), 1, actor.Name, text, unit.Now, open, lines, []);
            unit.Db.Execute("INSERT INTO alerting_shift_notes(id, author, note, lines, at) VALUES (@p0,@p1,@p2,@p3,@p4)",
                written.Id, written.Author, written.Note, JsonSerializer.Serialize(new ShiftLines(open, lines), DeskJson.Default.ShiftLines), written.At);
            unit.Record(actor, "shift.write", $"shift:{written.Id}", "", "", text);
            Tell(unit, written.Id);
            return written;
        }, cancellation).ConfigureAwait(false);
    }

    public Task<Outcome<ShiftNote>> ReadAsync(long id, Actor actor, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        var note = Find(unit.Db, id) ?? throw RefusedException.NotFound("there is no such hand-over");
        if (note.Author == actor.Name || note.Reads.Any(r => r.Account == actor.Name)) return note;
        unit.Db.Execute("INSERT INTO alerting_shift_reads(note_id, account, at) VALUES (@p0,@p1,@p2)", id, actor.Name, unit.Now);
        unit.Record(actor, "shift.read", $"shift:{id}");
        Tell(unit, id);
        return Find(unit.Db, id)!;
    }, cancellation);

    private async Task<(long Open, IReadOnlyList<ShiftLine> Lines)> GatherAsync(CancellationToken cancellation)
    {
        const int most = IShiftNotes.MaxLines;
        var open = await alerts.ListAsync(new AlertQuery { Limit = most }, cancellation).ConfigureAwait(false);
        var shelved = await alerts.ListAsync(new AlertQuery { Shelved = true, Limit = most }, cancellation).ConfigureAwait(false);
        var cases = await incidents.ListAsync(new IncidentQuery { Limit = most }, cancellation).ConfigureAwait(false);
        var standing = await warnings.ListAsync(new WarningQuery { Limit = most }, cancellation).ConfigureAwait(false);
        var due = await clocks.ListAsync(null, cancellation).ConfigureAwait(false);
        var back = time.GetUtcNow() + Ahead;
        return (open.Total,
        [
            .. standing.Select(w => new ShiftLine(ShiftLineKind.Warning, w.Id, w.Number, w.Title, w.Issuer, w.Level.ToString())),
            .. cases.Items.Select(i => new ShiftLine(ShiftLineKind.Incident, i.Id, i.Number, i.Title, i.Owner, i.Status.ToString())),
            .. due.Where(d => d.State == ClockState.Running).Take(most).Select(d => new ShiftLine(ShiftLineKind.Report, d.IncidentId, d.IncidentNumber, $"{d.ReportName}, {d.RegimeName}", null, d.State.ToString(), d.DueAt)),
            .. open.Items.Select(a => new ShiftLine(ShiftLineKind.Alert, a.Id, a.Number, a.Title, a.Owner, a.Status.ToString())),
            .. shelved.Items.Where(a => a.ShelvedUntil <= back).Select(a => new ShiftLine(ShiftLineKind.Shelved, a.Id, a.Number, a.Title, a.Owner, a.Status.ToString(), a.ShelvedUntil)),
        ]);
    }

    private const string Reads = "SELECT account, at FROM alerting_shift_reads WHERE note_id = @p0 ORDER BY at LIMIT 200";

    private static ShiftNote? Find(DbTransaction t, long id) => t.Query(Select + " WHERE id = @p0", Map, id).FirstOrDefault() is { } note ? With(note, t.Query(Reads, Read, id)) : null;

    private static void Tell(AlertingTransaction unit, long id) =>
        unit.Changed(ChangeKind.Shift, id.ToString(CultureInfo.InvariantCulture), () => Summary(Find(unit.Db, id)), n => n.Version, DeskJson.Default.ShiftNote);

    // The feed's payload is bounded: the lines are read with the note itself.
    private static ShiftNote? Summary(ShiftNote? note) => note is null ? null : note with { Note = Text.Cut(note.Note, 500), Lines = [] };

    private static ShiftNote With(ShiftNote note, List<ShiftRead> reads) => note with { Version = 1 + reads.Count, Reads = reads };

    private static ShiftRead Read(DbDataReader r) => new(r.GetString(0), r.Instant(1));

    private static ShiftNote Map(DbDataReader r)
    {
        var lines = JsonSerializer.Deserialize(r.GetString(3), DeskJson.Default.ShiftLines)!;
        return new ShiftNote(r.GetInt64(0), 1, r.GetString(1), r.GetString(2), r.Instant(4), lines.OpenAlerts, lines.Lines, []);
    }
}

internal sealed record ShiftLines(long OpenAlerts, IReadOnlyList<ShiftLine> Lines);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ShiftNote))]
[JsonSerializable(typeof(ShiftLines))]
internal sealed partial class DeskJson : JsonSerializerContext;
