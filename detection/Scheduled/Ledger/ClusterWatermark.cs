using Beacon.Events;
using Microsoft.Extensions.Options;

namespace Beacon.Detections.Scheduled.Ledger;

/// <summary>
/// Up to when the data of all nodes is in: the least watermark of the nodes that were heard of lately. Each node tells its own by its
/// own clock, as events carry it. One process alone asks nobody.
/// </summary>
internal sealed class ClusterWatermark(IStateDatabase database, IIngestWatermark own, NodeIdentity me, IOptions<DetectionOptions> options, ClusterStore? cluster = null)
{
    /// <summary>Tells the others how far this node is; what a silent node brings back when it returns is looked for again.</summary>
    public Task TellAsync(CancellationToken cancellation)
    {
        if (cluster is null) return Task.CompletedTask;
        var complete = own.CompleteUpTo;
        return database.WriteAsync(transaction =>
        {
            var now = database.Now(transaction.Connection!);
            var before = transaction.Query("SELECT complete_up_to, heard FROM detection_nodes WHERE node = @p0", static r => (Complete: r.Instant(0), Heard: r.Instant(1)), me.Node);
            if (before.Count > 0 && before[0].Heard <= now - Silence) LateLooks.Rewind(transaction, before[0].Complete < complete ? before[0].Complete : complete);
            return transaction.Execute(
                "INSERT INTO detection_nodes(node, complete_up_to, heard) VALUES (@p0, @p1, @p2) ON CONFLICT(node) DO UPDATE SET complete_up_to = @p1, heard = @p2", me.Node, complete, now);
        }, cancellation);
    }

    /// <summary>Says good-bye: nobody waits for this node's data until it is back.</summary>
    public Task LeaveAsync(CancellationToken cancellation) => cluster is null
        ? Task.CompletedTask
        : database.WriteAsync(transaction => transaction.Execute("UPDATE detection_nodes SET heard = 0 WHERE node = @p0", me.Node), cancellation);

    public Task<DateTimeOffset> CompleteUpToAsync(CancellationToken cancellation)
    {
        var complete = own.CompleteUpTo;
        if (cluster is null) return Task.FromResult(complete);
        return database.ReadAsync(connection =>
        {
            var others = connection.Query("SELECT complete_up_to FROM detection_nodes WHERE node <> @p0 AND heard > @p1", static r => r.Instant(0), me.Node, database.Now(connection) - Silence);
            return others.Append(complete).Min();
        }, cancellation);
    }

    private TimeSpan Silence => TimeSpan.FromSeconds(options.Value.NodeSilenceSeconds);
}
