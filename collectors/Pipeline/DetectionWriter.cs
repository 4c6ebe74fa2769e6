using System.Data.Common;
using Beacon.Events;
using Microsoft.Extensions.Logging;

namespace Beacon.Collectors.Pipeline;

/// <summary>
/// Hands detections to the sink together with what detectors remember and the checkpoint up to which events were matched: at once where there are any, else at
/// most once a second. One commit is under way at a time; what comes meanwhile goes with the next.
/// </summary>
internal sealed partial class DetectionWriter(IDetectionSink sink, TimeProvider time, ILogger<DetectionWriter> log) : IDisposable
{
    /// <summary>Detections that may wait.</summary>
    public const int MaxWaiting = 5_000;

    /// <summary>Changes of what detectors remember that may wait.</summary>
    public const int MaxChanges = 1_000;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private List<Detection> _waiting = [];
    private List<Action<DbTransaction>> _changes = [];
    private long _upTo;
    private bool _completed;
    private TaskCompletionSource? _room;
    private long _committed;

    /// <summary>Events up to this one are matched, and their detections are kept.</summary>
    public long Committed => Volatile.Read(ref _committed);

    public void Start(long committed)
    {
        _committed = committed;
        _upTo = committed;
    }

    /// <summary>Takes the detections of the events up to a sequence number; the list is emptied.</summary>
    /// <param name="changes">What the detector remembers of them, or null.</param>
    public Task OfferAsync(List<Detection> detections, Action<DbTransaction>? changes, long upTo, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (detections.Count > 0)
            {
                _waiting.AddRange(detections);
                detections.Clear();
                Wake();
            }
            if (changes is not null)
            {
                _changes.Add(changes);
                Wake();
            }
            if (upTo > _upTo)
            {
                _upTo = upTo;
                Wake();
            }
            if (_waiting.Count < MaxWaiting && _changes.Count < MaxChanges) return Task.CompletedTask;
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task.WaitAsync(cancellation);
        }
    }

    public void Complete()
    {
        lock (_gate)
        {
            _completed = true;
            Wake();
        }
    }

    public async Task RunAsync(CancellationToken abort)
    {
        var lastAlone = time.GetUtcNow() - TimeSpan.FromSeconds(1);
        while (true)
        {
            await _wake.WaitAsync(abort).ConfigureAwait(false);
            List<Detection> taken;
            List<Action<DbTransaction>> changes;
            long upTo;
            bool last;
            lock (_gate)
            {
                last = _completed;
                taken = _waiting;
                changes = _changes;
                upTo = _upTo;
                var due = time.GetUtcNow() - lastAlone >= TimeSpan.FromSeconds(1);
                if (taken.Count == 0 && changes.Count < MaxChanges && !last && !due) taken = null!;
                else (_waiting, _changes) = ([], []);
            }
            if (taken is null)
            {
                // Only the checkpoint moved: look again in a second, or sooner when detections come.
                await DelayOrWakeAsync(lastAlone, abort).ConfigureAwait(false);
                continue;
            }
            if (taken.Count > 0 || changes.Count > 0 || upTo > _committed) await CommitAsync(taken, changes, upTo, abort).ConfigureAwait(false);
            lastAlone = time.GetUtcNow();
            Volatile.Write(ref _committed, upTo);
            lock (_gate)
            {
                _room?.TrySetResult();
                _room = null;
            }
            if (last) return;
        }
    }

    private async Task DelayOrWakeAsync(DateTimeOffset lastAlone, CancellationToken abort)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(abort);
        var rest = lastAlone + TimeSpan.FromSeconds(1) - time.GetUtcNow();
        var delay = Task.Delay(rest < TimeSpan.Zero ? TimeSpan.Zero : rest, time, enough.Token);
        var woken = _wake.WaitAsync(enough.Token);
        await Task.WhenAny(delay, woken).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        // A wait that is being cancelled may still take a signal: it must be over before the next is given.
        await woken.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        abort.ThrowIfCancellationRequested();
        lock (_gate) Wake();
    }

    private async Task CommitAsync(List<Detection> detections, List<Action<DbTransaction>> changes, long upTo, CancellationToken abort)
    {
        var backoff = new Backoff(time);
        while (true)
        {
            try
            {
                await sink.CommitAsync(detections, tx =>
                {
                    foreach (var change in changes) change(tx);
                    Checkpoints.Write(tx, Checkpoints.Detect, upTo);
                }, abort).ConfigureAwait(false);
                return;
            }
            catch (Exception fault) when (!abort.IsCancellationRequested)
            {
                CommitFailed(log, fault, detections.Count);
                await backoff.WaitAsync(abort).ConfigureAwait(false);
            }
        }
    }

    public void Dispose() => _wake.Dispose();

    private void Wake()
    {
        if (_wake.CurrentCount == 0) _wake.Release();
    }

    [LoggerMessage(1041, LogLevel.Error, "{Count} detections could not be kept yet; they wait and are tried again")]
    private static partial void CommitFailed(ILogger log, Exception fault, int count);
}
