using System.Threading.Channels;
using Beacon.Collectors.Quarantine;
using Beacon.Collectors.Sources;
using Beacon.Collectors.Spool;
using Beacon.Events;
using Microsoft.Extensions.Logging;

namespace Beacon.Collectors.Pipeline;

/// <summary>
/// Stores batches in order: first the decisions about unreadable frames, then the events, then the ledger with positions and cadence.
/// Each step is durable before the next begins, so that a crash between two is made up without counting or storing anything twice.
/// </summary>
internal sealed partial class StoreWriter(
    IEventStore store, IStateDatabase state, FrameQuarantine quarantine, ActivityBook activity,
    EventPool pool, CollectorsMeter meter, TimeProvider time, ILogger<StoreWriter> log) : IDisposable
{
    /// <summary>
    /// What may wait, in thousands of frames or MiB of them, whichever is more: a store that folds its log into its file takes
    /// nothing for seconds, and detections must not wait for that.
    /// </summary>
    private const int Room = 40;

    private readonly Channel<IngestBatch> _batches = Channel.CreateBounded<IngestBatch>(new BoundedChannelOptions(Room) { SingleReader = true, SingleWriter = true });
    private readonly SemaphoreSlim _room = new(Room, Room);
    private long _stored;
    private long _ledgered;
    private long _ledgeredReceived;

    /// <summary>Frames up to this one are in the store or were left out on purpose.</summary>
    public long Stored => Volatile.Read(ref _stored);

    /// <summary>Frames up to this one are in the ledger.</summary>
    public long Ledgered => Volatile.Read(ref _ledgered);

    /// <summary>Time of receipt of the last frame in the ledger, in microseconds; 0 at first.</summary>
    public long LedgeredReceived => Volatile.Read(ref _ledgeredReceived);

    public void Start(long stored, long ledgered, long ledgeredReceived)
    {
        _stored = stored;
        _ledgered = ledgered;
        _ledgeredReceived = ledgeredReceived;
    }

    /// <summary>Hands a batch over; where there is no room, ends once there is. One caller at a time.</summary>
    public async ValueTask WriteAsync(IngestBatch batch, CancellationToken cancellation)
    {
        for (var n = RoomOf(batch); n > 0; n--) await _room.WaitAsync(cancellation).ConfigureAwait(false);
        await _batches.Writer.WriteAsync(batch, cancellation).ConfigureAwait(false);
    }

    public void Complete() => _batches.Writer.TryComplete();

    /// <param name="done">Called after each batch.</param>
    public async Task RunAsync(Action done, CancellationToken abort)
    {
        await foreach (var batch in _batches.Reader.ReadAllAsync(abort).ConfigureAwait(false))
        {
            _room.Release(RoomOf(batch));
            if (batch.Decisions.Count > 0)
                await RetryAsync("the quarantine", () => state.WriteAsync(tx => { FrameQuarantine.Write(tx, batch.Decisions); return 0; }, abort), abort).ConfigureAwait(false);
            if (batch.UpTo > _stored)
            {
                await RetryAsync("the event store", () => store.AppendAsync(batch.Events, batch.UpTo, abort), abort).ConfigureAwait(false);
                Volatile.Write(ref _stored, batch.UpTo);
                meter.Stored(batch.Events.Count);
            }
            if (batch.UpTo > _ledgered)
            {
                var freed = (Frames: 0, Bytes: 0L);
                await RetryAsync("the loss ledger", async () =>
                {
                    var refusals = await store.RefusalsAsync(_ledgered, batch.UpTo, abort).ConfigureAwait(false);
                    freed = await state.WriteAsync(tx => Settle(tx, batch, refusals), abort).ConfigureAwait(false);
                }, abort).ConfigureAwait(false);
                quarantine.Released(freed.Frames, freed.Bytes);
                if (batch.LastReceived > 0) Volatile.Write(ref _ledgeredReceived, Math.Max(_ledgeredReceived, batch.LastReceived));
                Volatile.Write(ref _ledgered, batch.UpTo);
            }
            foreach (var e in batch.Events) if (batch.Large.Count == 0 || !batch.Large.Contains(e)) pool.Return(e);
            done();
        }
    }

    public void Dispose() => _room.Dispose();

    private static int RoomOf(IngestBatch batch) => (int)Math.Clamp(Math.Max(batch.Frames / 1_000, batch.Bytes / (1024 * 1024)), 1, Room);

    private (int Frames, long Bytes) Settle(System.Data.Common.DbTransaction tx, IngestBatch batch, IReadOnlyList<EventRefusal> refusals)
    {
        // A rolled-back try must leave nothing behind: what the transaction adds goes to a delta of its own.
        var settled = new LedgerDelta();
        var (frames, bytes) = FrameQuarantine.Settle(tx, batch.UpTo, batch.Replayed, settled);
        foreach (var e in refusals) settled.Add(e.Source, StateTime.ToMicroseconds(e.Received), new LedgerCounts(0, -1, e.Kept ? 1 : 0, e.Kept ? 0 : 1));
        LossLedger.Apply(tx, batch.Ledger);
        LossLedger.Apply(tx, settled);
        FilePositions.Write(tx, batch.Positions);
        activity.Write(tx, batch.Received);
        Checkpoints.Write(tx, Checkpoints.Ledger, batch.UpTo);
        return (frames, bytes);
    }

    private async Task RetryAsync(string what, Func<Task> work, CancellationToken abort)
    {
        var backoff = new Backoff(time);
        while (true)
        {
            try
            {
                await work().ConfigureAwait(false);
                return;
            }
            catch (Exception fault) when (!abort.IsCancellationRequested)
            {
                // A server that is away is no fault of ours: its reason says all, and it comes with each try.
                WriteFailed(log, fault is IOException ? null : fault, what, fault.Message);
                await backoff.WaitAsync(abort).ConfigureAwait(false);
            }
        }
    }

    [LoggerMessage(1042, LogLevel.Error, "{What} does not take what was collected; it stays in the spool and is tried again: {Reason}")]
    private static partial void WriteFailed(ILogger log, Exception? fault, string what, string reason);
}
