using Beacon.Events;

namespace Beacon.Alerting.Alerts;

/// <summary>
/// Reads alerts and does to them what a person decided. Each operation names the version it was decided on
/// (<see cref="RefusalKind.Conflict"/> where the alert changed since), is written to the audit trail and can be taken back by
/// <see cref="UndoAsync"/>. Reasons are cut at <see cref="MaxReasonLength"/>.
/// </summary>
public interface IAlertService
{
    const int MaxReasonLength = 2_000;

    Task<AlertPage> ListAsync(AlertQuery query, CancellationToken cancellation = default);
    Task<AlertDetail?> FindAsync(long id, CancellationToken cancellation = default);

    /// <summary>Earlier alerts of the same rule or entity, newest first.</summary>
    /// <param name="limit">1 to 50.</param>
    Task<IReadOnlyList<SimilarAlert>> SimilarAsync(long id, int limit = 10, CancellationToken cancellation = default);

    /// <summary>Alerts that keep one of these events as evidence, the gravest first, the newest first among equals; at most <see cref="EventAlert.MaxAlerts"/>.</summary>
    /// <param name="events">Ids in the event store, at most <see cref="EventAlert.MaxEvents"/>; what is none is no alert's.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are more.</exception>
    Task<IReadOnlyList<EventAlert>> OfEventsAsync(IReadOnlyList<string> events, CancellationToken cancellation = default);

    /// <summary>When alerts about an entity were last seen, under each of its names and however they ended, oldest first; what has none is left out.</summary>
    /// <param name="since">Not longer ago than <see cref="AlertSpan.MaxDays"/>, else from there on.</param>
    Task<IReadOnlyList<AlertSpan>> SpansAsync(Entity entity, DateTimeOffset since, CancellationToken cancellation = default);

    /// <param name="person">Whose alerts <see cref="AlertCounts.Mine"/> counts, or null.</param>
    Task<AlertCounts> CountAsync(string? person = null, CancellationToken cancellation = default);
    Task<AlarmLoad> MeasureLoadAsync(CancellationToken cancellation = default);

    /// <summary>Every measure of the alarm load, for the console and for each operator, and the rules to tune.</summary>
    Task<AlarmReport> ReportLoadAsync(CancellationToken cancellation = default);

    /// <summary>How often rules were right, those with the most false positives first.</summary>
    /// <param name="ruleId">One rule; null for all.</param>
    /// <param name="limit">1 to 500.</param>
    Task<IReadOnlyList<RuleRecord>> RecordsAsync(string? ruleId = null, int limit = 100, CancellationToken cancellation = default);

    /// <summary>Somebody has seen it and takes it, unless it has an owner.</summary>
    Task<Outcome<AlertSummary>> AcknowledgeAsync(long id, int version, Actor actor, string reason = "", CancellationToken cancellation = default);

    /// <param name="owner">Null gives it back to nobody.</param>
    Task<Outcome<AlertSummary>> AssignAsync(long id, int version, string? owner, Actor actor, string reason = "", CancellationToken cancellation = default);

    /// <summary>Makes an incident of it, or joins the open one that shares its entities.</summary>
    Task<Outcome<AlertSummary>> EscalateAsync(long id, int version, Actor actor, string reason = "", CancellationToken cancellation = default);

    /// <summary>Closes it. A reason and a disposition other than undetermined are wanted.</summary>
    /// <param name="cause">Why it was harmless or wrong; one that fits the disposition, or unstated.</param>
    Task<Outcome<AlertSummary>> DismissAsync(
        long id, int version, Disposition disposition, Actor actor, string reason, DispositionCause cause = DispositionCause.Unstated, CancellationToken cancellation = default);

    /// <summary>Takes it out of sight until <paramref name="until"/> (in the future, at most 90 days). A reason is wanted.</summary>
    Task<Outcome<AlertSummary>> ShelveAsync(long id, int version, DateTimeOffset until, Actor actor, string reason, CancellationToken cancellation = default);
    Task<Outcome<AlertSummary>> UnshelveAsync(long id, int version, Actor actor, string reason = "", CancellationToken cancellation = default);

    /// <summary>Takes back the last operation that was not taken back yet. An escalation's incident stays; the alert leaves it.</summary>
    Task<Outcome<AlertSummary>> UndoAsync(long id, int version, Actor actor, CancellationToken cancellation = default);
}
