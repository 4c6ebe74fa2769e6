using System.Text;

namespace Beacon.Collectors.Spool;

/// <summary>Frames of one source on their way to the spool, encoded as they will stand on disk. Reused; not thread-safe.</summary>
internal sealed class FrameBatch
{
    private readonly byte[] _source;
    private readonly int _maxFrame;
    private byte[] _bytes;

    /// <param name="maxFrame">Longest frame, in bytes.</param>
    public FrameBatch(string source, int maxFrame, int capacity = 4096)
    {
        _source = Encoding.UTF8.GetBytes(source);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_source.Length, SpoolFormat.MaxSourceBytes, nameof(source));
        _maxFrame = maxFrame;
        _bytes = new byte[capacity];
        Source = source;
    }

    public string Source { get; }
    public int Count { get; private set; }
    public int Length { get; private set; }
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Time of receipt in microseconds that replaces the spool's own clock; 0 for the clock.</summary>
    public long Received { get; set; }

    /// <returns>False where the frame is longer than the ceiling, or the meta data is.</returns>
    public bool Add(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> meta = default)
    {
        if (frame.Length > _maxFrame || meta.Length > SpoolFormat.MaxMetaBytes) return false;
        var size = SpoolFormat.RecordHeader + _source.Length + meta.Length + frame.Length;
        if (Length + size > _bytes.Length) Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(_bytes.Length * 2L, Length + (long)size)));
        SpoolFormat.WriteRecord(_bytes.AsSpan(Length, size), _source, meta, frame);
        Length += size;
        Count++;
        return true;
    }

    public void Clear()
    {
        Length = 0;
        Count = 0;
        Received = 0;
        // One large request must not hold its memory for the rest of a connection's life.
        if (_bytes.Length > 4 * 1024 * 1024) _bytes = new byte[64 * 1024];
    }
}
