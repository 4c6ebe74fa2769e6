namespace Beacon.Alerting.Alerts.Exceptions;

/// <summary>Exceptions and suppressions: what detections become no alerts. Each change is version checked, in the audit trail and the change feed.</summary>
public interface IExceptionService
{
    /// <summary>Active ones first, the next to expire first; at most 1,000.</summary>
    /// <param name="ruleId">Those of this rule and those of every rule; null for all.</param>
    Task<IReadOnlyList<ExceptionEntry>> ListAsync(string? ruleId = null, bool activeOnly = false, CancellationToken cancellation = default);
    Task<ExceptionEntry?> FindAsync(long id, CancellationToken cancellation = default);

    /// <summary>Detections that were hidden, newest first.</summary>
    /// <param name="id">By this exception; null for all.</param>
    /// <param name="limit">1 to 500.</param>
    Task<IReadOnlyList<HiddenDetection>> HiddenAsync(long? id = null, int limit = 100, CancellationToken cancellation = default);

    Task<Outcome<ExceptionEntry>> CreateAsync(ExceptionDraft draft, Actor actor, CancellationToken cancellation = default);
    Task<Outcome<ExceptionEntry>> ChangeAsync(long id, int version, ExceptionDraft draft, Actor actor, CancellationToken cancellation = default);

    /// <summary>Ends it now; what it hid stays counted.</summary>
    Task<Outcome<ExceptionEntry>> EndAsync(long id, int version, Actor actor, string reason, CancellationToken cancellation = default);

    /// <summary>An exception that would hide the like of this alert: its rule, its entity, and the matched fields that all kept evidence agrees in; 30 days. Null where there is no such alert.</summary>
    Task<ExceptionDraft?> ProposeAsync(long alertId, Actor actor, CancellationToken cancellation = default);
}
