namespace Beacon.Detections.Scheduled.Ledger;

/// <summary>A rule as the ledger plans it.</summary>
/// <param name="Lateness">How long after its end a window waits now, sources included.</param>
internal sealed record PlannedRule(ScheduledRule Rule, bool Enabled, bool InOrder, bool LooksBack, TimeSpan Lateness)
{
    /// <summary>One window at a time: what a window gives depends on what others left.</summary>
    public bool IsSerial => InOrder || Rule.Suppression is not null;
}
