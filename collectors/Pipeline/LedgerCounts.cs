using System.Runtime.InteropServices;

namespace Beacon.Collectors.Pipeline;

/// <summary>received = stored + quarantined + dropped, but for frames in flight.</summary>
public readonly record struct LedgerCounts(long Received, long Stored, long Quarantined, long Dropped)
{
    public bool Balances => Received == Stored + Quarantined + Dropped;

    public static LedgerCounts operator +(LedgerCounts a, LedgerCounts b) =>
        new(a.Received + b.Received, a.Stored + b.Stored, a.Quarantined + b.Quarantined, a.Dropped + b.Dropped);

    public static LedgerCounts Add(LedgerCounts left, LedgerCounts right) => left + right;
}

/// <summary>One minute of one source.</summary>
/// <param name="Minute">Its beginning, UTC; a whole day's where the minute was folded.</param>
public sealed record LedgerRow(string Source, DateTimeOffset Minute, LedgerCounts Counts);

/// <summary>Changes of the ledger that are written together.</summary>
internal sealed class LedgerDelta
{
    private readonly Dictionary<(string Source, long Minute), LedgerCounts> _counts = [];

    public IReadOnlyDictionary<(string Source, long Minute), LedgerCounts> Counts => _counts;

    /// <param name="microseconds">Time of receipt.</param>
    public void Add(string source, long microseconds, LedgerCounts change)
    {
        ref var counts = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, (source, microseconds / 60_000_000), out _);
        counts += change;
    }

    public void Clear() => _counts.Clear();
}
