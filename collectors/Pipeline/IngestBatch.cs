using Beacon.Collectors.Quarantine;
using Beacon.Collectors.Spool;
using Beacon.Events;

namespace Beacon.Collectors.Pipeline;

/// <summary>A run of frames that is stored, and then written to the ledger, as one.</summary>
internal sealed class IngestBatch(DateTimeOffset started)
{
    public DateTimeOffset Started => started;
    public List<SecurityEvent> Events { get; } = [];
    public HashSet<SecurityEvent> Large { get; } = new(ReferenceEqualityComparer.Instance);
    public LedgerDelta Ledger { get; } = new();
    public List<QuarantineDecision> Decisions { get; } = [];
    /// <summary>Quarantined frames whose second try succeeded, by their first sequence number.</summary>
    public List<long> Replayed { get; } = [];
    public Dictionary<(string Source, long Device, long Inode), FilePosition> Positions { get; } = [];
    /// <summary>Times of receipt by source, one per second in which frames came.</summary>
    public Dictionary<string, ReceivedRun> Received { get; } = [];
    public long UpTo { get; set; }
    /// <summary>Time of receipt of the last frame, in microseconds.</summary>
    public long LastReceived { get; set; }
    public int Frames { get; set; }
    public long Bytes { get; set; }
}

/// <summary>When the frames of one source came within a batch.</summary>
internal sealed class ReceivedRun
{
    public List<long> Seconds { get; } = [];
    public long Count { get; private set; }

    public void Add(long microseconds)
    {
        Count++;
        var second = microseconds / 1_000_000;
        if (Seconds.Count == 0 || Seconds[^1] != second) Seconds.Add(second);
    }
}
