namespace Beacon.Detections.Scheduled.Ledger;

/// <summary>Where the evaluation of windows stands.</summary>
public enum WindowState
{
    /// <summary>A process holds it; when its lease has ended, another takes it over.</summary>
    Running,
    Done,
    /// <summary>Failed, and due again at <see cref="LedgerWindow.RetryAt"/>.</summary>
    Failed,
    /// <summary>Left out on purpose, with its reason.</summary>
    Skipped,
    /// <summary>Missed, and waiting to be made up.</summary>
    Waiting,
    /// <summary>The rule is off; made up when it is on again.</summary>
    Paused,
}

/// <summary>One row of the ledger: one rule's look at a half-open span of time, UTC. A skipped row may span many windows.</summary>
/// <param name="Revision">0 for the first look, n for the nth look again at late events.</param>
/// <param name="Rows">What the detector looked at: groups, sources, events.</param>
/// <param name="Suppressed">Detections that were not raised since the same key had been lately.</param>
/// <param name="Node">Who evaluates it or did last.</param>
/// <param name="NewSince">Events received from then on were new to this look; null where all were.</param>
public sealed record LedgerWindow(
    string RuleId, DateTimeOffset Start, DateTimeOffset End, int Revision, long Windows, WindowState State, int Attempt, long Token, string Node, DateTimeOffset? LeaseUntil, DateTimeOffset? NewSince,
    long Rows, int Detections, int Suppressed, DateTimeOffset Started, DateTimeOffset? Finished, TimeSpan Took, DateTimeOffset? RetryAt, string Reason);

/// <summary>A span that was not evaluated.</summary>
/// <param name="Windows">Windows that begin in it.</param>
public sealed record LedgerGap(DateTimeOffset From, DateTimeOffset To, WindowState State, long Windows, string Reason);

/// <summary>How completely a rule was evaluated over a span.</summary>
/// <param name="EvaluatedShare">Windows done of all windows that the span asks for, 0 to 1; 1 where there are none.</param>
/// <param name="Waiting">Missed windows that are still to be made up, those of a rule that is off included.</param>
/// <param name="Revisions">Looks again at windows into which events came late.</param>
/// <param name="LateWaiting">Spans that wait for such a look.</param>
/// <param name="EvaluatedUpTo">Start of the next window at the live edge, or null where the rule was never due.</param>
/// <param name="Gaps">What is not evaluated, oldest first, at most <see cref="MaxGaps"/>.</param>
public sealed record LedgerSummary(
    string RuleId, string Title, double EvaluatedShare, long Done, long Failed, long Skipped, long Running, long Waiting, long Revisions, long LateWaiting, DateTimeOffset? EvaluatedUpTo, IReadOnlyList<LedgerGap> Gaps)
{
    public const int MaxGaps = 100;

    /// <summary>False where the span asks for no window yet: there is no share to speak of.</summary>
    public bool HasWindows => Done + Failed + Skipped + Running + Waiting > 0;
}
