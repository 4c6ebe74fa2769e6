using Microsoft.Win32.SafeHandles;

namespace Beacon.Collectors.Spool;

/// <summary>Reads the records of one segment file, and finds the next one behind damage.</summary>
internal sealed class SegmentScanner(string path, int maxBody) : IDisposable
{
    private readonly SafeFileHandle _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    private byte[] _buffer = new byte[256 * 1024];
    private long _start;
    private int _length;

    /// <summary>Byte of the file at which the next read begins.</summary>
    public long Position { get; set; }

    /// <summary>Reads the record at the position and moves behind it. False where there is no valid one before <paramref name="end"/>.</summary>
    public bool TryRead(long end, out ReadOnlyMemory<byte> record)
    {
        record = default;
        var fresh = false;
        while (Position < end)
        {
            var available = Available(end);
            var length = SpoolFormat.Check(available.Span, maxBody);
            if (length > 0)
            {
                record = available[..length];
                Position += length;
                return true;
            }
            // What was read ahead may have been written since: look once more before it is called damaged.
            var needed = length < 0 ? -length : SpoolFormat.RecordHeader;
            if (fresh && (length == 0 || available.Length >= needed || Position + needed > end)) return false;
            if (length < 0 && Position + needed > end) return false;
            Fill(Math.Max(needed, SpoolFormat.RecordHeader), end);
            fresh = true;
        }
        return false;
    }

    /// <summary>Moves to the next valid record whose sequence number is at least <paramref name="sequence"/>.</summary>
    public bool TrySkipToRecord(long end, long sequence)
    {
        var at = Position;
        while (at < end)
        {
            Position = at;
            Fill(SpoolFormat.RecordHeader, end);
            var found = Available(end).Span.IndexOf(SpoolFormat.RecordMagicBytes);
            if (found < 0)
            {
                var seen = Available(end).Length;
                if (seen < SpoolFormat.RecordMagicBytes.Length || at + seen >= end) break;
                at += seen - SpoolFormat.RecordMagicBytes.Length + 1;
                continue;
            }
            Position = at + found;
            var start = Position;
            if (TryRead(end, out var record) && SpoolFormat.SequenceOf(record.Span) >= sequence)
            {
                Position = start;
                return true;
            }
            at = start + 1;
        }
        return false;
    }

    public void Dispose() => _handle.Dispose();

    private ReadOnlyMemory<byte> Available(long end)
    {
        if (Position < _start || Position >= _start + _length) return default;
        var from = (int)(Position - _start);
        return _buffer.AsMemory(from, (int)Math.Min(_length - from, end - Position));
    }

    private void Fill(int needed, long end)
    {
        if (_buffer.Length < needed) _buffer = new byte[needed];
        _start = Position;
        _length = 0;
        var wanted = (int)Math.Min(_buffer.Length, end - Position);
        while (_length < wanted)
        {
            var n = RandomAccess.Read(_handle, _buffer.AsSpan(_length, wanted - _length), _start + _length);
            if (n == 0) break;
            _length += n;
        }
    }
}
