using System.Text.Json;
using System.Text.Json.Nodes;
using Beacon.Storage.Elasticsearch.Rest;

namespace Beacon.Storage.Elasticsearch.Indices;

/// <summary>What a server can do, found by trying it: versions and products say less.</summary>
/// <param name="Product">"elasticsearch 8.19.0", for people.</param>
/// <param name="DataStreams">It has data streams.</param>
/// <param name="PitPath">Where a point in time is opened, behind the index's name: "_pit", or OpenSearch's "_search/point_in_time".</param>
/// <param name="MostBytes">Largest request that every node takes.</param>
internal sealed record ServerFeatures(string Product, bool DataStreams, string PitPath, long MostBytes)
{
    public bool HasElasticPit => PitPath == "_pit";

    public static async Task<ServerFeatures> ProbeAsync(ElasticClient client, ElasticsearchOptions options, CancellationToken cancellation)
    {
        using var root = await client.AskAsync(HttpMethod.Get, "/", null, cancellation).ConfigureAwait(false);
        var version = root.RootElement.TryGetProperty("version", out var v) ? v : throw new InvalidDataException($"{options.Nodes[0]} answers, but not as an Elasticsearch or OpenSearch does.");
        var distribution = version.TryGetProperty("distribution", out var d) ? d.GetString() : "elasticsearch";
        var number = version.TryGetProperty("number", out var n) ? n.GetString() : "";
        var streams = options.DataStreams && await HasDataStreamsAsync(client, options, cancellation).ConfigureAwait(false);
        // Opened on no index: the one that has it complains of the index, the other of the path.
        var (_, reason) = await client.TryAsync(HttpMethod.Post, $"/{options.Prefix}-no-such-index/_pit?keep_alive=1s", null, cancellation).ConfigureAwait(false);
        var pit = reason.Contains("no handler", StringComparison.OrdinalIgnoreCase) || reason.Contains("method", StringComparison.OrdinalIgnoreCase) ? "_search/point_in_time" : "_pit";
        return new ServerFeatures($"{distribution} {number}", streams, pit, await MostBytesAsync(client, cancellation).ConfigureAwait(false));
    }

    private static async Task<bool> HasDataStreamsAsync(ElasticClient client, ElasticsearchOptions options, CancellationToken cancellation)
    {
        var template = new JsonObject { ["index_patterns"] = new JsonArray($"{options.Prefix}-no-such-stream"), ["data_stream"] = new JsonObject() };
        var (status, _) = await client.TryAsync(HttpMethod.Post, "/_index_template/_simulate", template, cancellation).ConfigureAwait(false);
        if (status >= 400) return false;
        return (await client.TryAsync(HttpMethod.Get, "/_data_stream", null, cancellation).ConfigureAwait(false)).Status < 400;
    }

    private static async Task<long> MostBytesAsync(ElasticClient client, CancellationToken cancellation)
    {
        using var nodes = await client.FindAsync("/_nodes/http?filter_path=nodes.*.http.max_content_length_in_bytes", cancellation).ConfigureAwait(false);
        var least = 100L * 1024 * 1024;
        if (nodes is null || !nodes.RootElement.TryGetProperty("nodes", out var each)) return least;
        foreach (var node in each.EnumerateObject())
            if (node.Value.TryGetProperty("http", out var http) && http.TryGetProperty("max_content_length_in_bytes", out var most) && most.ValueKind == JsonValueKind.Number) least = Math.Min(least, most.GetInt64());
        return least;
    }
}
