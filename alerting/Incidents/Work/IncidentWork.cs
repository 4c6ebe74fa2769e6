using Beacon.Alerting.Clocks;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Incidents.Work;

internal sealed class IncidentWork(AlertingDatabase database, EntityKeys keys, ClockDesk clocks) : IIncidentWork
{
    private const int MaxComments = 2_000;
    private const int MaxVersions = 200;
    private const int MaxLinks = 200;

    public Task<Outcome<IncidentComment>> CommentAsync(long id, string text, Actor actor, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        IncidentTable.Writable(unit, id);
        if (unit.Db.Scalar<long>("SELECT count(*) FROM alerting_incident_comments WHERE incident_id = @p0 AND version = 1", id) >= MaxComments) throw RefusedException.Invalid($"an incident has at most {MaxComments} comments");
        return Write(unit, id, new IncidentComment(unit.Next("comment"), 1, actor.Name, Body(text, "a comment"), unit.Now), actor, "");
    }, cancellation);

    public Task<Outcome<IncidentComment>> EditCommentAsync(long id, long comment, int version, string text, Actor actor, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        IncidentTable.Writable(unit, id);
        var known = WorkReader.Latest(unit.Db, id, comment) ?? throw RefusedException.NotFound("there is no such comment");
        if (known.Author != actor.Name) throw RefusedException.Forbidden("a comment is changed by who wrote it");
        if (known.Version != version) throw RefusedException.Conflict($"the comment changed meanwhile: it is at version {known.Version} (“{Text.Cut(known.Text, 200)}”), you saw {version}");
        if (known.Version >= MaxVersions) throw RefusedException.Invalid($"a comment has at most {MaxVersions} versions: write another");
        return Write(unit, id, known with { Version = version + 1, Text = Body(text, "a comment"), At = unit.Now }, actor, known.Text);
    }, cancellation);

    public Task<IReadOnlyList<IncidentComment>> CommentHistoryAsync(long id, long comment, CancellationToken cancellation = default) =>
        database.ReadAsync<IReadOnlyList<IncidentComment>>(c => WorkReader.History(c, id, comment), cancellation);

    public Task<Outcome<IncidentTask>> EditTaskAsync(long id, long task, int version, TaskEdit edit, Actor actor, CancellationToken cancellation = default) =>
        database.TryWriteAsync(unit => IncidentTasks.Edit(unit, id, task, version, edit, actor), cancellation);

    public Task<Outcome<IncidentTask>> ReopenTaskAsync(long id, long task, int version, Actor actor, string reason, CancellationToken cancellation = default) =>
        database.TryWriteAsync(unit => IncidentTasks.Reopen(unit, id, task, version, actor, reason), cancellation);

    public Task<Outcome<IncidentSummary>> AddEntityAsync(long id, Entity entity, Actor actor, string reason = "", CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        IncidentTable.Writable(unit, id);
        var named = Checked(entity);
        var key = keys.KeyOf(named);
        if (unit.Db.Scalar<long>("SELECT count(*) FROM alerting_incident_entities WHERE incident_id = @p0", id) >= 500) throw RefusedException.Invalid("an incident has at most 500 entities");
        var asset = keys.AssetOf(named);
        if (unit.Db.Execute(
            """
            INSERT INTO alerting_incident_entities(incident_id, entity_key, entity_kind, entity, asset_id, asset_name, importance, first_seen, last_seen, added_by)
            VALUES (@p0,@p1,@p2,@p3,@p4,@p5,@p6,@p7,@p7,@p8) ON CONFLICT(incident_id, entity_key) DO NOTHING
            """, id, key, named.Kind, named.Value, asset?.Id, asset?.Name, asset?.Importance ?? AssetImportance.General, unit.Now, actor.Name) == 0) throw RefusedException.Invalid($"{named.Value} is in it already");
        unit.Db.Execute("DELETE FROM alerting_removed_entities WHERE incident_id = @p0 AND entity_key = @p1", id, key);
        return Tell(unit, id, actor, "entity-add", $"added {named.Value}{Because(reason)}", named.Value, reason);
    }, cancellation);

    public Task<Outcome<IncidentSummary>> RemoveEntityAsync(long id, Entity entity, Actor actor, string reason, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        IncidentTable.Writable(unit, id);
        Body(reason, "a reason");
        var named = Checked(entity);
        var key = keys.KeyOf(named);
        if (unit.Db.Execute("DELETE FROM alerting_incident_entities WHERE incident_id = @p0 AND entity_key = @p1", id, key) == 0) throw RefusedException.NotFound($"{named.Value} is not in it");
        unit.Db.Execute(
            "INSERT INTO alerting_removed_entities(incident_id, entity_key, entity_kind, entity, removed_by, removed_at, reason) VALUES (@p0,@p1,@p2,@p3,@p4,@p5,@p6)",
            id, key, named.Kind, named.Value, actor.Name, unit.Now, Text.Cut(reason.Trim(), 2_000));
        return Tell(unit, id, actor, "entity-remove", $"took {named.Value} out{Because(reason)}", named.Value, reason);
    }, cancellation);

    public Task<Outcome<IncidentSummary>> LinkAsync(long id, long other, IncidentLinkKind kind, Actor actor, string reason, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        var incident = IncidentTable.Writable(unit, id);
        var target = IncidentTable.Existing(unit, other);
        if (id == other) throw RefusedException.Invalid("an incident is not tied to itself");
        if (kind is not (IncidentLinkKind.Related or IncidentLinkKind.Duplicate or IncidentLinkKind.CausedBy or IncidentLinkKind.Caused)) throw RefusedException.Invalid("a person ties incidents as related, duplicate, caused or caused-by");
        if (unit.Db.Scalar<long>("SELECT count(*) FROM alerting_incident_links WHERE incident_id = @p0 OR other_id = @p0", id) >= MaxLinks) throw RefusedException.Invalid($"an incident is tied to at most {MaxLinks} others");
        if (!Tie(unit, id, other, kind, reason, actor)) throw RefusedException.Invalid($"{target.Number} is tied to it already");
        Timeline.Append(unit, other, unit.Now, TimelineKind.Incident, actor.Name, $"{incident.Number} was tied to it{Because(reason)}", $"incident:{id}");
        IncidentTable.Touch(unit, other);
        return Tell(unit, id, actor, "link", $"tied it to {target.Number}, {kind.ToString().ToLowerInvariant()}{Because(reason)}", target.Number, reason);
    }, cancellation);

    public Task<Outcome<IncidentSummary>> UnlinkAsync(long id, long other, Actor actor, string reason, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        var incident = IncidentTable.Writable(unit, id);
        Body(reason, "a reason");
        if (unit.Db.Execute("DELETE FROM alerting_incident_links WHERE ((incident_id = @p0 AND other_id = @p1) OR (incident_id = @p1 AND other_id = @p0)) AND kind < @p2", id, other, IncidentLinkKind.Merged) == 0)
            throw RefusedException.NotFound("there is no such tie that a person made");
        Timeline.Append(unit, other, unit.Now, TimelineKind.Incident, actor.Name, $"{incident.Number} is no longer tied to it{Because(reason)}", $"incident:{id}");
        IncidentTable.Touch(unit, other);
        return Tell(unit, id, actor, "unlink", $"untied it from {IncidentTable.Existing(unit, other).Number}{Because(reason)}", "", reason);
    }, cancellation);

    public Task<Outcome<HandOver>> HandOverAsync(long id, int version, string to, string note, Actor actor, CancellationToken cancellation = default) =>
        database.TryWriteAsync(unit => HandOvers.Offer(unit, id, version, to, Body(note, "a hand-over note"), actor), cancellation);

    public Task<Outcome<HandOver>> AcknowledgeAsync(long id, long handOver, string note, Actor actor, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        clocks.Noticed(unit, id, actor, "took the incident over");
        return HandOvers.Acknowledge(unit, id, handOver, Text.Cut(note.Trim(), 2_000), actor);
    }, cancellation);

    /// <summary>False where the two are tied already.</summary>
    internal static bool Tie(AlertingTransaction unit, long id, long other, IncidentLinkKind kind, string reason, Actor actor) =>
        unit.Db.Scalar<long>("SELECT count(*) FROM alerting_incident_links WHERE incident_id = @p0 AND other_id = @p1", other, id) == 0
        && unit.Db.Execute("INSERT INTO alerting_incident_links(incident_id, other_id, kind, reason, linked_by, at) VALUES (@p0,@p1,@p2,@p3,@p4,@p5) ON CONFLICT(incident_id, other_id) DO NOTHING",
            id, other, kind, Text.Cut(reason.Trim(), 2_000), actor.Name, unit.Now) > 0;

    private static IncidentComment Write(AlertingTransaction unit, long id, IncidentComment comment, Actor actor, string before)
    {
        unit.Db.Execute("INSERT INTO alerting_incident_comments(id, version, incident_id, author, text, at) VALUES (@p0,@p1,@p2,@p3,@p4,@p5)", comment.Id, comment.Version, id, comment.Author, comment.Text, comment.At);
        Timeline.Append(unit, id, unit.Now, TimelineKind.Comment, actor.Name, comment.Version == 1 ? comment.Text : Text.Cut($"changed a comment (version {comment.Version}): {comment.Text}", Timeline.MaxText), $"comment:{comment.Id}/{comment.Version}");
        Tell(unit, id, actor, comment.Version == 1 ? "comment" : "comment-edit", null, comment.Text, "", before);
        return comment;
    }

    private static IncidentSummary Tell(AlertingTransaction unit, long id, Actor actor, string action, string? told, string after, string reason, string before = "")
    {
        if (told is not null) Timeline.Append(unit, id, unit.Now, TimelineKind.Incident, actor.Name, told, $"incident:{id}");
        unit.Record(actor, "incident." + action, $"incident:{id}", before, after, reason);
        IncidentTable.Touch(unit, id);
        return IncidentTable.Existing(unit, id);
    }

    private static Entity Checked(Entity entity) => Enum.IsDefined(entity.Kind) && entity.Value?.Trim() is { Length: > 0 and <= 400 } value && !value.Any(char.IsControl)
        ? new Entity(entity.Kind, value) : throw RefusedException.Invalid("an entity has a kind (host, user, address, source, other) and 1 to 400 characters");

    private static string Body(string text, Phrase what) => text?.Trim() is { Length: > 0 and <= IIncidentWork.MaxText } body ? body : throw RefusedException.Invalid($"{what} has 1 to {IIncidentWork.MaxText} characters");
    private static string Because(string reason) => string.IsNullOrWhiteSpace(reason) ? "" : ": " + Text.Cut(reason.Trim(), 2_000);
}
