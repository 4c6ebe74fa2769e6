using Beacon.Events;
using Microsoft.Extensions.Logging;

namespace Beacon.Collectors.Spool;

/// <param name="Directory">Folder of the segments, made where it is missing.</param>
internal sealed record SpoolSettings(string Directory, long SegmentBytes, long MaxBytes, int MaxFrameBytes)
{
    public int MaxBodyBytes => MaxFrameBytes + SpoolFormat.MaxSourceBytes + SpoolFormat.MaxMetaBytes;
}

/// <summary>
/// The durable queue that every frame passes: appended with an fsync shared by all who wait, read by sequence number, removed
/// segment by segment once it is done with. A torn end is cut off at opening; damage elsewhere is reported as a gap by the reader.
/// </summary>
internal sealed class FrameSpool : IAsyncDisposable
{
    /// <summary>Bytes that may wait for the disk.</summary>
    private const int MaxPendingBytes = 32 * 1024 * 1024;

    private readonly SpoolSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Task _flusher;
    private readonly List<SpoolSegment> _segments;
    private SpoolGroup _pending = new();
    private SpoolGroup _flushing = new();
    private SpoolFile _file;
    private TaskCompletionSource _grown = NewSignal();
    private TaskCompletionSource _room = NewSignal();
    private long _tail;
    private long _bytes;
    private long _lastReceived;
    private bool _stopping;

    private FrameSpool(SpoolSettings settings, SpoolRecovery recovered, TimeProvider time, ILogger log)
    {
        _settings = settings;
        _time = time;
        _log = log;
        _segments = recovered.Segments;
        _file = recovered.Active;
        _tail = recovered.Tail;
        _lastReceived = recovered.LastReceived;
        _bytes = _segments.Sum(s => s.Length);
        Identity = recovered.Identity;
        _flusher = Task.Run(FlushLoopAsync);
    }

    /// <summary>Drawn when the spool was made; part of the id of every event.</summary>
    public ulong Identity { get; }

    public SpoolSettings Settings => _settings;

    /// <summary>Last sequence number on disk; 0 at first.</summary>
    public long Tail => Volatile.Read(ref _tail);

    public long Bytes
    {
        get { lock (_gate) return _bytes; }
    }

    /// <summary>True while a frame would be refused because the ceiling is reached.</summary>
    public bool IsFull
    {
        get { lock (_gate) return _bytes + _pending.Length >= _settings.MaxBytes; }
    }

    /// <summary>Runs before each write to disk; tests make it fail.</summary>
    internal Action? BeforeWrite { get; set; }

    /// <exception cref="InvalidDataException">The folder holds segments of another spool.</exception>
    public static FrameSpool Open(SpoolSettings settings, TimeProvider time, ILogger log) =>
        new(settings, SpoolRecovery.Run(settings, log), time, log);

    /// <summary>Puts the batch on disk and answers once it is there.</summary>
    /// <param name="wait">Waits for room where the spool is full, instead of answering <see cref="AppendStatus.Full"/>.</param>
    public async ValueTask<AppendResult> AppendAsync(FrameBatch batch, bool wait, CancellationToken cancellation)
    {
        if (batch.Count == 0) return new AppendResult(AppendStatus.Stored, Tail);
        if (batch.Length > _settings.MaxBytes / 2) return new AppendResult(AppendStatus.Full, Error: "the batch is larger than half of the spool");
        while (true)
        {
            Task? retry;
            Task<AppendResult>? done = null;
            var before = 0;
            lock (_gate)
            {
                if (_stopping) return new AppendResult(AppendStatus.Stopped, Error: "the spool is closed");
                if (_bytes + _pending.Length + batch.Length > _settings.MaxBytes)
                {
                    if (!wait) return new AppendResult(AppendStatus.Full, Error: "the spool is full");
                    retry = _room.Task;
                }
                else if (_pending.Length > 0 && _pending.Length + batch.Length > MaxPendingBytes) retry = _pending.Done.Task;
                else
                {
                    retry = null;
                    var received = batch.Received;
                    if (received == 0) received = _lastReceived = Math.Max(_lastReceived, StateTime.ToMicroseconds(_time.GetUtcNow()));
                    before = _pending.Add(batch, received);
                    done = _pending.Done.Task;
                    if (_wake.CurrentCount == 0) _wake.Release();
                }
            }
            if (done is not null)
            {
                var result = await done.ConfigureAwait(false);
                return result.Stored ? result with { First = result.First + before } : result;
            }
            await retry!.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Ends once a frame after the sequence number is on disk.</summary>
    public Task WaitBeyondAsync(long sequence, CancellationToken cancellation)
    {
        Task grown;
        lock (_gate)
        {
            if (_tail > sequence) return Task.CompletedTask;
            grown = _grown.Task;
        }
        return grown.WaitAsync(cancellation);
    }

    /// <summary>The instant before which no frame can come any more, given that all up to a sequence number are done; null where frames are waiting.</summary>
    public DateTimeOffset? QuietSince(long done)
    {
        lock (_gate)
        {
            if (done < _tail || _pending.Count > 0 || _flushing.Count > 0) return null;
            _lastReceived = Math.Max(_lastReceived, StateTime.ToMicroseconds(_time.GetUtcNow()));
            return StateTime.FromMicroseconds(_lastReceived);
        }
    }

    /// <summary>Removes segments whose records are all done with; one closed segment is kept, from which recent document ids are learned at a start.</summary>
    public void Trim(long upTo)
    {
        var removed = new List<SpoolSegment>();
        lock (_gate)
        {
            while (_segments.Count > 2 && _segments[2].First - 1 <= upTo)
            {
                removed.Add(_segments[0]);
                _bytes -= _segments[0].Length;
                _segments.RemoveAt(0);
            }
            if (removed.Count == 0) return;
            _room.TrySetResult();
            _room = NewSignal();
        }
        foreach (var segment in removed) SpoolFile.TryDelete(segment.Path, _log);
    }

    /// <summary>Makes the next sequence number greater than one that is in use elsewhere: the spool's files were lost, the stores' were not.</summary>
    public void AdvanceTo(long sequence)
    {
        lock (_gate)
        {
            if (_tail >= sequence) return;
            _tail = sequence;
            Roll(sequence + 1);
        }
    }

    /// <summary>The segment that holds a sequence number, or the first one after it; null where there is none.</summary>
    public SpoolSegment? SegmentAt(long sequence)
    {
        lock (_gate)
        {
            for (var i = _segments.Count - 1; i >= 0; i--) if (_segments[i].First <= sequence) return _segments[i];
            return _segments.Count == 0 ? null : _segments[0];
        }
    }

    /// <summary>The segment after this one; null for the last.</summary>
    public SpoolSegment? SegmentAfter(long first)
    {
        lock (_gate) return _segments.Find(s => s.First > first);
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_stopping) return;
            _stopping = true;
            if (_wake.CurrentCount == 0) _wake.Release();
        }
        await _flusher.ConfigureAwait(false);
        _file.Dispose();
        _wake.Dispose();
    }

    private async Task FlushLoopAsync()
    {
        while (true)
        {
            await _wake.WaitAsync().ConfigureAwait(false);
            bool last;
            lock (_gate)
            {
                last = _stopping;
                (_pending, _flushing) = (_flushing, _pending);
            }
            if (_flushing.Count > 0) Flush(_flushing);
            if (last) return;
        }
    }

    private void Flush(SpoolGroup group)
    {
        var first = _tail + 1;
        AppendResult result;
        try
        {
            group.Seal(first);
            lock (_gate) if (_file.Length >= _settings.SegmentBytes) Roll(first);
            BeforeWrite?.Invoke();
            _file.Append(group.Bytes);
            result = new AppendResult(AppendStatus.Stored, first);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            _file.Rewind(_log);
            SpoolLog.WriteFailed(_log, fault.Message, group.Count);
            result = new AppendResult(AppendStatus.Failed, Error: "the spool's disk refuses to write");
        }
        var done = group.Done;
        TaskCompletionSource grown;
        lock (_gate)
        {
            if (result.Stored)
            {
                _tail += group.Count;
                _bytes += group.Length;
                _segments[^1] = _segments[^1] with { Length = _file.Length };
            }
            group.Clear();
            grown = _grown;
            _grown = NewSignal();
        }
        done.SetResult(result);
        grown.SetResult();
    }

    private void Roll(long first)
    {
        var file = SpoolFile.Create(_settings.Directory, Identity, first);
        _file.Dispose();
        _file = file;
        _segments.Add(new SpoolSegment(file.Path, first, file.Length));
        _bytes += file.Length;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
