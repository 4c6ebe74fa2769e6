using System.Text;
using Beacon.Events;
using Microsoft.Extensions.Logging;

namespace Beacon.Storage.Elasticsearch.Writing;

/// <summary>Events that the server will not store, with its reason, in the state database: up to a ceiling, and what exceeds it is counted.</summary>
internal sealed partial class RefusedEvents(IStateDatabase? state, ElasticsearchOptions options, StoreMeter meter, TimeProvider clock, ILogger log)
{
    /// <summary>Bytes of one event that are kept; a longer one keeps its beginning.</summary>
    private const int MaxBytes = 1024 * 1024;

    public static StateSchema Schema { get; } = new("elasticsearch",
    [
        """
        CREATE TABLE elasticsearch_refused (
            sequence BIGINT PRIMARY KEY, event_id TEXT NOT NULL, source TEXT NOT NULL, refused BIGINT NOT NULL, reason TEXT NOT NULL, event TEXT NOT NULL)
        """,
        "ALTER TABLE elasticsearch_refused ADD COLUMN received BIGINT NOT NULL DEFAULT 0",
    ]) { PerNode = true };

    /// <summary>Keeps them durably; the same event again changes nothing.</summary>
    /// <exception cref="IOException">There is nowhere to keep them.</exception>
    /// <param name="firstOfAppend">Sequence number of the first event of the append.</param>
    public async Task KeepAsync(IReadOnlyCollection<RefusedEvent> refused, long firstOfAppend, CancellationToken cancellation)
    {
        if (refused.Count == 0) return;
        var first = refused.First();
        if (state is null) throw new IOException($"the server refuses {refused.Count} events, the first for this reason: {first.Reason}");
        var now = clock.GetUtcNow();
        var dropped = await state.WriteAsync(tx =>
        {
            // What had no room stands here without its text until the next append: by then the loss ledger has counted it.
            tx.Execute("DELETE FROM elasticsearch_refused WHERE event = '' AND sequence < @p0", firstOfAppend);
            var room = options.RefusedMaxEvents - tx.Scalar<long>("SELECT count(*) FROM elasticsearch_refused WHERE event <> ''");
            var left = 0;
            foreach (var (e, reason) in refused)
            {
                if (tx.Scalar<long>("SELECT count(*) FROM elasticsearch_refused WHERE sequence = @p0", e.Sequence) > 0) continue;
                var kept = room-- > 0;
                if (!kept) left++;
                tx.Execute("INSERT INTO elasticsearch_refused(sequence, event_id, source, refused, reason, event, received) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6)",
                    e.Sequence, e.Id.ToString(), e.Source, now, reason, kept ? Text(e) : "", e.Received);
            }
            return left;
        }, cancellation).ConfigureAwait(false);
        LogRefused(refused.Count, first.Event.Source, first.Reason);
        if (dropped == 0) return;
        meter.Dropped(dropped);
        LogDropped(dropped, options.RefusedMaxEvents);
    }

    public async Task<long> CountAsync(CancellationToken cancellation) =>
        state is null ? 0 : await state.ReadAsync(db => db.Scalar<long>("SELECT count(*) FROM elasticsearch_refused WHERE event <> ''"), cancellation).ConfigureAwait(false);

    /// <summary>Those of a run of sequence numbers: all of the last append, and what is kept of earlier ones.</summary>
    public async Task<IReadOnlyList<EventRefusal>> ListAsync(long after, long upTo, CancellationToken cancellation) => state is null ? [] : await state.ReadAsync(db => db.Query(
        "SELECT sequence, source, received, event <> '' FROM elasticsearch_refused WHERE sequence > @p0 AND sequence <= @p1 ORDER BY sequence",
        static r => new EventRefusal(r.GetInt64(0), r.GetString(1), StateTime.FromMicroseconds(r.GetInt64(2)), r.GetBoolean(3)), after, upTo), cancellation).ConfigureAwait(false);

    private static string Text(SecurityEvent e)
    {
        var text = EcsJson.ToText(e);
        return Encoding.UTF8.GetByteCount(text) <= MaxBytes ? text : text[..(MaxBytes / 4)];
    }

    [LoggerMessage(5012, LogLevel.Error, "The server refuses {Count} events; they are kept with the reason. The first came from {Source}: {Reason}")]
    private partial void LogRefused(int count, string source, string reason);

    [LoggerMessage(5013, LogLevel.Error, "{Count} refused events were dropped: {Ceiling} are kept already (Elasticsearch:RefusedMaxEvents)")]
    private partial void LogDropped(int count, int ceiling);
}
