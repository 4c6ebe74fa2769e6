using System.Buffers.Binary;
using System.Text;

namespace Beacon.Collectors.Spool;

/// <summary>How far a file was read; travels in the meta data of each frame, so that frame and position are durable together.</summary>
/// <param name="Fingerprint">Checksum of the file's first <paramref name="FingerprintLength"/> bytes: tells a new file with an old inode.</param>
/// <param name="Position">Bytes read, or records for formats that have them.</param>
/// <param name="Complete">The file is read to its end and will not be opened again.</param>
internal sealed record FilePosition(long Device, long Inode, long Fingerprint, int FingerprintLength, long Position, bool Complete, string Path)
{
    private const int Fixed = 38;

    public byte[] ToMeta()
    {
        var path = Encoding.UTF8.GetBytes(Path);
        var meta = new byte[Fixed + path.Length];
        meta[0] = (byte)FrameMetaKind.FilePosition;
        BinaryPrimitives.WriteInt64LittleEndian(meta.AsSpan(1), Device);
        BinaryPrimitives.WriteInt64LittleEndian(meta.AsSpan(9), Inode);
        BinaryPrimitives.WriteInt64LittleEndian(meta.AsSpan(17), Fingerprint);
        BinaryPrimitives.WriteInt32LittleEndian(meta.AsSpan(25), FingerprintLength);
        BinaryPrimitives.WriteInt64LittleEndian(meta.AsSpan(29), Position);
        meta[37] = Complete ? (byte)1 : (byte)0;
        path.CopyTo(meta, Fixed);
        return meta;
    }

    /// <summary>Moves the position within meta data made by <see cref="ToMeta"/>, sparing an allocation a line.</summary>
    public static void Move(Span<byte> meta, long position) => BinaryPrimitives.WriteInt64LittleEndian(meta[29..], position);

    public static ReadOnlySpan<byte> PathOf(ReadOnlySpan<byte> meta) =>
        FrameMeta.KindOf(meta) == FrameMetaKind.FilePosition && meta.Length >= Fixed ? meta[Fixed..] : default;

    public static FilePosition? Read(ReadOnlySpan<byte> meta) =>
        FrameMeta.KindOf(meta) != FrameMetaKind.FilePosition || meta.Length < Fixed ? null
            : new FilePosition(BinaryPrimitives.ReadInt64LittleEndian(meta[1..]), BinaryPrimitives.ReadInt64LittleEndian(meta[9..]),
                BinaryPrimitives.ReadInt64LittleEndian(meta[17..]), BinaryPrimitives.ReadInt32LittleEndian(meta[25..]),
                BinaryPrimitives.ReadInt64LittleEndian(meta[29..]), meta[37] != 0, Encoding.UTF8.GetString(meta[Fixed..]));
}
