using System.Text.Json;
using System.Text.Json.Nodes;
using Beacon.Storage.Elasticsearch.Documents;
using Beacon.Storage.Elasticsearch.Rest;

namespace Beacon.Storage.Elasticsearch.Indices;

/// <summary>One index behind the name under which events are written and read.</summary>
internal sealed record EventIndex(string Name, bool IsWritten);

/// <summary>The indices of events: a data stream where the server has them, else an alias. A new one is begun each day, so that a day is removed whole.</summary>
internal sealed class EventIndices(ElasticClient client, ElasticsearchOptions options)
{
    private bool _dataStream;

    /// <summary>Puts the template, and the first index where there is none; where the one that is written has another mapping, begins a new one.</summary>
    /// <exception cref="InvalidDataException">What stands under the names is not ours.</exception>
    public async Task OpenAsync(ServerFeatures features, CancellationToken cancellation)
    {
        _dataStream = features.DataStreams;
        // Each time: settings may have changed though the mapping did not.
        (await client.AskAsync(HttpMethod.Put, $"/_index_template/{options.Events}", IndexTemplate.Create(options, _dataStream), cancellation).ConfigureAwait(false)).Dispose();
        var indices = await ListAsync(cancellation).ConfigureAwait(false);
        if (indices.Count == 0) await CreateAsync(cancellation).ConfigureAwait(false);
        // What was mapped otherwise stays as it is and readable; what comes goes to a new index.
        else if (await MappedVersionAsync(indices.First(i => i.IsWritten).Name, cancellation).ConfigureAwait(false) != IndexTemplate.Version) await RollAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>All indices, oldest first.</summary>
    public async Task<IReadOnlyList<EventIndex>> ListAsync(CancellationToken cancellation)
    {
        var name = options.Events;
        if (_dataStream)
        {
            using var stream = await client.FindAsync($"/_data_stream/{name}", cancellation).ConfigureAwait(false);
            var streams = stream?.RootElement.GetProperty("data_streams");
            if (streams is not { } all || all.GetArrayLength() == 0) return [];
            var names = all[0].GetProperty("indices").EnumerateArray().Select(i => i.GetProperty("index_name").GetString()!).ToList();
            return [.. names.Select((n, i) => new EventIndex(n, i == names.Count - 1))];
        }
        using var alias = await client.FindAsync($"/_alias/{name}", cancellation).ConfigureAwait(false);
        if (alias is null) return [];
        return [.. alias.RootElement.EnumerateObject()
            .Select(i => new EventIndex(i.Name, i.Value.GetProperty("aliases").GetProperty(name).TryGetProperty("is_write_index", out var w) && w.ValueKind == JsonValueKind.True))
            .OrderBy(i => i.Name, StringComparer.Ordinal)];
    }

    /// <summary>Begins a new index; what follows is written to it.</summary>
    public async Task RollAsync(CancellationToken cancellation) =>
        (await client.AskAsync(HttpMethod.Post, $"/{options.Events}/_rollover", null, cancellation).ConfigureAwait(false)).Dispose();

    /// <summary>Removes one index and all in it; one that is gone already is no fault.</summary>
    public Task RemoveAsync(EventIndex index, CancellationToken cancellation) => RemoveAsync("/" + index.Name, cancellation);

    private async Task RemoveAsync(string path, CancellationToken cancellation)
    {
        var (status, reason) = await client.TryAsync(HttpMethod.Delete, path, null, cancellation).ConfigureAwait(false);
        if (status >= 300 && status != 404) throw new ElasticException(status, "", reason);
    }

    /// <summary>Removes the indices, the template and the committed sequence; what is missing is no fault.</summary>
    public async Task RemoveAllAsync(CancellationToken cancellation)
    {
        if (_dataStream) await RemoveAsync("/_data_stream/" + options.Events, cancellation).ConfigureAwait(false);
        else foreach (var index in await ListAsync(cancellation).ConfigureAwait(false)) await RemoveAsync(index, cancellation).ConfigureAwait(false);
        await RemoveAsync("/_index_template/" + options.Events, cancellation).ConfigureAwait(false);
        await RemoveAsync("/" + options.State, cancellation).ConfigureAwait(false);
    }

    public async Task RefreshAsync(CancellationToken cancellation) =>
        (await client.AskAsync(HttpMethod.Post, $"/{options.Events}/_refresh", null, cancellation).ConfigureAwait(false)).Dispose();

    /// <summary>Bytes of each index's primary shards.</summary>
    public async Task<IReadOnlyDictionary<string, long>> BytesAsync(CancellationToken cancellation)
    {
        var bytes = new Dictionary<string, long>(StringComparer.Ordinal);
        using var stats = await client.FindAsync($"/{options.Events}/_stats/store?filter_path=indices.*.primaries.store.size_in_bytes", cancellation).ConfigureAwait(false);
        if (stats is null || !stats.RootElement.TryGetProperty("indices", out var indices)) return bytes;
        foreach (var index in indices.EnumerateObject()) bytes[index.Name] = index.Value.GetProperty("primaries").GetProperty("store").GetProperty("size_in_bytes").GetInt64();
        return bytes;
    }

    private async Task CreateAsync(CancellationToken cancellation)
    {
        var name = options.Events;
        var (status, reason) = _dataStream
            ? await client.TryAsync(HttpMethod.Put, $"/_data_stream/{name}", null, cancellation).ConfigureAwait(false)
            : await client.TryAsync(HttpMethod.Put, $"/{name}-000001", new JsonObject { ["aliases"] = new JsonObject { [name] = new JsonObject { ["is_write_index"] = true } } }, cancellation).ConfigureAwait(false);
        if (status >= 300 && !reason.Contains("already_exists", StringComparison.Ordinal))
            throw new InvalidDataException($"{name} can't be made ({reason}). Is the name taken? Choose another with Elasticsearch:Prefix.");
    }

    private async Task<string?> MappedVersionAsync(string index, CancellationToken cancellation)
    {
        using var mapping = await client.FindAsync($"/{index}/_mapping?filter_path=*.mappings._meta", cancellation).ConfigureAwait(false);
        return mapping is null ? null : VersionIn(mapping.RootElement);
    }

    /// <summary>The first member "beacon" of a "_meta" anywhere in the answer.</summary>
    private static string? VersionIn(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array) return element.EnumerateArray().Select(VersionIn).FirstOrDefault(v => v is not null);
        if (element.ValueKind != JsonValueKind.Object) return null;
        if (element.TryGetProperty("_meta", out var meta) && meta.TryGetProperty("beacon", out var version)) return version.GetString();
        return element.EnumerateObject().Select(m => VersionIn(m.Value)).FirstOrDefault(v => v is not null);
    }
}
