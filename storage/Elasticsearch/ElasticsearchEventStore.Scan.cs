using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Beacon.Events;
using Beacon.Storage.Elasticsearch.Documents;
using Beacon.Storage.Elasticsearch.Queries;

namespace Beacon.Storage.Elasticsearch;

/// <summary>Reading many events in order of time at one point in time, page behind page.</summary>
public sealed partial class ElasticsearchEventStore
{
    private const int ScanRows = 5_000;

    /// <summary>How long the server keeps the point in time between two pages.</summary>
    private const string KeepAlive = "5m";

    public async IAsyncEnumerable<IReadOnlyList<SecurityEvent>> ScanAsync(EventScan scan, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var committed = await FreshAsync(cancellation).ConfigureAwait(false);
        var query = FilterQuery.Create(scan.Filter, scan.Range, committed);
        string? pit = null;
        try
        {
            PageMark? after = null;
            while (true)
            {
                var body = Rows(query.DeepClone().AsObject(), oldestFirst: true, ScanRows);
                if (pit is not null) body["pit"] = new JsonObject { ["id"] = pit, ["keep_alive"] = KeepAlive };
                if (scan.Fields is { } fields) body["_source"] = Wanted(fields);
                if (after is not null) body["search_after"] = after.ToSort();
                var rows = new List<SecurityEvent>(after is null ? 64 : ScanRows);
                using (var answer = await _client.SearchAsync(pit is null ? SearchPath : "/_search", body, cancellation).ConfigureAwait(false))
                {
                    foreach (var hit in Hits(answer)) rows.Add(EventReader.Read(hit.GetProperty("_id"), hit.GetProperty("_source")));
                    // The server may give another name for the same point.
                    if (answer.RootElement.TryGetProperty("pit_id", out var renewed)) pit = renewed.GetString()!;
                }
                var isLast = rows.Count < ScanRows;
                if (!isLast) after = PageMark.Of(rows[^1]);
                // Most readings are one page, and one page needs no point in time: the committed number is the same for all.
                if (!isLast) pit ??= await OpenPitAsync(cancellation).ConfigureAwait(false);
                if (rows.Count > 0) yield return rows;
                if (isLast) yield break;
            }
        }
        finally
        {
            if (pit is not null) await ClosePitAsync(pit).ConfigureAwait(false);
        }
    }

    private static JsonArray Wanted(IReadOnlyList<string> fields)
    {
        var wanted = new JsonArray("beacon", "multi", "rest", "kinds", "nulls", "long");
        foreach (var field in fields) if (EcsFields.ColumnOf(field) is not null) wanted.Add(field);
        return wanted;
    }

    private async Task<string> OpenPitAsync(CancellationToken cancellation)
    {
        var path = (_features ?? throw new InvalidOperationException("the store is not open")).PitPath;
        using var answer = await _client.AskAsync(HttpMethod.Post, $"/{_options.Events}/{path}?keep_alive={KeepAlive}", null, cancellation).ConfigureAwait(false);
        return answer.RootElement.GetProperty(_features.HasElasticPit ? "id" : "pit_id").GetString()!;
    }

    private async Task ClosePitAsync(string pit)
    {
        try
        {
            // Also after a cancelled read: an open point holds the server's files.
            await _client.TryAsync(HttpMethod.Delete, "/" + _features!.PitPath, _features.HasElasticPit ? new JsonObject { ["id"] = pit } : new JsonObject { ["pit_id"] = new JsonArray(pit) }, CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It ends by itself.
        }
    }
}
