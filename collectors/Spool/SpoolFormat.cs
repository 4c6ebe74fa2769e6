using System.Buffers.Binary;
using System.Numerics;

namespace Beacon.Collectors.Spool;

/// <summary>
/// The spool's bytes on disk, little-endian. Segment: magic "BCNSPL01", spool identity (8), first sequence (8), CRC-32C of those (4),
/// 4 zero. Record: magic (4), CRC-32C of all that follows (4), length of the body (4), sequence (8), microseconds since 1970 of
/// receipt (8), length of the source id (2), length of the meta data (2); the body is source id, meta data, frame.
/// </summary>
internal static class SpoolFormat
{
    public const int SegmentHeader = 32;
    public const int RecordHeader = 32;
    public const int MaxSourceBytes = 256;
    public const int MaxMetaBytes = 8 * 1024;
    public const uint RecordMagic = 0x9152_4342;
    public static ReadOnlySpan<byte> RecordMagicBytes => [0x42, 0x43, 0x52, 0x91];
    private static ReadOnlySpan<byte> SegmentMagic => "BCNSPL01"u8;

    public static void WriteSegmentHeader(Span<byte> into, ulong identity, long first)
    {
        into[..SegmentHeader].Clear();
        SegmentMagic.CopyTo(into);
        BinaryPrimitives.WriteUInt64LittleEndian(into[8..], identity);
        BinaryPrimitives.WriteInt64LittleEndian(into[16..], first);
        BinaryPrimitives.WriteUInt32LittleEndian(into[24..], Crc(into[..24]));
    }

    public static bool ReadSegmentHeader(ReadOnlySpan<byte> from, out ulong identity, out long first)
    {
        identity = 0;
        first = 0;
        if (from.Length < SegmentHeader || !from.StartsWith(SegmentMagic)) return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(from[24..]) != Crc(from[..24])) return false;
        identity = BinaryPrimitives.ReadUInt64LittleEndian(from[8..]);
        first = BinaryPrimitives.ReadInt64LittleEndian(from[16..]);
        return first > 0;
    }

    /// <summary>Writes all of a record but its sequence, time and checksum, which <see cref="Seal"/> adds.</summary>
    public static void WriteRecord(Span<byte> into, ReadOnlySpan<byte> source, ReadOnlySpan<byte> meta, ReadOnlySpan<byte> frame)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(into, RecordMagic);
        BinaryPrimitives.WriteInt32LittleEndian(into[8..], source.Length + meta.Length + frame.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(into[28..], (ushort)source.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(into[30..], (ushort)meta.Length);
        source.CopyTo(into[RecordHeader..]);
        meta.CopyTo(into[(RecordHeader + source.Length)..]);
        frame.CopyTo(into[(RecordHeader + source.Length + meta.Length)..]);
    }

    public static int LengthOf(ReadOnlySpan<byte> record) => RecordHeader + BinaryPrimitives.ReadInt32LittleEndian(record[8..]);
    public static long ReceivedOf(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt64LittleEndian(record[20..]);
    public static long SequenceOf(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt64LittleEndian(record[12..]);
    public static void SetReceived(Span<byte> record, long microseconds) => BinaryPrimitives.WriteInt64LittleEndian(record[20..], microseconds);

    public static void Seal(Span<byte> record, long sequence)
    {
        BinaryPrimitives.WriteInt64LittleEndian(record[12..], sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Crc(record[8..]));
    }

    /// <summary>Length of the valid record at the start of the bytes; 0 where there is none, negative where that many bytes are needed to tell.</summary>
    public static int Check(ReadOnlySpan<byte> bytes, int maxBody)
    {
        if (bytes.Length < RecordHeader) return -RecordHeader;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != RecordMagic) return 0;
        var body = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (body < 0 || body > maxBody) return 0;
        var source = BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]);
        var meta = BinaryPrimitives.ReadUInt16LittleEndian(bytes[30..]);
        if (source + meta > body) return 0;
        if (bytes.Length < RecordHeader + body) return -(RecordHeader + body);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) == Crc(bytes[8..(RecordHeader + body)]) ? RecordHeader + body : 0;
    }

    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }
        foreach (var b in bytes) crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
