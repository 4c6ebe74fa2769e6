using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Beacon.Storage.Elasticsearch.Rest;

namespace Beacon.Storage.Elasticsearch.Indices;

/// <summary>
/// The committed sequence, kept in the cluster beside the events: a document that is replaced after each batch, and only in the version that was read.
/// Events above it are those of a batch that is not done: no question sees them.
/// </summary>
internal sealed class Progress(ElasticClient client, ElasticsearchOptions options)
{
    private string _version = "op_type=create";
    private readonly string _writer = Guid.NewGuid().ToString("N");

    /// <summary>Everything up to here is stored.</summary>
    public long UpTo { get; private set; }

    /// <summary>Day (UTC) of ingestion for which the index that is written was begun; null before the first.</summary>
    public DateOnly? Day { get; private set; }

    public async Task ReadAsync(CancellationToken cancellation)
    {
        using var found = await client.FindAsync($"/{options.State}/_doc/progress", cancellation).ConfigureAwait(false);
        if (found is null || !found.RootElement.TryGetProperty("_source", out var source))
        {
            await CreateIndexAsync(cancellation).ConfigureAwait(false);
            (_version, UpTo, Day) = ("op_type=create", 0, null);
            return;
        }
        Take(found.RootElement);
        UpTo = source.GetProperty("up_to").GetInt64();
        Day = source.TryGetProperty("day", out var day) && day.ValueKind == JsonValueKind.String ? DateOnly.ParseExact(day.GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null;
    }

    /// <exception cref="ElasticException">Not written; or another Beacon writes under the same prefix.</exception>
    public async Task WriteAsync(long upTo, DateOnly? day, CancellationToken cancellation)
    {
        var body = new JsonObject { ["up_to"] = upTo, ["day"] = day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), ["writer"] = _writer };
        try
        {
            using var written = await client.AskAsync(HttpMethod.Put, $"/{options.State}/_doc/progress?{_version}", body, cancellation).ConfigureAwait(false);
            Take(written.RootElement);
        }
        catch (ElasticException fault) when (fault.Status == 409)
        {
            // Either an earlier try arrived whose answer was lost, or somebody else writes here.
            using var found = await client.FindAsync($"/{options.State}/_doc/progress", cancellation).ConfigureAwait(false);
            if (found is null) throw;
            var source = found.RootElement.GetProperty("_source");
            if (source.GetProperty("writer").GetString() != _writer)
                throw new ElasticException(409, fault.Type, $"another Beacon writes under the prefix '{options.Prefix}' (Elasticsearch:Prefix): nothing more is stored until one of them has stopped and this one was started again", fault);
            Take(found.RootElement);
            if (source.GetProperty("up_to").GetInt64() != upTo) throw new ElasticException(409, fault.Type, "the committed sequence is not the one that was left; the batch is tried again", fault);
        }
        (UpTo, Day) = (upTo, day);
    }

    private async Task CreateIndexAsync(CancellationToken cancellation)
    {
        var body = new JsonObject
        {
            ["settings"] = new JsonObject { ["index.number_of_shards"] = 1, ["index.number_of_replicas"] = options.Replicas, ["index.hidden"] = true },
            ["mappings"] = new JsonObject { ["dynamic"] = false },
        };
        var (status, reason) = await client.TryAsync(HttpMethod.Put, "/" + options.State, body, cancellation).ConfigureAwait(false);
        if (status >= 300 && !reason.Contains("already_exists", StringComparison.Ordinal)) throw new ElasticException(status, "", reason);
    }

    private void Take(JsonElement document) =>
        _version = string.Create(CultureInfo.InvariantCulture, $"if_seq_no={document.GetProperty("_seq_no").GetInt64()}&if_primary_term={document.GetProperty("_primary_term").GetInt64()}");
}
