namespace Beacon.Alerting.Changes;

public enum ChangeKind
{
    Alert,
    Warning,
    Incident,
    /// <summary>A playbook run or one of its steps.</summary>
    Playbook,
    Source,
    Rule,
    /// <summary>An exception or suppression.</summary>
    Exception,
    /// <summary>A playbook was imported or withdrawn.</summary>
    PlaybookDocument,
    /// <summary>A note at the change of shift was written or read.</summary>
    Shift,
}

/// <summary>One row of the outbox: written in the transaction of the change it tells of.</summary>
/// <param name="Sequence">Grows; numbers may be missing, order never changes.</param>
/// <param name="Id">Of the object: "17"; a playbook run's id.</param>
/// <param name="Version">Of the object after the change.</param>
/// <param name="Payload">
/// The summary as JSON in camelCase, enums as names: <see cref="Alerts.AlertSummary"/>, <see cref="Warnings.WarningSummary"/>,
/// <see cref="Incidents.IncidentSummary"/>, <see cref="Playbooks.RunSummary"/>, <see cref="Alerts.Exceptions.ExceptionEntry"/>,
/// <see cref="Playbooks.Imports.PlaybookVersion"/>, <see cref="Desks.ShiftNote"/> without its lines. Fields may be added, never renamed, within
/// <see cref="IChangeFeed.PayloadVersion"/>.
/// </param>
public sealed record Change(long Sequence, ChangeKind Kind, string Id, int Version, DateTimeOffset At, string Payload);

/// <param name="Next">Ask with this next.</param>
/// <param name="Latest">The newest sequence number there is.</param>
/// <param name="TooOld">Rows after the given number were already removed: nothing is returned, load the lists anew and go on from <paramref name="Latest"/>.</param>
public sealed record ChangeBatch(IReadOnlyList<Change> Changes, long Next, long Latest, bool TooOld);

/// <summary>What changed, in order, for consoles and other listeners. Rows are kept for 7 days, at most 100,000 of them.</summary>
public interface IChangeFeed
{
    const int PayloadVersion = 1;
    const int MaxLimit = 1_000;

    /// <summary>Newest committed sequence number; 0 before the first.</summary>
    long LatestSequence { get; }

    Task<ChangeBatch> ReadAfterAsync(long sequence, int limit = MaxLimit, CancellationToken cancellation = default);

    /// <summary>
    /// Completes as soon as something after <paramref name="sequence"/> is committed, at once where it is already. Nothing is
    /// queued for a slow reader: it reads again from the database.
    /// </summary>
    Task WaitAsync(long sequence, CancellationToken cancellation = default);

    /// <summary>Reads and waits without end. Ends early with a batch that is <see cref="ChangeBatch.TooOld"/>.</summary>
    IAsyncEnumerable<ChangeBatch> FollowAsync(long sequence, CancellationToken cancellation = default);

    /// <summary>Writes a change of another room (a source, a rule) in a transaction of its own.</summary>
    Task PublishAsync(ChangeKind kind, string id, int version, string payload, CancellationToken cancellation = default);
}
