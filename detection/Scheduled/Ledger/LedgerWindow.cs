namespace Beacon.Detections.Scheduled.Ledger;

/// <summary>Where the evaluation of one window stands.</summary>
public enum WindowState
{
    /// <summary>Begun; after a crash it is begun again.</summary>
    Running,
    Done,
    /// <summary>Failed and due again at <see cref="LedgerWindow.RetryAt"/>, or for good where that is null.</summary>
    Failed,
    /// <summary>Left out on purpose, with its reason.</summary>
    Skipped,
}

/// <summary>One row of the ledger: a rule and a half-open span of time, UTC. A skipped row may span many windows.</summary>
/// <param name="Rows">What the detector looked at: groups, sources.</param>
public sealed record LedgerWindow(
    string RuleId, DateTimeOffset Start, DateTimeOffset End, WindowState State, int Attempt, long Rows, int Detections,
    DateTimeOffset Started, DateTimeOffset? Finished, DateTimeOffset? RetryAt, string Reason);

/// <summary>A span that was not evaluated.</summary>
public sealed record LedgerGap(DateTimeOffset From, DateTimeOffset To, WindowState State, string Reason);

/// <summary>How completely a rule was evaluated over a span.</summary>
/// <param name="EvaluatedShare">Windows done of all windows of the span that the ledger knows, 0 to 1; 1 where there are none.</param>
/// <param name="EvaluatedUpTo">Start of the next window, or null where the rule was never due.</param>
/// <param name="Gaps">Failed, skipped and unfinished spans, oldest first, at most <see cref="MaxGaps"/>.</param>
public sealed record LedgerSummary(string RuleId, double EvaluatedShare, long Done, long Failed, long Skipped, long Running, DateTimeOffset? EvaluatedUpTo, IReadOnlyList<LedgerGap> Gaps)
{
    public const int MaxGaps = 100;
}

/// <summary>What the console shows of the evaluation ledger.</summary>
public interface ILedgerView
{
    /// <summary>One summary per scheduled rule that was ever due, over the span that ends now.</summary>
    Task<IReadOnlyList<LedgerSummary>> SummariseAsync(TimeSpan span, CancellationToken cancellation);

    /// <summary>Windows of a rule, newest first.</summary>
    /// <param name="limit">1 to 1,000.</param>
    Task<IReadOnlyList<LedgerWindow>> WindowsAsync(string ruleId, int limit, CancellationToken cancellation);

    /// <summary>Makes a window that failed for good due again.</summary>
    /// <returns>False where there is no such window.</returns>
    Task<bool> RetryAsync(string ruleId, DateTimeOffset start, CancellationToken cancellation);
}
