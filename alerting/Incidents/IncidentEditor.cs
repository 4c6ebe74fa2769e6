using Beacon.Alerting.Alerts;
using Beacon.Alerting.Clocks;
using Beacon.Alerting.Notifications;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Incidents;

/// <summary>
/// Changes an incident's own fields. Two people who change different fields on the same version both get their way; where they change the same one, the later is
/// told both values. What detections add in between is nobody's edit and stands in nobody's way.
/// </summary>
internal sealed class IncidentEditor(ClockDesk clocks)
{
    public IncidentSummary Apply(AlertingTransaction unit, long id, int version, IncidentEdit edit, Actor actor, string reason)
    {
        var incident = IncidentTable.Writable(unit, id);
        if (version > incident.Version) throw RefusedException.Conflict($"{incident.Number} is at version {incident.Version}, there is no version {version}");
        var wanted = Wanted(incident, edit, reason);
        CheckMeanwhile(unit, incident, version, wanted);
        var changes = wanted.Where(f => !f.Now.Equals(f.Wanted)).ToList();
        if (changes.Count == 0)
            return edit.Status is null ? incident : throw RefusedException.Invalid($"{incident.Number} is at {Names.Lower(incident.Status)} already");
        // While it is still open: one that is closed at once was known too.
        if (changes.Any(f => f.Name is "owner" or "status")) clocks.Noticed(unit, id, actor, "took the incident in hand");
        foreach (var field in changes)
        {
            var told = Write(unit, incident, field.Name, edit, actor, reason);
            Timeline.Append(unit, id, unit.Now, TimelineKind.Incident, actor.Name, told + (reason.Length > 0 ? ": " + reason : ""), $"incident:{id}");
            unit.Db.Execute(
                "INSERT INTO alerting_incident_fields(incident_id, field, version, actor) VALUES (@p0,@p1,@p2,@p3) ON CONFLICT(incident_id, field) DO UPDATE SET version = @p2, actor = @p3",
                id, field.Name, incident.Version + 1, actor.Name);
        }
        IncidentTable.Touch(unit, id);
        var next = IncidentTable.Existing(unit, id);
        foreach (var field in changes) unit.Record(actor, "incident." + Action(field.Name), $"incident:{id}", field.Now.ToString(), field.Wanted.ToString(), Text.Cut(reason, 2_000));
        return next;
    }

    private readonly record struct Field(string Name, Phrase Now, Phrase Wanted);

    private static Phrase Called(string field) => field switch
    {
        "owner" => (Phrase)"owner",
        "title" => "title",
        "severity" => "severity",
        _ => "status",
    };

    private static List<Field> Wanted(IncidentSummary incident, IncidentEdit edit, string reason)
    {
        var fields = new List<Field>();
        if (edit.Owner is { } owner) fields.Add(new("owner", Person(incident.Owner), Person(OwnerOf(owner))));
        if (edit.Title is { } title)
        {
            if (title.Trim().Length is 0 or > AlertTitle.MaxLength) throw RefusedException.Invalid($"a title has 1 to {AlertTitle.MaxLength} characters");
            fields.Add(new("title", Phrase.Plain(incident.Title), Phrase.Plain(title.Trim())));
        }
        if (edit.Severity is { } severity)
        {
            if (!Enum.IsDefined(severity)) throw RefusedException.Invalid("there is no such severity");
            if (severity != incident.Severity && string.IsNullOrWhiteSpace(reason)) throw RefusedException.Invalid("another severity wants a reason");
            fields.Add(new("severity", Names.Lower(incident.Severity), Names.Lower(severity)));
        }
        if (edit.Status is { } status)
        {
            if (!Enum.IsDefined(status)) throw RefusedException.Invalid("there is no such status");
            if (status == IncidentStatus.Closed && string.IsNullOrWhiteSpace(reason)) throw RefusedException.Invalid("closing wants a reason");
            fields.Add(new("status", Names.Lower(incident.Status), Names.Lower(status)));
        }
        return fields;
    }

    private static void CheckMeanwhile(AlertingTransaction unit, IncidentSummary incident, int version, List<Field> wanted)
    {
        var later = unit.Db.Query("SELECT field, version, actor FROM alerting_incident_fields WHERE incident_id = @p0 AND version > @p1",
            r => (Field: r.GetString(0), Version: r.GetInt32(1), Actor: r.GetString(2)), incident.Id, version).ToDictionary(f => f.Field);
        foreach (var field in wanted)
            if (!field.Now.Equals(field.Wanted) && later.TryGetValue(field.Name, out var other))
                throw RefusedException.Conflict($"{incident.Number} changed meanwhile: {other.Actor} set its {Called(field.Name)} to “{field.Now}” (version {other.Version}, you saw {version}); you want “{field.Wanted}”");
    }

    private static string Write(AlertingTransaction unit, IncidentSummary incident, string field, IncidentEdit edit, Actor actor, string reason)
    {
        var id = incident.Id;
        switch (field)
        {
            case "owner":
                var name = OwnerOf(edit.Owner!);
                SetOwner(unit, incident, name, actor, reason);
                return name is null ? "gave it back to nobody" : name == actor.Name ? "took it over" : $"handed it to {name}";
            case "title":
                unit.Db.Execute("UPDATE alerting_incidents SET title = @p1, named = 1 WHERE id = @p0", id, edit.Title!.Trim());
                return "named it: " + edit.Title.Trim();
            case "severity":
                // What is known by now was weighed; only a graver alert than those raises it again.
                unit.Db.Execute(
                    "UPDATE alerting_incidents SET severity = @p1, severity_floor = (SELECT coalesce(max(a.severity), -1) FROM alerting_alerts a WHERE a.incident_id = @p0) WHERE id = @p0",
                    id, edit.Severity!.Value);
                return $"changed its severity from {incident.Severity.ToString().ToLowerInvariant()} to {edit.Severity.Value.ToString().ToLowerInvariant()}";
            default:
                var status = edit.Status!.Value;
                unit.Db.Execute("UPDATE alerting_incidents SET status = @p1, closed_at = @p2 WHERE id = @p0", id, status, status == IncidentStatus.Closed ? unit.Now : null);
                if (status == IncidentStatus.Closed) AlertClosing.CloseAll(unit, id, actor, reason);
                return $"moved from {Names.Lower(incident.Status)} to {Names.Lower(status)}";
        }
    }

    /// <summary>Writes the owner and tells a person who did not take it herself.</summary>
    internal static void SetOwner(AlertingTransaction unit, IncidentSummary incident, string? name, Actor actor, string reason)
    {
        unit.Db.Execute("UPDATE alerting_incidents SET owner = @p1 WHERE id = @p0", incident.Id, name);
        if (name is null || name == actor.Name) return;
        NoticeQueue.Add(unit, new Notice(NoticeKind.IncidentAssigned, "person:" + name, incident.WarningLevel, $"{incident.Number} is yours now: {incident.Title}",
            $"{actor.Name} gave it to you." + (reason.Length > 0 ? " " + reason : ""), $"incident:{incident.Id}", $"incident:{incident.Id}/assigned/{incident.Version + 1}"));
    }

    private static string? OwnerOf(string owner) => string.IsNullOrWhiteSpace(owner) ? null : Text.Cut(owner.Trim(), Actor.MaxNameLength);
    private static Phrase Person(string? name) => name is null ? (Phrase)"nobody" : Phrase.Plain(name);
    private static string Action(string field) => field switch { "owner" => "assign", "title" => "rename", _ => field };
}
