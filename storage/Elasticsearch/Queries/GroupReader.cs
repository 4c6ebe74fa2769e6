using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Beacon.Events;
using Beacon.Storage.Elasticsearch.Rest;

namespace Beacon.Storage.Elasticsearch.Queries;

/// <summary>
/// Reads all groups of a filter page by page (composite aggregation): exact, whatever the number of shards, where the server's own "largest groups" and
/// "different values" are estimates. What is chosen of them is chosen by the reader.
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
        // A shared field first: its values lie together, and reading begins and ends with them.
        var order = Enumerable.Range(0, fields.Count).OrderByDescending(i => fields[i].IsShared).ToList();
        var sources = new JsonArray([.. order.Select(i => (JsonNode)Source($"k{i}", "terms", new JsonObject { ["field"] = fields[i].Source }))]);
        if (interval > 0) sources.Add(Source("t", "histogram", new JsonObject { ["field"] = "beacon.us", ["interval"] = interval }));
        JsonNode? after = order.Count > 0 && fields[order[0]].IsShared ? Before(fields, order, interval) : null;
        for (var read = 0; ;)
        {
            var composite = new JsonObject { ["size"] = PageGroups, ["sources"] = sources.DeepClone() };
            if (after is not null) composite["after"] = after;
            var by = new JsonObject { ["composite"] = composite };
            if (withTimes) by["aggs"] = new JsonObject { ["from"] = Times("min"), ["to"] = Times("max") };
            using var answer = await client.SearchAsync(path, new JsonObject { ["size"] = 0, ["track_total_hits"] = false, ["query"] = query.DeepClone(), ["aggs"] = new JsonObject { ["by"] = by } }, cancellation).ConfigureAwait(false);
            var result = answer.RootElement.GetProperty("aggregations").GetProperty("by");
            var buckets = result.GetProperty("buckets");
            foreach (var bucket in buckets.EnumerateArray())
            {
                if (Read(bucket, fields, interval > 0, withTimes) is { } group) yield return group;
                else if (IsPast(bucket, fields, order)) yield break;
            }
            read += buckets.GetArrayLength();
            if (buckets.GetArrayLength() < PageGroups || !result.TryGetProperty("after_key", out var key)) yield break;
            if (read >= MaxGroups) throw new EventQueryException($"there are more than {MaxGroups:N0} groups: narrow the time or the filter");
            after = JsonNode.Parse(key.GetRawText());
        }
    }

    private static JsonObject Source(string name, string kind, JsonObject of) => new() { [name] = new JsonObject { [kind] = of } };

    private static JsonObject Times(string which) => new() { [which] = new JsonObject { ["field"] = "beacon.us" } };

    /// <summary>A key below all of the first field's: '&lt;' is the byte before '='.</summary>
    private static JsonObject Before(IReadOnlyList<GroupField> fields, List<int> order, long interval)
    {
        var key = new JsonObject();
        foreach (var i in order) key[$"k{i}"] = i == order[0] ? fields[i].Prefix[..^1] + "<" : "";
        if (interval > 0) key["t"] = 0.0;
        return key;
    }

    private static bool IsPast(JsonElement bucket, IReadOnlyList<GroupField> fields, List<int> order) =>
        order.Count > 0 && fields[order[0]].IsShared
        && Utf8Order.Compare(bucket.GetProperty("key").GetProperty($"k{order[0]}").GetString()!, fields[order[0]].Prefix[..^1] + ">") > 0;

    /// <summary>The bucket as a group, or null where a value is another field's that shares its place.</summary>
    private static GroupBucket? Read(JsonElement bucket, IReadOnlyList<GroupField> fields, bool timed, bool withTimes)
    {
        var key = bucket.GetProperty("key");
        var values = new string[fields.Count];
        for (var i = 0; i < fields.Count; i++)
        {
            var text = key.GetProperty($"k{i}").GetString()!;
            if (!text.StartsWith(fields[i].Prefix, StringComparison.Ordinal)) return null;
            values[i] = fields[i].ValueOf(text);
        }
        var (from, to) = withTimes ? (Time(bucket, "from"), Time(bucket, "to")) : (default, default);
        return new GroupBucket(values, timed ? (long)key.GetProperty("t").GetDouble() : 0, bucket.GetProperty("doc_count").GetInt64(), from, to);
    }

    private static DateTimeOffset Time(JsonElement bucket, string name) => StateTime.FromMicroseconds((long)bucket.GetProperty(name).GetProperty("value").GetDouble());
}
