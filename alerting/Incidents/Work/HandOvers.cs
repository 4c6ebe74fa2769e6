using System.Text.Json;
using Beacon.Alerting.Clocks;
using Beacon.Alerting.Notifications;
using Beacon.Alerting.Storage;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Incidents.Work;

/// <summary>Passing an incident on: who gives it answers for it until the receiver has said yes.</summary>
internal static class HandOvers
{
    private const int MaxLines = 100;

    public static HandOver Offer(AlertingTransaction unit, long id, int version, string to, string note, Actor actor)
    {
        var incident = IncidentTable.Writable(unit, id);
        if (incident.Version != version) throw RefusedException.Conflict($"{incident.Number} changed meanwhile: it is at version {incident.Version}, you saw {version}: read what is new before you hand it over");
        var receiver = to?.Trim() ?? "";
        if (receiver.Length is 0 or > Actor.MaxNameLength) throw RefusedException.Invalid("who is to receive it is wanted");
        if (receiver == actor.Name) throw RefusedException.Invalid("nobody hands over to himself or herself");
        if (incident.Status == IncidentStatus.Closed) throw RefusedException.Invalid($"{incident.Number} is closed");
        var tasks = IncidentTasks.Open(unit, id).Take(MaxLines).Select(t => t.Text + IncidentTasks.Tail(t)).ToList();
        var waits = Waits(unit, id);
        var given = unit.Next("handover");
        unit.Db.Execute(
            "INSERT INTO alerting_handovers(id, incident_id, from_person, to_person, note, tasks, waits, at, acknowledged_at, acknowledgement) VALUES (@p0,@p1,@p2,@p3,@p4,@p5,@p6,@p7,NULL,'')",
            given, id, actor.Name, receiver, note, Json(tasks), Json(waits), unit.Now);
        Timeline.Append(unit, id, unit.Now, TimelineKind.HandOver, actor.Name, $"hands it over to {receiver}: {note} ({tasks.Count} tasks open, {waits.Count} things wait)", $"handover:{given}");
        NoticeQueue.Add(unit, new Notice(NoticeKind.HandOver, "person:" + receiver, incident.WarningLevel, $"{actor.Name} hands {incident.Number} over to you: {incident.Title}",
            string.Join("\n", tasks.Select(t => "Task: " + t).Concat(waits.Select(w => "Waits: " + w)).Prepend(note)), $"incident:{id}", $"handover:{given}"));
        unit.Record(actor, "incident.hand-over", $"incident:{id}", incident.Owner ?? "nobody", receiver, note);
        IncidentTable.Touch(unit, id);
        return WorkReader.HandOver(unit.Db, id, given)!;
    }

    public static HandOver Acknowledge(AlertingTransaction unit, long id, long handOver, string note, Actor actor)
    {
        var incident = IncidentTable.Writable(unit, id);
        var given = WorkReader.HandOver(unit.Db, id, handOver) ?? throw RefusedException.NotFound("there is no such hand-over");
        if (given.To != actor.Name) throw RefusedException.Forbidden($"it was handed over to {given.To}");
        if (given.AcknowledgedAt is not null) throw RefusedException.Invalid("it was taken over already");
        if (unit.Db.Scalar<long>("SELECT coalesce(max(id), 0) FROM alerting_handovers WHERE incident_id = @p0", id) != handOver) throw RefusedException.Conflict("it was handed over to somebody else since");
        unit.Db.Execute("UPDATE alerting_handovers SET acknowledged_at = @p1, acknowledgement = @p2 WHERE id = @p0", handOver, unit.Now, note);
        unit.Db.Execute("UPDATE alerting_incidents SET owner = @p1 WHERE id = @p0", id, actor.Name);
        unit.Db.Execute("INSERT INTO alerting_incident_fields(incident_id, field, version, actor) VALUES (@p0,'owner',@p1,@p2) ON CONFLICT(incident_id, field) DO UPDATE SET version = @p1, actor = @p2",
            id, incident.Version + 1, actor.Name);
        Timeline.Append(unit, id, unit.Now, TimelineKind.HandOver, actor.Name, $"took it over from {given.From}" + (note.Length > 0 ? ": " + note : ""), $"handover:{handOver}");
        unit.Record(actor, "incident.take-over", $"incident:{id}", incident.Owner ?? "nobody", actor.Name, note);
        IncidentTable.Touch(unit, id);
        return WorkReader.HandOver(unit.Db, id, handOver)!;
    }

    /// <summary>What stands still until a person does something.</summary>
    private static List<string> Waits(AlertingTransaction unit, long id)
    {
        var steps = unit.Db.Query(
            "SELECT r.playbook_name, s.step_id FROM alerting_run_steps s JOIN alerting_runs r ON r.id = s.run_id WHERE r.incident_id = @p0 AND r.ended_at IS NULL AND s.started_at IS NOT NULL AND s.ended_at IS NULL ORDER BY s.started_at LIMIT 50",
            r => $"playbook {r.GetString(0)}, step {r.GetString(1)}", id);
        var clocks = ClockTable.OfIncident(unit.Db, id).Where(c => c.State == ClockState.Running && c.DueAt is not null).OrderBy(c => c.DueAt)
            .Select(c => $"{c.Definition.Report.Name} ({c.Definition.RegimeName}) is due {ClockDesk.Stamp(c.DueAt!.Value)}");
        var warning = WarningTable.OfIncident(unit.Db, id)?.Summary;
        var signature = warning is { State: WarningState.Draft } ? [$"{warning.Number} is a draft"] : warning is { ProposedLevel: { } level } ? new[] { $"{warning.Number} is proposed to be {Words.Level(level)}" } : [];
        return [.. clocks.Concat(signature).Concat(steps).Take(MaxLines)];
    }

    private static string Json(List<string> lines) => JsonSerializer.Serialize([.. lines], AlertingJson.Default.StringArray);
}
