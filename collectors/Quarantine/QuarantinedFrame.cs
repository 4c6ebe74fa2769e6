namespace Beacon.Collectors.Quarantine;

/// <summary>A frame that could not be read.</summary>
/// <param name="Sequence">Its place in the spool, which is its id here.</param>
/// <param name="Position">Byte of the frame at which reading stopped.</param>
/// <param name="Replaying">A second try is on its way.</param>
/// <param name="Frame">The frame's bytes; empty in lists.</param>
public sealed record QuarantinedFrame(long Sequence, string Source, DateTimeOffset Received, string Reason, int Position, int Length, bool Replaying, ReadOnlyMemory<byte> Frame);

/// <summary>What to replay or delete: one frame, all of a source, or all.</summary>
/// <param name="Sequence">Null for all of the source.</param>
/// <param name="Source">Null for any.</param>
public readonly record struct QuarantineSelection(long? Sequence, string? Source)
{
    public static readonly QuarantineSelection All;
    public static QuarantineSelection One(long sequence) => new(sequence, null);
    public static QuarantineSelection Of(string source) => new(null, source);
}

internal enum QuarantineState
{
    Held = 0,
    Replaying = 1,
    /// <summary>Marks, until the ledger has it, that a frame did not fit into the quarantine.</summary>
    Dropped = 2,
    /// <summary>Marks, until the ledger has it, that a replay failed again.</summary>
    ReplayFailed = 3,
}

/// <summary>A decision about a frame that is made durable before the store moves past it.</summary>
internal sealed record QuarantineDecision(
    long Sequence, string Source, long Received, string Reason, int Position, QuarantineState State, byte[]? Meta, byte[]? Frame, long Replayed);
