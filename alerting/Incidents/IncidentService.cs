using Beacon.Alerting.Storage;

namespace Beacon.Alerting.Incidents;

internal sealed class IncidentService(AlertingDatabase database, IncidentEditor editor, TimeProvider time) : IIncidentService
{
    public Task<IncidentPage> ListAsync(IncidentQuery query, CancellationToken cancellation = default) => database.ReadAsync(c => IncidentLister.List(c, query), cancellation);
    public Task<IncidentDetail?> FindAsync(long id, CancellationToken cancellation = default) => database.ReadAsync(c => IncidentReader.Find(c, id, time.GetUtcNow()), cancellation);

    public Task<IReadOnlyList<TimelineEntry>> TimelineAsync(long id, long afterSequence = 0, int limit = 500, CancellationToken cancellation = default) =>
        database.ReadAsync<IReadOnlyList<TimelineEntry>>(c => Timeline.Read(c, id, afterSequence, Math.Clamp(limit, 1, 1_000)), cancellation);

    public Task<ChainVerification> VerifyTimelineAsync(long id, CancellationToken cancellation = default) => database.ReadAsync(c => Timeline.Verify(c, id), cancellation);

    public Task<Outcome<IncidentSummary>> EditAsync(long id, int version, IncidentEdit edit, Actor actor, string reason = "", CancellationToken cancellation = default) =>
        database.TryWriteAsync(unit => editor.Apply(unit, id, version, edit, actor, Text.Cut(reason.Trim(), 2_000)), cancellation);

    public Task<Outcome<IncidentSummary>> AssignAsync(long id, int version, string? owner, Actor actor, string reason = "", CancellationToken cancellation = default) =>
        EditAsync(id, version, new IncidentEdit { Owner = owner ?? "" }, actor, reason, cancellation);

    public Task<Outcome<IncidentSummary>> SetStatusAsync(long id, int version, IncidentStatus status, Actor actor, string reason, CancellationToken cancellation = default) =>
        EditAsync(id, version, new IncidentEdit { Status = status }, actor, reason, cancellation);

    public Task<Outcome<IncidentSummary>> RenameAsync(long id, int version, string title, Actor actor, CancellationToken cancellation = default) =>
        EditAsync(id, version, new IncidentEdit { Title = title }, actor, "", cancellation);

    public Task<Outcome<TimelineEntry>> AddNoteAsync(long id, string text, Actor actor, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > Timeline.MaxText) throw RefusedException.Invalid($"a note has 1 to {Timeline.MaxText} characters");
        IncidentTable.Writable(unit, id);
        var entry = Timeline.Append(unit, id, unit.Now, TimelineKind.Note, actor.Name, text.Trim(), "");
        unit.Record(actor, "incident.note", $"incident:{id}", "", entry.Hash);
        IncidentTable.Touch(unit, id);
        return entry;
    }, cancellation);

    public Task<Outcome<IncidentTask>> AddTaskAsync(long id, string text, string? assignee, Actor actor, DateTimeOffset? due = null, CancellationToken cancellation = default) =>
        database.TryWriteAsync(unit => Work.IncidentTasks.Add(unit, id, text, assignee, due, actor), cancellation);

    public Task<Outcome<IncidentTask>> CompleteTaskAsync(long id, long taskId, Actor actor, CancellationToken cancellation = default) =>
        database.TryWriteAsync(unit => Work.IncidentTasks.Complete(unit, id, taskId, actor), cancellation);
}
