using Beacon.Collectors.Spool;
using Microsoft.Win32.SafeHandles;

namespace Beacon.Collectors.Receivers.Tail;

/// <summary>One file that is followed: its handle stays open across a rename, so that the last lines before a rotation are read.</summary>
internal sealed class TailedFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly byte[] _first = new byte[FileIdentity.FingerprintBytes];
    private byte[] _meta = [];
    private long _fingerprint;
    private int _fingerprintLength;

    public TailedFile(string path, long device, long inode)
    {
        Path = path;
        Device = device;
        Inode = inode;
        _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    }

    public string Path { get; private set; }
    public long Device { get; }
    public long Inode { get; }
    /// <summary>Bytes whose lines are in the spool.</summary>
    public long Position { get; set; }
    public bool SkippingLine { get; set; }
    /// <summary>Looks in a row that found the file gone from its place and no more lines in it.</summary>
    public int IdleWhileGone { get; set; }
    public ReadOnlySpan<byte> Meta => _meta;

    /// <summary>Begins where a position says, if the file is the one that it was noted for.</summary>
    public void Resume(FilePosition? known)
    {
        if (known is null || known.Position > Length || FingerprintOf(known.FingerprintLength) != known.Fingerprint) return;
        Position = known.Position;
        (_fingerprint, _fingerprintLength) = (known.Fingerprint, known.FingerprintLength);
        RebuildMeta();
    }

    public long Length => RandomAccess.GetLength(_handle);

    /// <summary>Sees whether the file was cut or written anew in place, and begins again where it was.</summary>
    /// <returns>True where it was.</returns>
    public bool CheckTruncation()
    {
        var replaced = Length < Position || (_fingerprintLength > 0 && FingerprintOf(_fingerprintLength) != _fingerprint);
        if (replaced)
        {
            Position = 0;
            SkippingLine = false;
            _fingerprintLength = 0;
        }
        if (_fingerprintLength < FileIdentity.FingerprintBytes)
        {
            var n = RandomAccess.Read(_handle, _first, 0);
            if (n > _fingerprintLength)
            {
                (_fingerprint, _fingerprintLength) = (FileIdentity.Fingerprint(_first.AsSpan(0, n)), n);
                RebuildMeta();
            }
        }
        return replaced;
    }

    public int Read(Span<byte> into) => RandomAccess.Read(_handle, into, Position);

    public void Renamed(string path)
    {
        if (Path == path) return;
        Path = path;
        RebuildMeta();
    }

    /// <summary>The meta data of a frame that ends at a position.</summary>
    public ReadOnlySpan<byte> MetaAt(long position)
    {
        FilePosition.Move(_meta, position);
        return _meta;
    }

    public FilePosition ToPosition() => new(Device, Inode, _fingerprint, _fingerprintLength, Position, false, Path);

    public void Dispose() => _handle.Dispose();

    private long FingerprintOf(int length)
    {
        if (length is < 0 or > FileIdentity.FingerprintBytes) return 0;
        Span<byte> bytes = stackalloc byte[FileIdentity.FingerprintBytes];
        var n = 0;
        while (n < length)
        {
            var more = RandomAccess.Read(_handle, bytes[n..length], n);
            if (more == 0) break;
            n += more;
        }
        return FileIdentity.Fingerprint(bytes[..n]);
    }

    private void RebuildMeta() => _meta = ToPosition().ToMeta();
}
