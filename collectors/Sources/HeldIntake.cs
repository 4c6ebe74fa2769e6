using Beacon.Collectors.Pipeline;
using Beacon.Collectors.Spool;
using Beacon.Events;

namespace Beacon.Collectors.Sources;

/// <summary>Takes frames in the spool's stead while a source is tried: held in memory up to a ceiling, read as they would be, stored nowhere.</summary>
internal sealed class HeldIntake(Intake real, SourcePreview preview, SourceProfile profile, TimeProvider time) : Intake(real)
{
    /// <summary>Frames held at most; senders that can wait then wait.</summary>
    public const int MaxFrames = 1_000;
    private const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>What comes in one burst has no rate.</summary>
    private static readonly TimeSpan RateAfter = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly List<SpoolRecord> _frames = [];
    private readonly Queue<PreviewLine> _newest = new();
    private readonly SecurityEvent _event = new();
    private readonly List<double> _offsets = [];
    private long _bytes, _dropped, _unread, _textOnly;
    private string _format = "";
    private DateTimeOffset? _first, _last;

    /// <summary>Whether a frame would be held beside those of a batch that is on its way here.</summary>
    public bool HasRoomFor(FrameBatch batch, int frame)
    {
        lock (_gate) return _frames.Count + batch.Count < MaxFrames && _bytes + batch.Length + frame + SpoolFormat.MaxMetaBytes + SpoolFormat.MaxSourceBytes + SpoolFormat.RecordHeader <= MaxBytes;
    }

    /// <summary>Something was held or dropped; raised by the receiver's thread.</summary>
    public event Action? Changed;

    public override ValueTask<AppendResult> AppendAsync(FrameBatch batch, bool wait, CancellationToken cancellation)
    {
        var result = Append(batch);
        Changed?.Invoke();
        return ValueTask.FromResult(result);
    }

    private AppendResult Append(FrameBatch batch)
    {
        lock (_gate)
        {
            if (_frames.Count + batch.Count > MaxFrames || _bytes + batch.Length > MaxBytes) return new AppendResult(AppendStatus.Full, Error: $"the trial holds {MaxFrames} lines and 4 MiB at most");
            ReadOnlyMemory<byte> bytes = batch.Bytes.ToArray();
            for (var at = 0; at < bytes.Length;)
            {
                var length = SpoolFormat.LengthOf(bytes.Span[at..]);
                Hold(new SpoolRecord(bytes.Slice(at, length)));
                at += length;
            }
            _bytes += bytes.Length;
            return new AppendResult(AppendStatus.Stored);
        }
    }

    public override void Drop(string source, long frames, string reason)
    {
        if (frames <= 0) return;
        lock (_gate) _dropped += frames;
        Changed?.Invoke();
    }

    public TrialView View(SourceStatus status)
    {
        lock (_gate)
        {
            var span = _last - _first;
            return new TrialView(status, _frames.Count, (int)_unread, (int)_textOnly, _dropped, _frames.Count >= MaxFrames || _bytes >= MaxBytes, [.. _newest.Reverse()], _format,
                _offsets.Count == 0 ? null : TimeSpan.FromSeconds(_offsets.Order().ElementAt(_offsets.Count / 2)), span > RateAfter ? _frames.Count / span.Value.TotalSeconds : null);
        }
    }

    /// <summary>What is held, for those who store it; afterwards nothing is.</summary>
    public IReadOnlyList<SpoolRecord> Take()
    {
        lock (_gate)
        {
            SpoolRecord[] all = [.. _frames];
            _frames.Clear();
            _bytes = 0;
            return all;
        }
    }

    private void Hold(SpoolRecord record)
    {
        _frames.Add(record);
        _last = time.GetUtcNow();
        _first ??= _last;
        var line = preview.Read(profile, record.Frame, _event);
        if (line.Json is null) _unread++;
        else if (!line.Recognised) _textOnly++;
        if (line.Format.Length > 0) _format = line.Format;
        if (line.Written is { } written) _offsets.Add((written - _last.Value).TotalSeconds);
        _newest.Enqueue(line);
        if (_newest.Count > SourcePreview.MaxLines) _newest.Dequeue();
    }
}
