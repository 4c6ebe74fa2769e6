namespace Beacon.Collectors.Spool;

/// <summary>Batches that go to disk with one write and one fsync.</summary>
internal sealed class SpoolGroup
{
    private byte[] _bytes = new byte[64 * 1024];

    public int Length { get; private set; }
    public int Count { get; private set; }
    public Memory<byte> Bytes => _bytes.AsMemory(0, Length);

    /// <summary>Answers with the group's first sequence number.</summary>
    public TaskCompletionSource<AppendResult> Done { get; private set; } = New();

    /// <returns>Number of frames in the group before this batch.</returns>
    public int Add(FrameBatch batch, long received)
    {
        if (Length + batch.Length > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + batch.Length));
        var place = _bytes.AsSpan(Length, batch.Length);
        batch.Bytes.CopyTo(place);
        for (var at = 0; at < place.Length; at += SpoolFormat.LengthOf(place[at..])) SpoolFormat.SetReceived(place[at..], received);
        var before = Count;
        Length += batch.Length;
        Count += batch.Count;
        return before;
    }

    public void Seal(long first)
    {
        var bytes = _bytes.AsSpan(0, Length);
        while (bytes.Length > 0)
        {
            var length = SpoolFormat.LengthOf(bytes);
            SpoolFormat.Seal(bytes[..length], first++);
            bytes = bytes[length..];
        }
    }

    public void Clear()
    {
        Length = 0;
        Count = 0;
        Done = New();
        if (_bytes.Length > 8 * 1024 * 1024) _bytes = new byte[64 * 1024];
    }

    private static TaskCompletionSource<AppendResult> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
