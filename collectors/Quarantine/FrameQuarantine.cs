using System.Data.Common;
using Beacon.Collectors.Pipeline;
using Beacon.Collectors.Spool;
using Beacon.Events;
using Microsoft.Extensions.Logging;

namespace Beacon.Collectors.Quarantine;

/// <summary>Keeps frames that could not be read, with the reason, until they are replayed or deleted.</summary>
public sealed partial class FrameQuarantine
{
    private readonly IStateDatabase _state;
    private readonly FrameSpool _spool;
    private readonly CollectorsOptions _options;
    private readonly ILogger<FrameQuarantine> _log;
    private long _frames;
    private long _bytes;

    internal FrameQuarantine(IStateDatabase state, FrameSpool spool, CollectorsOptions options, ILogger<FrameQuarantine> log)
    {
        _state = state;
        _spool = spool;
        _options = options;
        _log = log;
    }

    /// <summary>Frames held.</summary>
    public long Count => Volatile.Read(ref _frames);

    /// <summary>Newest first, without their bytes.</summary>
    /// <param name="source">Null for all.</param>
    /// <param name="before">Goes on before this sequence number; null for the newest.</param>
    /// <param name="limit">1 to 1,000.</param>
    public Task<IReadOnlyList<QuarantinedFrame>> ListAsync(string? source, long? before, int limit, CancellationToken cancellation) =>
        _state.ReadAsync<IReadOnlyList<QuarantinedFrame>>(db => db.Query(
            """
            SELECT sequence, source, received, reason, position, length(frame), state FROM collector_quarantine
            WHERE state < 2 AND (@p0 = '' OR source = @p0) AND sequence < @p1 ORDER BY sequence DESC LIMIT @p2
            """,
            r => new QuarantinedFrame(r.GetInt64(0), r.GetString(1), r.Instant(2), r.GetString(3), r.GetInt32(4), r.GetInt32(5), r.GetInt32(6) == 1, default),
            source ?? "", before ?? long.MaxValue, Math.Clamp(limit, 1, 1_000)), cancellation);

    public Task<QuarantinedFrame?> GetAsync(long sequence, CancellationToken cancellation) =>
        _state.ReadAsync(db => db.Query(
            "SELECT sequence, source, received, reason, position, frame, state FROM collector_quarantine WHERE state < 2 AND sequence = @p0",
            r => new QuarantinedFrame(r.GetInt64(0), r.GetString(1), r.Instant(2), r.GetString(3), r.GetInt32(4), ((byte[])r.GetValue(5)).Length, r.GetInt32(6) == 1, (byte[])r.GetValue(5)),
            sequence).FirstOrDefault(), cancellation);

    /// <summary>Reads the frames again with today's parsers, in the order in which they came; those that fail again stay.</summary>
    /// <returns>Number of frames on their way.</returns>
    /// <exception cref="IOException">The spool is full or refuses; the frames that were not taken stay as they are.</exception>
    public async Task<int> ReplayAsync(QuarantineSelection selection, CancellationToken cancellation)
    {
        var total = 0;
        var last = 0L;
        while (true)
        {
            var page = await _state.WriteAsync(tx =>
            {
                var rows = tx.Query(
                    $"SELECT sequence, source, received, meta, frame FROM collector_quarantine WHERE state = 0 AND sequence > @p2 AND {Selected} ORDER BY sequence LIMIT 100",
                    r => (Sequence: r.GetInt64(0), Source: r.GetString(1), Received: r.GetInt64(2), Meta: r.IsDBNull(3) ? [] : (byte[])r.GetValue(3), Frame: (byte[])r.GetValue(4)),
                    selection.Sequence ?? 0, selection.Source ?? "", last);
                foreach (var row in rows) tx.Execute("UPDATE collector_quarantine SET state = 1 WHERE sequence = @p0", row.Sequence);
                return rows;
            }, cancellation).ConfigureAwait(false);
            if (page.Count == 0) return total;
            foreach (var row in page)
            {
                var batch = new FrameBatch(row.Source, int.MaxValue) { Received = row.Received };
                batch.Add(row.Frame, FrameMeta.Replay(row.Sequence, row.Meta));
                var result = await _spool.AppendAsync(batch, wait: false, CancellationToken.None).ConfigureAwait(false);
                if (!result.Stored)
                {
                    await _state.WriteAsync(tx => tx.Execute("UPDATE collector_quarantine SET state = 0 WHERE state = 1 AND sequence >= @p0 AND sequence <= @p1", row.Sequence, page[^1].Sequence), CancellationToken.None).ConfigureAwait(false);
                    throw new IOException($"{total} frames were replayed, then {result.Error}");
                }
                total++;
            }
            last = page[^1].Sequence;
        }
    }

    /// <summary>Gives the frames up: the ledger counts them as dropped. Frames whose replay is on its way stay.</summary>
    /// <returns>Number of frames deleted.</returns>
    public async Task<int> DeleteAsync(QuarantineSelection selection, CancellationToken cancellation)
    {
        var deleted = await _state.WriteAsync(tx =>
        {
            var rows = tx.Query($"SELECT sequence, source, received, length(frame) FROM collector_quarantine WHERE state = 0 AND {Selected}",
                r => (Sequence: r.GetInt64(0), Source: r.GetString(1), Received: r.GetInt64(2), Length: r.GetInt64(3)), selection.Sequence ?? 0, selection.Source ?? "");
            var delta = new LedgerDelta();
            foreach (var row in rows)
            {
                delta.Add(row.Source, row.Received, new LedgerCounts(0, 0, -1, 1));
                tx.Execute("DELETE FROM collector_quarantine WHERE sequence = @p0", row.Sequence);
            }
            LossLedger.Apply(tx, delta);
            return rows;
        }, cancellation).ConfigureAwait(false);
        Interlocked.Add(ref _frames, -deleted.Count);
        Interlocked.Add(ref _bytes, -deleted.Sum(d => d.Length));
        return deleted.Count;
    }

    /// <summary>Counts what is held, and sets replays back that a crash kept from reaching the spool.</summary>
    /// <returns>Decisions that the ledger does not have yet.</returns>
    internal async Task<Dictionary<long, QuarantineState>> RecoverAsync(long ledgerCheckpoint, IReadOnlySet<long> replaysInSpool, CancellationToken cancellation)
    {
        var (decisions, frames, bytes) = await _state.WriteAsync(tx =>
        {
            foreach (var sequence in tx.Query("SELECT sequence FROM collector_quarantine WHERE state = 1", r => r.GetInt64(0)))
                if (!replaysInSpool.Contains(sequence)) tx.Execute("UPDATE collector_quarantine SET state = 0 WHERE sequence = @p0", sequence);
            return (tx.Query("SELECT sequence, state FROM collector_quarantine WHERE sequence > @p0", r => (r.GetInt64(0), (QuarantineState)r.GetInt32(1)), ledgerCheckpoint),
                tx.Scalar<long>("SELECT COUNT(*) FROM collector_quarantine WHERE state < 2"),
                tx.Scalar<long>("SELECT COALESCE(SUM(length(frame)), 0) FROM collector_quarantine WHERE state < 2"));
        }, cancellation).ConfigureAwait(false);
        _frames = frames;
        _bytes = bytes;
        return decisions.ToDictionary(d => d.Item1, d => d.Item2);
    }

    /// <summary>Decides about an unreadable frame: held, or dropped where the quarantine is full.</summary>
    internal QuarantineDecision Decide(long sequence, string source, long received, string reason, int position, ReadOnlySpan<byte> meta, ReadOnlySpan<byte> frame)
    {
        if (FrameMeta.TryReplay(meta, out var replayed, out _))
            return new QuarantineDecision(sequence, source, received, reason, position, QuarantineState.ReplayFailed, null, null, replayed);
        if (_frames >= _options.QuarantineMaxFrames || _bytes + frame.Length > _options.QuarantineMaxBytes)
        {
            QuarantineFull(_log, source, sequence, reason);
            return new QuarantineDecision(sequence, source, received, reason, position, QuarantineState.Dropped, null, null, 0);
        }
        Interlocked.Increment(ref _frames);
        Interlocked.Add(ref _bytes, frame.Length);
        return new QuarantineDecision(sequence, source, received, reason, position, QuarantineState.Held, meta.ToArray(), frame.ToArray(), 0);
    }

    internal static void Write(DbTransaction transaction, IReadOnlyList<QuarantineDecision> decisions)
    {
        foreach (var d in decisions)
        {
            transaction.Execute(
                "INSERT INTO collector_quarantine(sequence, source, received, reason, position, state, meta, frame) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7) ON CONFLICT(sequence) DO NOTHING",
                d.Sequence, d.Source, d.Received, d.Reason, d.Position, d.State, d.Meta, d.Frame);
            if (d.State == QuarantineState.ReplayFailed)
                transaction.Execute("UPDATE collector_quarantine SET state = 0, reason = @p1, position = @p2 WHERE sequence = @p0 AND state = 1", d.Replayed, d.Reason, d.Position);
        }
    }

    /// <summary>In the ledger's transaction: forgets marks up to a sequence number, and frees the frames whose replay was stored.</summary>
    internal static (int Frames, long Bytes) Settle(DbTransaction transaction, long upTo, IReadOnlyList<long> replayed, LedgerDelta delta)
    {
        transaction.Execute("DELETE FROM collector_quarantine WHERE state >= 2 AND sequence <= @p0", upTo);
        var frames = 0;
        var bytes = 0L;
        foreach (var sequence in replayed)
        {
            var row = transaction.Query("SELECT source, received, length(frame) FROM collector_quarantine WHERE sequence = @p0 AND state < 2", r => (Source: r.GetString(0), Received: r.GetInt64(1), Length: r.GetInt64(2)), sequence);
            if (row.Count == 0) continue;
            transaction.Execute("DELETE FROM collector_quarantine WHERE sequence = @p0", sequence);
            delta.Add(row[0].Source, row[0].Received, new LedgerCounts(0, 1, -1, 0));
            frames++;
            bytes += row[0].Length;
        }
        return (frames, bytes);
    }

    internal void Released(int frames, long bytes)
    {
        Interlocked.Add(ref _frames, -frames);
        Interlocked.Add(ref _bytes, -bytes);
    }

    private const string Selected = "(@p0 = 0 OR sequence = @p0) AND (@p1 = '' OR source = @p1)";

    [LoggerMessage(1030, LogLevel.Error, "The quarantine is full: frame {Sequence} of source {Source} was dropped ({Reason})")]
    private static partial void QuarantineFull(ILogger log, string source, long sequence, string reason);
}
