using System.Runtime.CompilerServices;
using Beacon.Events;

namespace Beacon.Alerting.Changes;

/// <summary>Reads the outbox; one signal wakes everybody who waits.</summary>
internal sealed class ChangeFeed(IStateDatabase database, TimeProvider time) : IChangeFeed
{
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

    public Task<ChangeBatch> ReadAfterAsync(long sequence, int limit = IChangeFeed.MaxLimit, CancellationToken cancellation = default) => database.ReadAsync(c =>
    {
        var latest = Newest(c);
        var removed = c.Scalar<long>("SELECT value FROM alerting_counters WHERE name = 'change-removed'");
        // A number from before the retained rows, or from another database, cannot be resumed from.
        if (sequence < removed || sequence > latest) return new ChangeBatch([], latest, latest, true);
        var rows = c.Query(
            "SELECT sequence, kind, object_id, version, at, payload FROM alerting_changes WHERE sequence > @p0 ORDER BY sequence LIMIT @p1",
            r => new Change(r.GetInt64(0), (ChangeKind)r.GetInt32(1), r.GetString(2), r.GetInt32(3), r.Instant(4), r.GetString(5)),
            sequence, Math.Clamp(limit, 1, IChangeFeed.MaxLimit));
        var next = rows.Count == 0 ? sequence : rows[^1].Sequence;
        return new ChangeBatch(rows, next, Math.Max(latest, next), false);
    }, cancellation);

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
            if (batch.Changes.Count == 0) await WaitAsync(sequence, cancellation).ConfigureAwait(false);
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
    internal Task<int> PruneAsync(int keep, TimeSpan age, CancellationToken cancellation) => database.WriteAsync(t =>
    {
        var upTo = Math.Max(
            t.Scalar<long>("SELECT coalesce(max(sequence), 0) FROM alerting_changes WHERE at < @p0", time.GetUtcNow() - age),
            t.Scalar<long>("SELECT coalesce(max(sequence), 0) FROM alerting_changes") - keep);
        if (upTo <= 0) return 0;
        var removed = t.Execute("DELETE FROM alerting_changes WHERE sequence <= @p0", upTo);
        if (removed > 0)
            t.Execute("INSERT INTO alerting_counters(name, value) VALUES ('change-removed', @p0) ON CONFLICT(name) DO UPDATE SET value = @p0", upTo);
        return removed;
    }, cancellation);

    private static long Newest(System.Data.Common.DbConnection c) => c.Scalar<long>("SELECT value FROM alerting_counters WHERE name = 'change'");
}
