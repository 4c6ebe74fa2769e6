using Beacon.Alerting.Clocks;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Incidents.Work;

/// <summary>Tasks of an incident.</summary>
internal static class IncidentTasks
{
    private const int MaxTasks = 500;
    private const int MaxText = 2_000;

    public static IncidentTask Add(AlertingTransaction unit, long id, string text, string? assignee, DateTimeOffset? due, Actor actor)
    {
        CheckText(text);
        IncidentTable.Writable(unit, id);
        if (unit.Db.Scalar<long>("SELECT count(*) FROM alerting_tasks WHERE incident_id = @p0", id) >= MaxTasks) throw RefusedException.Invalid($"an incident has at most {MaxTasks} tasks");
        var task = new IncidentTask(unit.Next("task"), text.Trim(), false, Name(assignee), actor.Name, unit.Now, null, null) { DueAt = due };
        unit.Db.Execute("INSERT INTO alerting_tasks(id, incident_id, text, assignee, created_by, created_at, done_by, done_at, due_at) VALUES (@p0,@p1,@p2,@p3,@p4,@p5,NULL,NULL,@p6)",
            task.Id, id, task.Text, task.Assignee, task.CreatedBy, task.CreatedAt, due);
        return Tell(unit, id, task.Id, actor, "task", $"added the task: {task.Text}{Tail(task)}", "", task.Text);
    }

    public static IncidentTask Complete(AlertingTransaction unit, long id, long taskId, Actor actor)
    {
        IncidentTable.Writable(unit, id);
        if (unit.Db.Execute("UPDATE alerting_tasks SET done_by = @p2, done_at = @p3, version = version + 1 WHERE id = @p1 AND incident_id = @p0 AND done_at IS NULL", id, taskId, actor.Name, unit.Now) == 0)
            throw RefusedException.NotFound("there is no such open task");
        return Tell(unit, id, taskId, actor, "task-done", "did the task: " + Find(unit, id, taskId).Text, "open", "done");
    }

    public static IncidentTask Edit(AlertingTransaction unit, long id, long taskId, int version, TaskEdit edit, Actor actor)
    {
        IncidentTable.Writable(unit, id);
        var task = Checked(unit, id, taskId, version);
        if (edit.Text is { } text) CheckText(text);
        var next = task with
        {
            Text = edit.Text?.Trim() ?? task.Text, Assignee = edit.Assignee is null ? task.Assignee : Name(edit.Assignee),
            DueAt = edit.Due is null ? task.DueAt : edit.Due == DateTimeOffset.MinValue ? null : edit.Due,
        };
        if (next == task) return task;
        unit.Db.Execute("UPDATE alerting_tasks SET text = @p1, assignee = @p2, due_at = @p3, version = version + 1 WHERE id = @p0", taskId, next.Text, next.Assignee, next.DueAt);
        return Tell(unit, id, taskId, actor, "task-edit", $"changed the task: {next.Text}{Tail(next)}", $"{task.Text}{Tail(task)}", $"{next.Text}{Tail(next)}");
    }

    public static IncidentTask Reopen(AlertingTransaction unit, long id, long taskId, int version, Actor actor, string reason)
    {
        IncidentTable.Writable(unit, id);
        var task = Checked(unit, id, taskId, version);
        if (!task.Done) throw RefusedException.Invalid("the task is open");
        if (string.IsNullOrWhiteSpace(reason)) throw RefusedException.Invalid("opening a task again wants a reason");
        unit.Db.Execute("UPDATE alerting_tasks SET done_by = NULL, done_at = NULL, version = version + 1 WHERE id = @p0", taskId);
        return Tell(unit, id, taskId, actor, "task-reopen", $"opened the task again: {task.Text}: {Text.Cut(reason.Trim(), MaxText)}", "done", "open", reason);
    }

    public static List<IncidentTask> Open(AlertingTransaction unit, long id) => unit.Db.Query(IncidentReader.SelectTasks + " AND done_at IS NULL ORDER BY id", IncidentReader.ReadTask, id);

    public static Phrase Tail(IncidentTask task)
    {
        var assignee = task.Assignee is { } who ? (Phrase)$", for {who}" : Phrase.Empty;
        var end = task.DueAt is { } due ? (Phrase)$", due {ClockDesk.Stamp(due)}" : Phrase.Empty;
        return $"{assignee}{end}";
    }

    private static IncidentTask Checked(AlertingTransaction unit, long id, long taskId, int version)
    {
        var task = Find(unit, id, taskId);
        return task.Version == version ? task : throw RefusedException.Conflict($"the task changed meanwhile: it is at version {task.Version} (“{task.Text}”{Tail(task)}), you saw {version}");
    }

    private static IncidentTask Find(AlertingTransaction unit, long id, long taskId) =>
        unit.Db.Query(IncidentReader.SelectTasks + " AND id = @p1", IncidentReader.ReadTask, id, taskId).FirstOrDefault() ?? throw RefusedException.NotFound("there is no such task");

    private static IncidentTask Tell(AlertingTransaction unit, long id, long taskId, Actor actor, string action, string text, string before, string after, string reason = "")
    {
        Timeline.Append(unit, id, unit.Now, TimelineKind.Task, actor.Name, text, $"task:{taskId}");
        unit.Record(actor, "incident." + action, $"incident:{id}", before, after, reason);
        IncidentTable.Touch(unit, id);
        return Find(unit, id, taskId);
    }

    private static void CheckText(string text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaxText) throw RefusedException.Invalid("a task has 1 to 2,000 characters");
    }

    private static string? Name(string? name) => string.IsNullOrWhiteSpace(name) ? null : Text.Cut(name.Trim(), Actor.MaxNameLength);
}
