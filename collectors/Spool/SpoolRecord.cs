using System.Buffers.Binary;
using Beacon.Events;

namespace Beacon.Collectors.Spool;

/// <summary>A frame as it is read from the spool; its bytes are the reader's and last until the next read.</summary>
internal readonly struct SpoolRecord(ReadOnlyMemory<byte> bytes)
{
    public long Sequence => SpoolFormat.SequenceOf(bytes.Span);
    public long ReceivedMicroseconds => SpoolFormat.ReceivedOf(bytes.Span);
    public DateTimeOffset Received => StateTime.FromMicroseconds(ReceivedMicroseconds);
    public ReadOnlySpan<byte> Source => bytes.Span.Slice(SpoolFormat.RecordHeader, SourceLength);
    public ReadOnlySpan<byte> Meta => bytes.Span.Slice(SpoolFormat.RecordHeader + SourceLength, MetaLength);
    public ReadOnlySpan<byte> Frame => bytes.Span[(SpoolFormat.RecordHeader + SourceLength + MetaLength)..];
    private int SourceLength => BinaryPrimitives.ReadUInt16LittleEndian(bytes.Span[28..]);
    private int MetaLength => BinaryPrimitives.ReadUInt16LittleEndian(bytes.Span[30..]);
}

/// <summary>Frames that were in the spool and cannot be read any more.</summary>
internal readonly record struct SpoolGap(long From, long To, string Reason)
{
    public long Count => To - From + 1;
}

internal enum SpoolRead
{
    Empty,
    Record,
    Gap,
}
