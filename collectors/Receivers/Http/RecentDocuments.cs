namespace Beacon.Collectors.Receivers.Http;

internal enum DocumentClaim
{
    /// <summary>Not seen before: the caller appends it, and settles the claim.</summary>
    New,
    /// <summary>On disk already.</summary>
    Known,
    /// <summary>Another request is about to put it on disk; its answer is not known yet.</summary>
    Pending,
}

/// <summary>
/// Remembers the last document ids, so that a request which is sent again (its answer was lost) stores nothing twice. The oldest are
/// forgotten first; after a start the ids are learned again from the segments that the spool still holds.
/// </summary>
internal sealed class RecentDocuments(int capacity)
{
    private readonly Lock _gate = new();
    private readonly HashSet<UInt128> _known = [];
    private readonly Queue<UInt128> _order = new();
    private readonly HashSet<UInt128> _pending = [];

    public void Learn(UInt128 key)
    {
        lock (_gate) Remember(key);
    }

    public DocumentClaim Claim(UInt128 key)
    {
        if (capacity == 0) return DocumentClaim.New;
        lock (_gate)
        {
            if (_known.Contains(key)) return DocumentClaim.Known;
            return _pending.Add(key) ? DocumentClaim.New : DocumentClaim.Pending;
        }
    }

    /// <summary>Ends claims: the documents are on disk, or they are not.</summary>
    public void Settle(IReadOnlyList<UInt128> keys, bool stored)
    {
        lock (_gate)
            foreach (var key in keys)
            {
                _pending.Remove(key);
                if (stored) Remember(key);
            }
    }

    private void Remember(UInt128 key)
    {
        if (capacity == 0 || !_known.Add(key)) return;
        _order.Enqueue(key);
        if (_order.Count > capacity) _known.Remove(_order.Dequeue());
    }
}
