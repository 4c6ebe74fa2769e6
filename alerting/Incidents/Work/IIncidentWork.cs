using Beacon.Events;

namespace Beacon.Alerting.Incidents.Work;

/// <summary>What people do on an incident beside its own fields: comments, tasks, entities, links, hand-overs. All of it is written to timeline and audit trail.</summary>
public interface IIncidentWork
{
    /// <summary>Longest comment, hand-over note and reason, UTF-16 units.</summary>
    const int MaxText = 10_000;

    Task<Outcome<IncidentComment>> CommentAsync(long id, string text, Actor actor, CancellationToken cancellation = default);

    /// <summary>Writes a new version of one's own comment; the old one stays readable.</summary>
    Task<Outcome<IncidentComment>> EditCommentAsync(long id, long comment, int version, string text, Actor actor, CancellationToken cancellation = default);

    /// <summary>All versions of a comment, oldest first.</summary>
    Task<IReadOnlyList<IncidentComment>> CommentHistoryAsync(long id, long comment, CancellationToken cancellation = default);

    Task<Outcome<IncidentTask>> EditTaskAsync(long id, long task, int version, TaskEdit edit, Actor actor, CancellationToken cancellation = default);
    Task<Outcome<IncidentTask>> ReopenTaskAsync(long id, long task, int version, Actor actor, string reason, CancellationToken cancellation = default);

    Task<Outcome<IncidentSummary>> AddEntityAsync(long id, Entity entity, Actor actor, string reason = "", CancellationToken cancellation = default);

    /// <summary>Takes an entity out for good: alerts that name it don't bring it back, a person may.</summary>
    Task<Outcome<IncidentSummary>> RemoveEntityAsync(long id, Entity entity, Actor actor, string reason, CancellationToken cancellation = default);

    Task<Outcome<IncidentSummary>> LinkAsync(long id, long other, IncidentLinkKind kind, Actor actor, string reason, CancellationToken cancellation = default);
    Task<Outcome<IncidentSummary>> UnlinkAsync(long id, long other, Actor actor, string reason, CancellationToken cancellation = default);

    /// <summary>Offers the incident to another person with a note; what is open and waits is added to it.</summary>
    Task<Outcome<HandOver>> HandOverAsync(long id, int version, string to, string note, Actor actor, CancellationToken cancellation = default);

    /// <summary>The receiver takes it over. Only the receiver can.</summary>
    Task<Outcome<HandOver>> AcknowledgeAsync(long id, long handOver, string note, Actor actor, CancellationToken cancellation = default);
}
