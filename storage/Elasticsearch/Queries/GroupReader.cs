using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Beacon.Events;
using Beacon.Storage.Elasticsearch.Rest;

namespace Beacon.Storage.Elasticsearch.Queries;

/// <summary>
/// Reads all groups of a filter page by page (composite aggregation): exact, whatever the number of shards, where the server's own "largest groups" and
/// "different values" are estimates. What is chosen of them is chosen by the reader. Where one of the fields is not among those that the server counts,
/// the documents are read instead.
/// </summary>
internal sealed class GroupReader(ElasticClient client, string path)
{
    /// <summary>Groups read for one question at most, so that a careless one does not read for hours.</summary>
    public const int MaxGroups = 2_000_000;

    private const int PageGroups = 10_000;

    /// <param name="fields">Fields that an event must have; may be empty only where there is an interval.</param>
    /// <param name="interval">Also by time, in microseconds; 0 for not.</param>
    /// <param name="withTimes">First and last time are wanted.</param>
    /// <exception cref="EventQueryException">There are too many groups.</exception>
    public async IAsyncEnumerable<GroupBucket> ReadAsync(JsonObject query, IReadOnlyList<GroupField> fields, long interval, bool withTimes, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (fields.Any(static f => f.Column is null))
        {
            foreach (var group in await new DocumentGroups(client, path).ReadAsync(query, fields, interval, cancellation).ConfigureAwait(false)) yield return group;
            yield break;
        }
        var sources = new JsonArray([.. fields.Select((f, i) => (JsonNode)Source($"k{i}", "terms", new JsonObject { ["field"] = f.Column!.ValueField }))]);
        if (interval > 0) sources.Add(Source("t", "histogram", new JsonObject { ["field"] = "beacon.us", ["interval"] = interval }));
        JsonNode? after = null;
        for (var read = 0; ;)
        {
            var composite = new JsonObject { ["size"] = PageGroups, ["sources"] = sources.DeepClone() };
            if (after is not null) composite["after"] = after;
            var by = new JsonObject { ["composite"] = composite };
            if (withTimes) by["aggs"] = new JsonObject { ["from"] = Times("min"), ["to"] = Times("max") };
            using var answer = await client.SearchAsync(path, new JsonObject { ["size"] = 0, ["track_total_hits"] = false, ["query"] = query.DeepClone(), ["aggs"] = new JsonObject { ["by"] = by } }, cancellation).ConfigureAwait(false);
            var result = answer.RootElement.GetProperty("aggregations").GetProperty("by");
            var buckets = result.GetProperty("buckets");
            foreach (var bucket in buckets.EnumerateArray()) yield return Read(bucket, fields.Count, interval > 0, withTimes);
            read += buckets.GetArrayLength();
            if (buckets.GetArrayLength() < PageGroups || !result.TryGetProperty("after_key", out var key)) yield break;
            if (read >= MaxGroups) throw TooMany();
            after = JsonNode.Parse(key.GetRawText());
        }
    }

    public static EventQueryException TooMany() => new($"there are more than {MaxGroups:N0} groups: narrow the time or the filter");

    private static JsonObject Source(string name, string kind, JsonObject of) => new() { [name] = new JsonObject { [kind] = of } };

    private static JsonObject Times(string which) => new() { [which] = new JsonObject { ["field"] = "beacon.us" } };

    private static GroupBucket Read(JsonElement bucket, int fields, bool timed, bool withTimes)
    {
        var key = bucket.GetProperty("key");
        var values = new string[fields];
        for (var i = 0; i < fields; i++) values[i] = key.GetProperty($"k{i}").GetString()!;
        var (from, to) = withTimes ? (Time(bucket, "from"), Time(bucket, "to")) : (default, default);
        return new GroupBucket(values, timed ? (long)key.GetProperty("t").GetDouble() : 0, bucket.GetProperty("doc_count").GetInt64(), from, to);
    }

    private static DateTimeOffset Time(JsonElement bucket, string name) => StateTime.FromMicroseconds((long)bucket.GetProperty(name).GetProperty("value").GetDouble());
}
