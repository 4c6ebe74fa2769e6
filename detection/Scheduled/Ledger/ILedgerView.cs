namespace Beacon.Detections.Scheduled.Ledger;

/// <summary>What people see of the evaluation ledger, and what they may ask of it.</summary>
public interface ILedgerView
{
    /// <summary>One summary per scheduled rule that was ever due, over the span that ends now, by title.</summary>
    Task<IReadOnlyList<LedgerSummary>> SummariseAsync(TimeSpan span, CancellationToken cancellation);

    /// <summary>Rows of a rule, newest first, revisions behind their window.</summary>
    /// <param name="limit">1 to 1,000.</param>
    Task<IReadOnlyList<LedgerWindow>> WindowsAsync(string ruleId, int limit, CancellationToken cancellation);

    /// <summary>Makes a failed window due now, whatever its next try was.</summary>
    /// <returns>False where there is no such window.</returns>
    Task<bool> RetryAsync(string ruleId, DateTimeOffset start, CancellationToken cancellation);

    /// <summary>Gives up what is still to be made up and begins before the instant; it stands in the ledger as skipped, with the name.</summary>
    /// <returns>Number of windows.</returns>
    Task<long> AbandonAsync(string ruleId, DateTimeOffset before, string by, CancellationToken cancellation);
}
