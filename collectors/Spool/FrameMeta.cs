using System.Buffers.Binary;
using System.Text;

namespace Beacon.Collectors.Spool;

internal enum FrameMetaKind : byte
{
    None = 0,
    Peer = 1,
    FilePosition = 2,
    Document = 3,
    Replay = 4,
}

/// <summary>What a receiver notes beside a frame: kind (1 byte), then the kind's own content.</summary>
internal static class FrameMeta
{
    public static FrameMetaKind KindOf(ReadOnlySpan<byte> meta) => meta.IsEmpty ? FrameMetaKind.None : (FrameMetaKind)meta[0];

    /// <summary>The sender's address as text.</summary>
    public static byte[] Peer(string address) => [(byte)FrameMetaKind.Peer, .. Encoding.UTF8.GetBytes(address)];

    public static ReadOnlySpan<byte> PeerOf(ReadOnlySpan<byte> meta) => KindOf(meta) == FrameMetaKind.Peer ? meta[1..] : default;

    /// <summary>The key by which a repeated document is known (16 bytes), and the index that it was sent to.</summary>
    public static byte[] Document(UInt128 key, ReadOnlySpan<byte> index)
    {
        var meta = new byte[17 + index.Length];
        meta[0] = (byte)FrameMetaKind.Document;
        BinaryPrimitives.WriteUInt128LittleEndian(meta.AsSpan(1), key);
        index.CopyTo(meta.AsSpan(17));
        return meta;
    }

    public static bool TryDocument(ReadOnlySpan<byte> meta, out UInt128 key)
    {
        key = default;
        if (KindOf(meta) != FrameMetaKind.Document || meta.Length < 17) return false;
        key = BinaryPrimitives.ReadUInt128LittleEndian(meta[1..]);
        return key != 0;
    }

    /// <summary>A quarantined frame's second try: the sequence number it had, and what it was noted with.</summary>
    public static byte[] Replay(long sequence, ReadOnlySpan<byte> original)
    {
        var meta = new byte[9 + original.Length];
        meta[0] = (byte)FrameMetaKind.Replay;
        BinaryPrimitives.WriteInt64LittleEndian(meta.AsSpan(1), sequence);
        original.CopyTo(meta.AsSpan(9));
        return meta;
    }

    public static bool TryReplay(ReadOnlySpan<byte> meta, out long sequence, out ReadOnlySpan<byte> original)
    {
        sequence = 0;
        original = meta;
        if (KindOf(meta) != FrameMetaKind.Replay || meta.Length < 9) return false;
        sequence = BinaryPrimitives.ReadInt64LittleEndian(meta[1..]);
        original = meta[9..];
        return true;
    }
}
