using System.Data.Common;
using Beacon.Events;

namespace Beacon.Detections.Indicators;

/// <summary>
/// The indicators in the state database, by node, file and value. What stands there keeps the time at which it came first, however often its file is
/// read: from then on new events are compared with it, and once the events before.
/// </summary>
internal sealed class IndicatorTable(IStateDatabase database)
{
    /// <summary>Indicators of all files.</summary>
    public const int MaxIndicators = 1_000_000;

    private const int Batch = 5_000;

    private const string Upsert = """
        INSERT INTO detection_indicators(node, source, kind, value, name, reference, valid_until, added, seen) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8)
        ON CONFLICT(node, source, kind, value) DO UPDATE SET name = excluded.name, reference = excluded.reference, valid_until = excluded.valid_until, seen = excluded.seen
        """;

    public Task<long> VersionAsync(CancellationToken cancellation) => database.ReadAsync(static c => c.Scalar<long>("SELECT version FROM detection_indicator_version WHERE id = 1"), cancellation);

    /// <summary>Files of a node with the fingerprint of what was read of them.</summary>
    public async Task<IReadOnlyDictionary<string, string>> FilesAsync(string node, CancellationToken cancellation) =>
        (await database.ReadAsync(c => c.Query("SELECT source, fingerprint FROM detection_indicator_files WHERE node = @p0", static r => (r.GetString(0), r.GetString(1)), node), cancellation).ConfigureAwait(false))
        .ToDictionary(static f => f.Item1, static f => f.Item2, StringComparer.Ordinal);

    /// <summary>Every indicator once, with the earliest time at which any file had it.</summary>
    public Task<List<Indicator>> ReadAsync(CancellationToken cancellation) => database.ReadAsync(static c => c.Query(
        "SELECT kind, value, name, reference, valid_until, source, added FROM detection_indicators ORDER BY added, node, source, kind, value LIMIT 1000000",
        static r => new Indicator((IndicatorKind)r.GetInt32(0), r.GetString(1), r.GetString(2), r.GetString(3), r.InstantOrNull(4)) { Source = r.GetString(5), Added = r.Instant(6) }), cancellation);

    /// <summary>Makes the table hold of a file what the document holds.</summary>
    /// <exception cref="InvalidOperationException">There would be more than <see cref="MaxIndicators"/>.</exception>
    public async Task ReplaceAsync(string node, string source, string fingerprint, IReadOnlyList<Indicator> indicators, CancellationToken cancellation)
    {
        var others = await database.ReadAsync(c => c.Scalar<long>("SELECT count(*) FROM detection_indicators WHERE NOT (node = @p0 AND source = @p1)", node, source), cancellation).ConfigureAwait(false);
        if (others + indicators.Count > MaxIndicators) throw new InvalidOperationException($"more than {MaxIndicators} indicators together");
        // One number for all batches of a reading: what does not carry it at the end is no longer in the file.
        var seen = await database.ReadAsync(c => c.Scalar<long>("SELECT coalesce(max(seen), 0) + 1 FROM detection_indicators WHERE node = @p0 AND source = @p1", node, source), cancellation).ConfigureAwait(false);
        foreach (var batch in indicators.Chunk(Batch))
        {
            await database.WriteAsync(t =>
            {
                var now = database.Now(t.Connection!);
                foreach (var i in batch) t.Execute(Upsert, node, source, i.Kind, i.Value, i.Name, i.Reference, i.ValidUntil, now, seen);
                return 0;
            }, cancellation).ConfigureAwait(false);
        }
        await database.WriteAsync(t =>
        {
            t.Execute("DELETE FROM detection_indicators WHERE node = @p0 AND source = @p1 AND seen <> @p2", node, source, seen);
            t.Execute("INSERT INTO detection_indicator_files(node, source, fingerprint) VALUES (@p0, @p1, @p2) ON CONFLICT(node, source) DO UPDATE SET fingerprint = excluded.fingerprint", node, source, fingerprint);
            return Changed(t);
        }, cancellation).ConfigureAwait(false);
    }

    public Task RemoveAsync(string node, string source, CancellationToken cancellation) => database.WriteAsync(t =>
    {
        t.Execute("DELETE FROM detection_indicators WHERE node = @p0 AND source = @p1", node, source);
        t.Execute("DELETE FROM detection_indicator_files WHERE node = @p0 AND source = @p1", node, source);
        return Changed(t);
    }, cancellation);

    private static int Changed(DbTransaction transaction) =>
        transaction.Execute("INSERT INTO detection_indicator_version(id, version) VALUES (1, 1) ON CONFLICT(id) DO UPDATE SET version = detection_indicator_version.version + 1");
}
