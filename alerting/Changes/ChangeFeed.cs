using System.Runtime.CompilerServices;
using Beacon.Events;

namespace Beacon.Alerting.Changes;

/// <summary>Reads the outbox; one signal wakes everybody who waits.</summary>
internal sealed class ChangeFeed(IStateDatabase database, TimeProvider time) : IChangeFeed, IDisposable
{
    private readonly RecentChanges _recent = new(database);
    private readonly Lock _lock = new();
    private TaskCompletionSource _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _latest = -1;

    public long LatestSequence
    {
        get
        {
            lock (_lock)
            {
                // Before the first write of this process, what an earlier one left counts.
                if (_latest < 0) _latest = database.ReadAsync(Newest).GetAwaiter().GetResult();
                return _latest;
            }
        }
    }

    /// <summary>The latest number on disk, whichever process wrote it.</summary>
    internal Task<long> NewestAsync(CancellationToken cancellation) => database.ReadAsync(Newest, cancellation);

    internal void Advance(long sequence)
    {
        TaskCompletionSource woken;
        lock (_lock)
        {
            if (sequence <= _latest) return;
            _latest = sequence;
            woken = _signal;
            _signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        woken.SetResult();
    }

    public async Task<ChangeBatch> ReadAfterAsync(long sequence, int limit = IChangeFeed.MaxLimit, CancellationToken cancellation = default)
    {
        limit = Math.Clamp(limit, 1, IChangeFeed.MaxLimit);
        // Who is behind what this process knows of is answered from memory; who is not may still miss what another process wrote.
        var known = LatestSequence;
        if (sequence >= 0 && sequence < known && await _recent.AfterAsync(sequence, known, limit, cancellation).ConfigureAwait(false) is { } recent) return recent;
        return await database.ReadAsync(c =>
        {
            var latest = Newest(c);
            // A number from before the retained rows, or from another database, cannot be resumed from.
            if (sequence < Removed(c) || sequence > latest) return new ChangeBatch([], latest, latest, true);
            var rows = Rows(c, sequence, limit);
            var next = rows.Count == 0 ? sequence : rows[^1].Sequence;
            return new ChangeBatch(rows, next, Math.Max(latest, next), false);
        }, cancellation).ConfigureAwait(false);
    }

    public Task WaitAsync(long sequence, CancellationToken cancellation = default)
    {
        _ = LatestSequence;
        lock (_lock) return _latest > sequence ? Task.CompletedTask : _signal.Task.WaitAsync(cancellation);
    }

    public async IAsyncEnumerable<ChangeBatch> FollowAsync(long sequence, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (true)
        {
            var batch = await ReadAfterAsync(sequence, IChangeFeed.MaxLimit, cancellation).ConfigureAwait(false);
            if (batch.TooOld || batch.Changes.Count > 0) yield return batch;
            if (batch.TooOld) yield break;
            sequence = batch.Next;
            if (sequence >= batch.Latest) await WaitAsync(sequence, cancellation).ConfigureAwait(false);
        }
    }

    public async Task PublishAsync(ChangeKind kind, string id, int version, string payload, CancellationToken cancellation = default)
    {
        if (payload.Length > 64 * 1024) throw new ArgumentException("a change's payload has at most 65,536 characters", nameof(payload));
        var sequence = await database.WriteAsync(t =>
        {
            var unit = new Storage.AlertingTransaction(t, time.GetUtcNow(), null!);
            unit.WriteChange(kind, id, version, payload);
            return unit.LastChange;
        }, cancellation).ConfigureAwait(false);
        Advance(sequence);
    }

    /// <summary>Removes what is over age or over number.</summary>
    internal async Task<int> PruneAsync(int keep, TimeSpan age, CancellationToken cancellation)
    {
        var (removed, upTo) = await database.WriteAsync(t => Prune(t, keep, age), cancellation).ConfigureAwait(false);
        if (removed > 0) await _recent.ForgetAsync(upTo, cancellation).ConfigureAwait(false);
        return removed;
    }

    public void Dispose() => _recent.Dispose();

    private (int Removed, long UpTo) Prune(System.Data.Common.DbTransaction t, int keep, TimeSpan age)
    {
        var upTo = Math.Max(
            t.Scalar<long>("SELECT coalesce(max(sequence), 0) FROM alerting_changes WHERE at < @p0", time.GetUtcNow() - age),
            t.Scalar<long>("SELECT coalesce(max(sequence), 0) FROM alerting_changes") - keep);
        if (upTo <= 0) return (0, 0);
        var removed = t.Execute("DELETE FROM alerting_changes WHERE sequence <= @p0", upTo);
        if (removed > 0)
            t.Execute("INSERT INTO alerting_counters(name, value) VALUES ('change-removed', @p0) ON CONFLICT(name) DO UPDATE SET value = @p0", upTo);
        return (removed, upTo);
    }

    internal static List<Change> Rows(System.Data.Common.DbConnection c, long after, int limit) => c.Query(
        "SELECT sequence, kind, object_id, version, at, payload FROM alerting_changes WHERE sequence > @p0 ORDER BY sequence LIMIT @p1",
        r => new Change(r.GetInt64(0), (ChangeKind)r.GetInt32(1), r.GetString(2), r.GetInt32(3), r.Instant(4), r.GetString(5)), after, limit);

    /// <summary>The number up to which rows are no longer kept.</summary>
    internal static long Removed(System.Data.Common.DbConnection c) => c.Scalar<long>("SELECT value FROM alerting_counters WHERE name = 'change-removed'");

    private static long Newest(System.Data.Common.DbConnection c) => c.Scalar<long>("SELECT value FROM alerting_counters WHERE name = 'change'");
}
