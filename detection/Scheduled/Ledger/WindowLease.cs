using Beacon.Events;

namespace Beacon.Detections.Scheduled.Ledger;

/// <summary>A window that this process may evaluate, until another takes it over.</summary>
/// <param name="Attempt">1 for the first.</param>
/// <param name="Token">Grows with every claim of the window; what is written under an older one is refused.</param>
/// <param name="NewSince">Null at the first look.</param>
/// <param name="SeenUpTo">Every event received before this is in the store.</param>
internal sealed record WindowLease(ScheduledRule Rule, TimeRange Range, int Revision, int Attempt, long Token, DateTimeOffset? NewSince, DateTimeOffset SeenUpTo)
{
    public EvaluationWindow Look => new(Rule, Range) { Revision = Revision, NewSince = NewSince, SeenUpTo = SeenUpTo };
}

/// <summary>Another process has taken the window over: what this one found is not written.</summary>
#pragma warning disable CA1032, CA1064 // Made in one place, caught in one place.
internal sealed class LeaseLostException(WindowLease lease) : Exception($"the window from {lease.Range.From:O} was taken over by another process");
#pragma warning restore CA1032, CA1064
