using Beacon.Alerting.Alerts;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Incidents;

internal sealed class IncidentService(AlertingDatabase database, TimeProvider time) : IIncidentService
{
    private const int MaxTasks = 500;

    public Task<IncidentPage> ListAsync(IncidentQuery query, CancellationToken cancellation = default) => database.ReadAsync(c => IncidentReader.List(c, query), cancellation);
    public Task<IncidentDetail?> FindAsync(long id, CancellationToken cancellation = default) => database.ReadAsync(c => IncidentReader.Find(c, id, time.GetUtcNow()), cancellation);

    public Task<IReadOnlyList<TimelineEntry>> TimelineAsync(long id, long afterSequence = 0, int limit = 500, CancellationToken cancellation = default) =>
        database.ReadAsync<IReadOnlyList<TimelineEntry>>(c => Timeline.Read(c, id, afterSequence, Math.Clamp(limit, 1, 1_000)), cancellation);

    public Task<ChainVerification> VerifyTimelineAsync(long id, CancellationToken cancellation = default) => database.ReadAsync(c => Timeline.Verify(c, id), cancellation);

    public Task<Outcome<IncidentSummary>> AssignAsync(long id, int version, string? owner, Actor actor, string reason = "", CancellationToken cancellation = default) =>
        ChangeAsync(id, version, "assign", actor, reason, (unit, incident) =>
        {
            var name = string.IsNullOrWhiteSpace(owner) ? null : Text.Cut(owner.Trim(), Actor.MaxNameLength);
            unit.Db.Execute("UPDATE alerting_incidents SET owner = @p1 WHERE id = @p0", id, name);
            return (name is null ? "gave it back to nobody" : name == actor.Name ? "took it over" : $"handed it to {name}") + (reason.Length > 0 ? ": " + reason : "");
        }, cancellation);

    public Task<Outcome<IncidentSummary>> SetStatusAsync(long id, int version, IncidentStatus status, Actor actor, string reason, CancellationToken cancellation = default) =>
        ChangeAsync(id, version, "status", actor, reason, (unit, incident) =>
        {
            if (!Enum.IsDefined(status) || status == incident.Status) throw RefusedException.Invalid($"{incident.Number} is at {incident.Status.ToString().ToLowerInvariant()} already, or there is no such status");
            if (status == IncidentStatus.Closed && string.IsNullOrWhiteSpace(reason)) throw RefusedException.Invalid("closing wants a reason");
            unit.Db.Execute("UPDATE alerting_incidents SET status = @p1, closed_at = @p2 WHERE id = @p0", id, status, status == IncidentStatus.Closed ? unit.Now : null);
            if (status == IncidentStatus.Closed) CloseAlerts(unit, id, actor, reason);
            return $"moved from {incident.Status.ToString().ToLowerInvariant()} to {status.ToString().ToLowerInvariant()}" + (reason.Length > 0 ? ": " + reason : "");
        }, cancellation);

    public Task<Outcome<IncidentSummary>> RenameAsync(long id, int version, string title, Actor actor, CancellationToken cancellation = default) =>
        ChangeAsync(id, version, "rename", actor, "", (unit, _) =>
        {
            var name = title.Trim();
            if (name.Length is 0 or > AlertTitle.MaxLength) throw RefusedException.Invalid($"a title has 1 to {AlertTitle.MaxLength} characters");
            unit.Db.Execute("UPDATE alerting_incidents SET title = @p1, named = 1 WHERE id = @p0", id, name);
            return "named it: " + name;
        }, cancellation);

    public Task<Outcome<TimelineEntry>> AddNoteAsync(long id, string text, Actor actor, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > Timeline.MaxText) throw RefusedException.Invalid($"a note has 1 to {Timeline.MaxText} characters");
        Existing(unit, id);
        var entry = Timeline.Append(unit, id, unit.Now, TimelineKind.Note, actor.Name, text.Trim(), "");
        unit.Record(actor, "incident.note", $"incident:{id}", "", entry.Hash);
        IncidentTable.Touch(unit, id);
        return entry;
    }, cancellation);

    public Task<Outcome<IncidentTask>> AddTaskAsync(long id, string text, string? assignee, Actor actor, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > 2_000) throw RefusedException.Invalid("a task has 1 to 2,000 characters");
        Existing(unit, id);
        if (unit.Db.Scalar<long>("SELECT count(*) FROM alerting_tasks WHERE incident_id = @p0", id) >= MaxTasks) throw RefusedException.Invalid($"an incident has at most {MaxTasks} tasks");
        var task = new IncidentTask(unit.Next("task"), text.Trim(), false, string.IsNullOrWhiteSpace(assignee) ? null : Text.Cut(assignee.Trim(), Actor.MaxNameLength), actor.Name, unit.Now, null, null);
        unit.Db.Execute("INSERT INTO alerting_tasks(id, incident_id, text, assignee, created_by, created_at, done_by, done_at) VALUES (@p0,@p1,@p2,@p3,@p4,@p5,NULL,NULL)",
            task.Id, id, task.Text, task.Assignee, task.CreatedBy, task.CreatedAt);
        Timeline.Append(unit, id, unit.Now, TimelineKind.Task, actor.Name, "added the task: " + task.Text, $"task:{task.Id}");
        unit.Record(actor, "incident.task", $"incident:{id}", "", task.Text);
        IncidentTable.Touch(unit, id);
        return task;
    }, cancellation);

    public Task<Outcome<IncidentTask>> CompleteTaskAsync(long id, long taskId, Actor actor, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        if (unit.Db.Execute("UPDATE alerting_tasks SET done_by = @p2, done_at = @p3 WHERE id = @p1 AND incident_id = @p0 AND done_at IS NULL", id, taskId, actor.Name, unit.Now) == 0)
            throw RefusedException.NotFound("there is no such open task");
        var task = unit.Db.Query(IncidentReader.SelectTasks + " AND id = @p1", IncidentReader.ReadTask, id, taskId)[0];
        Timeline.Append(unit, id, unit.Now, TimelineKind.Task, actor.Name, "did the task: " + task.Text, $"task:{taskId}");
        unit.Record(actor, "incident.task-done", $"incident:{id}", "", task.Text);
        IncidentTable.Touch(unit, id);
        return task;
    }, cancellation);

    private Task<Outcome<IncidentSummary>> ChangeAsync(long id, int version, string action, Actor actor, string reason, Func<AlertingTransaction, IncidentSummary, string> change, CancellationToken cancellation) => database.TryWriteAsync(unit =>
    {
        var incident = Existing(unit, id);
        if (incident.Version != version) throw RefusedException.Conflict($"{incident.Number} changed meanwhile: it is at version {incident.Version}, you saw {version}");
        var told = change(unit, incident);
        Timeline.Append(unit, id, unit.Now, TimelineKind.Incident, actor.Name, told, $"incident:{id}");
        IncidentTable.Touch(unit, id);
        var next = Existing(unit, id);
        unit.Record(actor, "incident." + action, $"incident:{id}", State(incident), State(next), Text.Cut(reason, 2_000));
        return next;
    }, cancellation);

    private static void CloseAlerts(AlertingTransaction unit, long id, Actor actor, string reason)
    {
        foreach (var alert in unit.Db.Query($"SELECT {AlertRow.Columns} FROM alerting_alerts WHERE incident_id = @p0 AND status <> 3", AlertRow.Read, id))
        {
            var before = alert.State;
            alert.Status = AlertStatus.Closed;
            if (alert.Disposition == Disposition.Undetermined) alert.Disposition = Disposition.TruePositive;
            AlertTable.Update(unit, alert);
            unit.Db.Execute(
                "INSERT INTO alerting_alert_operations(id, alert_id, action, actor, reason, at, before_state, undone) VALUES (@p0,@p1,'close',@p2,@p3,@p4,@p5,0)",
                unit.Next("alert-operation"), alert.Id, actor.Name, Text.Cut(reason, 2_000), unit.Now, System.Text.Json.JsonSerializer.Serialize(before, DocumentJson.Default.AlertState));
        }
    }

    private static IncidentSummary Existing(AlertingTransaction unit, long id) => IncidentTable.Find(unit.Db, id) ?? throw RefusedException.NotFound("there is no such incident");
    private static string State(IncidentSummary i) => $"{i.Status}, owner {i.Owner ?? "nobody"}, title {i.Title}";
}
