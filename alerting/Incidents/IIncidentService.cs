namespace Beacon.Alerting.Incidents;

/// <summary>Incidents: read, and do what a person decided. Operations name the version they were decided on and write to timeline and audit trail.</summary>
public interface IIncidentService
{
    /// <summary>A page of incidents, newest change first unless the query says otherwise.</summary>
    Task<IncidentPage> ListAsync(IncidentQuery query, CancellationToken cancellation = default);
    Task<IncidentDetail?> FindAsync(long id, CancellationToken cancellation = default);

    /// <summary>Entries in order, those after <paramref name="afterSequence"/>.</summary>
    /// <param name="limit">1 to 1,000.</param>
    Task<IReadOnlyList<TimelineEntry>> TimelineAsync(long id, long afterSequence = 0, int limit = 500, CancellationToken cancellation = default);

    /// <summary>Recomputes every hash of the incident's timeline.</summary>
    Task<ChainVerification> VerifyTimelineAsync(long id, CancellationToken cancellation = default);

    /// <summary>
    /// Changes fields. Who changed another field meanwhile is in nobody's way; the same field is a conflict that names both values. Severity and closing want a
    /// reason; alerts that are still open are closed with it.
    /// </summary>
    Task<Outcome<IncidentSummary>> EditAsync(long id, int version, IncidentEdit edit, Actor actor, string reason = "", CancellationToken cancellation = default);

    Task<Outcome<IncidentSummary>> AssignAsync(long id, int version, string? owner, Actor actor, string reason = "", CancellationToken cancellation = default);

    /// <summary>Moves it on (or back). Closing wants a reason; its alerts that are still open are closed with it.</summary>
    Task<Outcome<IncidentSummary>> SetStatusAsync(long id, int version, IncidentStatus status, Actor actor, string reason, CancellationToken cancellation = default);
    Task<Outcome<IncidentSummary>> RenameAsync(long id, int version, string title, Actor actor, CancellationToken cancellation = default);

    /// <summary>Adds a note to the timeline. Needs no version: it collides with nothing.</summary>
    /// <param name="text">1 to 10,000 UTF-16 units.</param>
    Task<Outcome<TimelineEntry>> AddNoteAsync(long id, string text, Actor actor, CancellationToken cancellation = default);
    Task<Outcome<IncidentTask>> AddTaskAsync(long id, string text, string? assignee, Actor actor, DateTimeOffset? due = null, CancellationToken cancellation = default);
    Task<Outcome<IncidentTask>> CompleteTaskAsync(long id, long taskId, Actor actor, CancellationToken cancellation = default);
}
