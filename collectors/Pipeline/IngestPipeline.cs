using Beacon.Collectors.Quarantine;
using Beacon.Collectors.Receivers.Http;
using Beacon.Collectors.Sources;
using Beacon.Collectors.Spool;
using Beacon.Events;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Beacon.Collectors.Pipeline;

/// <summary>
/// Reads the spool from the stage that is furthest behind and hands each frame to the stages that do not have it yet: matching, the
/// store, the ledger. Each stage keeps its own durable checkpoint, so each takes every frame exactly once, whatever crashes where.
/// </summary>
internal sealed partial class IngestPipeline(
    FrameSpool spool, FrameDecoder decoder, IStreamDetector detector, DetectionWriter detections, StoreWriter writer, EventPool pool,
    IEventStore store, IStateDatabase state, LossLedger ledger, FrameQuarantine quarantine, FilePositions positions, ActivityBook activity,
    SourceCatalog sources, RecentDocuments documents, CollectorsMeter meter, CollectorsOptions options, TimeProvider time, ILogger<IngestPipeline> log)
    : IHostedService, IIngestWatermark, IDisposable
{
    /// <summary>Frames handled before detections are handed on: keeps alerts prompt while the spool is long.</summary>
    private const int ChunkFrames = 256;
    private const long MaxBatchBytes = 16 * 1024 * 1024;
    /// <summary>Detectors are told at least so often what time it is.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly List<Detection> _found = [];
    private Dictionary<long, QuarantineState> _decided = [];
    private long _position;
    private long _received;
    private long _recoveredTail;
    private long _detectFrom;
    private long _storeFrom;
    private long _ledgerFrom;
    private IngestBatch? _batch;
    private Task _work = Task.CompletedTask;

    private long _quiet;

    public DateTimeOffset CompleteUpTo
    {
        get
        {
            var done = Math.Min(writer.Ledgered, Math.Min(writer.Stored, detections.Committed));
            if (spool.QuietSince(done) is { } quiet)
            {
                Volatile.Write(ref _quiet, StateTime.ToMicroseconds(quiet));
                return quiet;
            }
            // What is on its way came after the last quiet moment: that moment holds until the ledger has passed it.
            return StateTime.FromMicroseconds(Math.Max(Volatile.Read(ref _quiet), Math.Max(0, writer.LedgeredReceived - 1)));
        }
    }

    /// <summary>Frames that are not in the ledger yet.</summary>
    public long InFlight => Math.Max(0, spool.Tail - writer.Ledgered);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await sources.LoadAsync(cancellationToken).ConfigureAwait(false);
        await RecoverAsync(cancellationToken).ConfigureAwait(false);
        ledger.Watch(() => InFlight);
        meter.Observe(() => InFlight, () => spool.Bytes, () => InFlight == 0 ? 0 : Math.Max(0, (time.GetUtcNow() - CompleteUpTo).TotalSeconds));
        _work = Task.WhenAll(
            Task.Run(() => writer.RunAsync(Trim, _abort.Token), CancellationToken.None),
            Task.Run(() => detections.RunAsync(_abort.Token), CancellationToken.None),
            Task.Run(FlushDropsLoopAsync, CancellationToken.None),
            Task.Run(ReadLoopAsync, CancellationToken.None));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        try
        {
            await _work.WaitAsync(DrainTime * 2, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is OperationCanceledException or TimeoutException)
        {
            // What is not done stays in the spool for the next start.
            StoppedEarly(log, InFlight);
            await _abort.CancelAsync().ConfigureAwait(false);
            await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
        _stop.Dispose();
        _abort.Dispose();
    }

    private async Task RecoverAsync(CancellationToken cancellation)
    {
        var (detected, ledgered) = await state.ReadAsync(db =>
        {
            positions.Load(db);
            activity.Load(db);
            return (Checkpoints.Read(db, Checkpoints.Detect), Checkpoints.Read(db, Checkpoints.Ledger));
        }, cancellation).ConfigureAwait(false);
        var stored = store.CommittedSequence;
        var highest = Math.Max(stored, Math.Max(detected, ledgered));
        if (highest > spool.Tail)
        {
            SpoolLog.Behind(log, spool.Tail, highest);
            spool.AdvanceTo(highest);
        }
        (_detectFrom, _storeFrom, _ledgerFrom) = (detected, stored, ledgered);
        _recoveredTail = spool.Tail;
        var replays = LearnFromSpool(ledgered);
        _decided = await quarantine.RecoverAsync(ledgered, replays, cancellation).ConfigureAwait(false);
        // Frames that every stage has may have been removed: reading begins where frames are still to be had.
        _position = Math.Min(detected, Math.Min(stored, ledgered));
        if (spool.SegmentAt(_position + 1) is { } segment && segment.First > _position + 1) _position = segment.First - 1;
        detections.Start(detected);
        writer.Start(stored, ledgered, 0);
    }

    /// <summary>Reads what the spool still holds for file positions, document ids and replays that are written nowhere else yet.</summary>
    private HashSet<long> LearnFromSpool(long ledgered)
    {
        var replays = new HashSet<long>();
        var first = spool.SegmentAt(0)?.First ?? 1;
        using var reader = new SpoolReader(spool, first - 1);
        SpoolRead read;
        while ((read = reader.TryRead(out var record, out _)) != SpoolRead.Empty)
        {
            if (read != SpoolRead.Record) continue;
            if (FrameMeta.TryDocument(record.Meta, out var key)) documents.Learn(key);
            if (record.Sequence <= ledgered) continue;
            if (FilePosition.Read(record.Meta) is { } position) positions.Note(sources.ProfileOf(record.Source).Id, position);
            else if (FrameMeta.TryReplay(record.Meta, out var replayed, out _)) replays.Add(replayed);
        }
        return replays;
    }

    private async Task ReadLoopAsync()
    {
        try
        {
            using var reader = new SpoolReader(spool, _position);
            DateTimeOffset? drainUntil = null;
            while (true)
            {
                var worked = ReadChunk(reader);
                // Behind the last frame nothing waits, and time goes on without frames.
                detector.Advance(worked ? StateTime.FromMicroseconds(_received) : time.GetUtcNow(), _found);
                await detections.OfferAsync(_found, detector.TakeChanges(), _position, _abort.Token).ConfigureAwait(false);
                if (_batch is { } full && IsDue(full)) await HandOverAsync(full).ConfigureAwait(false);
                if (_stop.IsCancellationRequested)
                {
                    drainUntil ??= time.GetUtcNow() + DrainTime;
                    if (!worked || time.GetUtcNow() >= drainUntil) break;
                }
                if (!worked) await WaitForWorkAsync().ConfigureAwait(false);
            }
            if (_batch is { } rest) await HandOverAsync(rest).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_abort.IsCancellationRequested)
        {
        }
        catch (Exception fault)
        {
            Failed(log, fault);
            throw;
        }
        finally
        {
            writer.Complete();
            detections.Complete();
        }
    }

    private bool ReadChunk(SpoolReader reader)
    {
        for (var i = 0; i < ChunkFrames; i++)
        {
            if (_batch is { } full && (full.Frames >= options.StoreBatchEvents || full.Bytes >= MaxBatchBytes)) return true;
            switch (reader.TryRead(out var record, out var gap))
            {
                case SpoolRead.Empty: return i > 0;
                case SpoolRead.Gap: Skip(gap); break;
                default: Handle(record); break;
            }
        }
        return true;
    }

    private void Handle(in SpoolRecord record)
    {
        var batch = _batch ??= new IngestBatch(time.GetUtcNow());
        var sequence = record.Sequence;
        _position = sequence;
        _received = Math.Max(_received, record.ReceivedMicroseconds);
        batch.UpTo = sequence;
        batch.Frames++;
        batch.Bytes += record.Frame.Length;
        var source = sources.ProfileOf(record.Source).Id;
        var isReplay = FrameMeta.TryReplay(record.Meta, out var replayed, out _);
        var toStore = sequence > _storeFrom;
        var toDetect = sequence > _detectFrom;
        var toLedger = sequence > _ledgerFrom;

        // A decision made before a crash stands, whatever today's parser would say.
        var decided = sequence <= _recoveredTail && _decided.Remove(sequence, out var before) ? before : (QuarantineState?)null;
        var kept = decided is null;
        if (kept && (toStore || toDetect))
        {
            var e = pool.Rent();
            var result = decoder.Decode(record, spool.Identity, e);
            if (result.Succeeded)
            {
                if (toDetect) detector.Detect(e, _found);
                if (toStore) batch.Events.Add(e);
                if (toStore && record.Frame.Length > EventPool.LargeFrame) batch.Large.Add(e);
                if (!toStore) pool.Return(e);
            }
            else
            {
                pool.Return(e);
                // Behind the store's checkpoint it was stored: only a newer parser can disagree, and it is not asked.
                if (toStore)
                {
                    kept = false;
                    meter.Quarantined(source);
                    var decision = quarantine.Decide(sequence, source, record.ReceivedMicroseconds, result.Error!.ToString(), result.Offset, record.Meta, record.Frame);
                    decided = decision.State;
                    batch.Decisions.Add(decision);
                }
            }
        }
        if (toLedger) Count(batch, record, source, isReplay, replayed, kept, decided);
    }

    private static void Count(IngestBatch batch, in SpoolRecord record, string source, bool isReplay, long replayed, bool kept, QuarantineState? decided)
    {
        if (isReplay)
        {
            if (kept) batch.Replayed.Add(replayed);
            return;
        }
        var received = record.ReceivedMicroseconds;
        batch.Ledger.Add(source, received, new LedgerCounts(1, kept ? 1 : 0, decided is QuarantineState.Held or QuarantineState.Replaying ? 1 : 0, decided is QuarantineState.Dropped ? 1 : 0));
        batch.LastReceived = Math.Max(batch.LastReceived, received);
        if (FilePosition.Read(record.Meta) is { } position) batch.Positions[(source, position.Device, position.Inode)] = position;
        if (!batch.Received.TryGetValue(source, out var run)) batch.Received[source] = run = new ReceivedRun();
        run.Add(received);
    }

    private void Skip(SpoolGap gap)
    {
        var batch = _batch ??= new IngestBatch(time.GetUtcNow());
        _position = gap.To;
        batch.UpTo = gap.To;
        var lost = gap.To - Math.Max(gap.From - 1, _ledgerFrom);
        if (lost <= 0) return;
        SpoolLog.Damaged(log, gap.From, gap.To, gap.Reason);
        meter.Dropped(LossLedger.SpoolSource, "spool damage", lost);
        var when = batch.LastReceived > 0 ? batch.LastReceived : StateTime.ToMicroseconds(time.GetUtcNow());
        batch.Ledger.Add(LossLedger.SpoolSource, when, new LedgerCounts(lost, 0, 0, lost));
    }

    private bool IsDue(IngestBatch batch) =>
        batch.Frames >= options.StoreBatchEvents || batch.Bytes >= MaxBatchBytes || time.GetUtcNow() - batch.Started >= TimeSpan.FromMilliseconds(options.StoreBatchMilliseconds);

    private async Task HandOverAsync(IngestBatch batch)
    {
        activity.Observe(batch.Received);
        _batch = null;
        // Where the store is slower than the frames come: detections must not wait for it, but memory has a ceiling: reading pauses, the spool holds.
        await writer.WriteAsync(batch, _abort.Token).ConfigureAwait(false);
    }

    private async Task WaitForWorkAsync()
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var more = spool.WaitBeyondAsync(_position, enough.Token);
        var rest = LookEvery;
        if (_batch is { } open)
        {
            rest = open.Started + TimeSpan.FromMilliseconds(options.StoreBatchMilliseconds) - time.GetUtcNow();
            if (rest > LookEvery) rest = LookEvery;
        }
        var due = Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, time, enough.Token);
        await Task.WhenAny(more, due).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        await more.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Trim() => spool.Trim(Math.Min(writer.Ledgered, Math.Min(writer.Stored, detections.Committed)));

    private async Task FlushDropsLoopAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                await ledger.FlushDropsAsync(_stop.Token).ConfigureAwait(false);
                await ledger.FoldAsync(_stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception fault)
        {
            Failed(log, fault);
        }
        await ledger.FlushDropsAsync(CancellationToken.None).ConfigureAwait(false);
    }

    [LoggerMessage(1043, LogLevel.Critical, "The ingest pipeline has stopped; frames are kept in the spool")]
    private static partial void Failed(ILogger log, Exception fault);

    [LoggerMessage(1044, LogLevel.Warning, "Stopped before all was done: {Frames} frames wait in the spool for the next start")]
    private static partial void StoppedEarly(ILogger log, long frames);
}
