using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Beacon.Collectors.Parsers.Evtx;

/// <summary>Reads little-endian values of a chunk within bounds; a read beyond them fails once and for all, and gives zeros.</summary>
internal ref struct ChunkCursor(ReadOnlySpan<byte> chunk, int position, int end)
{
    private readonly ReadOnlySpan<byte> _chunk = chunk;
    private readonly int _end = Math.Min(end, chunk.Length);

    public int Position { get; set; } = position;
    public bool Failed { get; private set; }
    public readonly int End => _end;
    public readonly bool AtEnd => Failed || Position >= _end;

    public byte Byte() => Take(1) is { Length: 1 } b ? b[0] : (byte)0;
    public ushort UInt16() => Take(2) is { Length: 2 } b ? BinaryPrimitives.ReadUInt16LittleEndian(b) : (ushort)0;
    public uint UInt32() => Take(4) is { Length: 4 } b ? BinaryPrimitives.ReadUInt32LittleEndian(b) : 0;
    public readonly byte Peek() => Position < _end ? _chunk[Position] : (byte)0;
    public void Fail() => Failed = true;

    public ReadOnlySpan<byte> Take(int count)
    {
        if (Failed || count < 0 || Position < 0 || count > _end - Position)
        {
            Failed = true;
            return default;
        }
        var taken = _chunk.Slice(Position, count);
        Position += count;
        return taken;
    }

    /// <summary>A name by its place in the chunk. One that stands right here is stepped over.</summary>
    public string Name()
    {
        var offset = (int)Math.Min(UInt32(), int.MaxValue);
        if (Failed) return "";
        if (offset == Position)
        {
            Take(6);
            var inline = Take(UInt16() * 2);
            Take(2);
            return Failed ? "" : new string(MemoryMarshal.Cast<byte, char>(inline));
        }
        if (offset > _chunk.Length - 8)
        {
            Failed = true;
            return "";
        }
        var length = BinaryPrimitives.ReadUInt16LittleEndian(_chunk[(offset + 6)..]) * 2;
        if (length > _chunk.Length - offset - 8)
        {
            Failed = true;
            return "";
        }
        return new string(MemoryMarshal.Cast<byte, char>(_chunk.Slice(offset + 8, length)));
    }
}
