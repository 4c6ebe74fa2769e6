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
    ]) { PerNode = true };

    /// <summary>Keeps them durably; the same event again changes nothing.</summary>
    /// <exception cref="IOException">There is nowhere to keep them.</exception>
    public async Task KeepAsync(IReadOnlyCollection<RefusedEvent> refused, CancellationToken cancellation)
    {
        if (refused.Count == 0) return;
        var first = refused.First();
        if (state is null) throw new IOException($"the server refuses {refused.Count} events, the first for this reason: {first.Reason}");
        var now = clock.GetUtcNow();
        var dropped = await state.WriteAsync(tx =>
        {
            var room = options.RefusedMaxEvents - tx.Scalar<long>("SELECT count(*) FROM elasticsearch_refused");
            var left = 0;
            foreach (var (e, reason) in refused)
            {
                if (tx.Scalar<long>("SELECT count(*) FROM elasticsearch_refused WHERE sequence = @p0", e.Sequence) > 0) continue;
                if (room-- <= 0) left++;
                else tx.Execute("INSERT INTO elasticsearch_refused VALUES (@p0, @p1, @p2, @p3, @p4, @p5)", e.Sequence, e.Id.ToString(), e.Source, now, reason, Text(e));
            }
            return left;
        }, cancellation).ConfigureAwait(false);
        LogRefused(refused.Count, first.Event.Source, first.Reason);
        if (dropped == 0) return;
        meter.Dropped(dropped);
        LogDropped(dropped, options.RefusedMaxEvents);
    }

    public async Task<long> CountAsync(CancellationToken cancellation) =>
        state is null ? 0 : await state.ReadAsync(db => db.Scalar<long>("SELECT count(*) FROM elasticsearch_refused"), cancellation).ConfigureAwait(false);

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
