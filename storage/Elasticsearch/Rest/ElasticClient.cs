using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Beacon.Storage.Elasticsearch.Rest;

/// <summary>The requests that the store makes, by name. A search that the server refuses as it stands is the asker's fault; all else is the server's.</summary>
internal sealed class ElasticClient(ElasticGateway gateway, ElasticsearchOptions options, TimeProvider clock)
{
    /// <summary>Tries of a request for which the server has no room at the moment; between them 0.1 s, doubling.</summary>
    private const int Tries = 6;

    private static readonly JsonSerializerOptions Compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The answer to a request, or null where the server says that there is no such thing (404).</summary>
    public async Task<JsonDocument?> FindAsync(string path, CancellationToken cancellation)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, options.ReadTimeout, cancellation).ConfigureAwait(false);
        if (answer.Status == 404) return null;
        return answer.Succeeded ? answer.Parse() : throw answer.ToFault($"GET {Bare(path)}");
    }

    public async Task<JsonDocument> AskAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellation)
    {
        using var answer = await SendAsync(method, path, body, method == HttpMethod.Get ? options.ReadTimeout : options.WriteTimeout, cancellation).ConfigureAwait(false);
        return answer.Succeeded ? answer.Parse() : throw answer.ToFault($"{method} {Bare(path)}");
    }

    /// <summary>The status alone: for requests whose refusal says what a server has.</summary>
    public async Task<(int Status, string Reason)> TryAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellation)
    {
        using var answer = await SendAsync(method, path, body, options.WriteTimeout, cancellation).ConfigureAwait(false);
        return (answer.Status, answer.Succeeded ? "" : answer.ToFault($"{method} {Bare(path)}").Message);
    }

    /// <exception cref="Events.EventQueryException">The server can't answer what was asked, in its words.</exception>
    public async Task<JsonDocument> SearchAsync(string path, JsonObject body, CancellationToken cancellation)
    {
        using var answer = await SendAsync(HttpMethod.Post, path, body, options.ReadTimeout, cancellation).ConfigureAwait(false);
        if (answer.Succeeded)
        {
            var json = answer.Parse();
            if (!Incomplete(json.RootElement)) return json;
            json.Dispose();
            throw new ElasticException(answer.Status, "", $"POST {Bare(path)}: a part of the indices did not answer");
        }
        var fault = answer.ToFault($"POST {Bare(path)}");
        if (answer.Status == 400) throw new Events.EventQueryException($"the store can't answer this: {fault.Message}");
        throw fault;
    }

    /// <summary>Several searches in one request; the answers in their order.</summary>
    public async Task<JsonDocument> SearchManyAsync(string index, IReadOnlyList<JsonObject> searches, CancellationToken cancellation)
    {
        var body = new StringBuilder();
        foreach (var search in searches) body.Append("{}\n").Append(search.ToJsonString(Compact)).Append('\n');
        var request = new ElasticRequest(HttpMethod.Post, $"/{index}/_msearch", Encoding.UTF8.GetBytes(body.ToString()), options.ReadTimeout, ContentType: "application/x-ndjson");
        using var answer = await SendAsync(request, cancellation).ConfigureAwait(false);
        return answer.Succeeded ? answer.Parse() : throw answer.ToFault($"POST /{index}/_msearch");
    }

    private Task<ElasticAnswer> SendAsync(HttpMethod method, string path, JsonNode? body, TimeSpan timeout, CancellationToken cancellation) =>
        SendAsync(new ElasticRequest(method, path, body is null ? default : Encoding.UTF8.GetBytes(body.ToJsonString(Compact)), timeout), cancellation);

    private async Task<ElasticAnswer> SendAsync(ElasticRequest request, CancellationToken cancellation)
    {
        for (var n = 1; ; n++)
        {
            var answer = await gateway.SendAsync(request, cancellation).ConfigureAwait(false);
            if (answer.Status != 429 || n == Tries || answer.ToFault("").Type == "cluster_block_exception") return answer;
            answer.Dispose();
            await Task.Delay(TimeSpan.FromMilliseconds(50 << n), clock, cancellation).ConfigureAwait(false);
        }
    }

    // Numbers over some of the events would look like numbers over all.
    private static bool Incomplete(JsonElement answer) =>
        (answer.TryGetProperty("timed_out", out var late) && late.ValueKind == JsonValueKind.True)
        || (answer.TryGetProperty("_shards", out var shards) && shards.TryGetProperty("failed", out var failed) && failed.GetInt32() > 0);

    private static string Bare(string path) => path.Split('?')[0];
}
