using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Beacon.Events;
using Beacon.Storage.Elasticsearch.Documents;
using Beacon.Storage.Elasticsearch.Queries;

namespace Beacon.Storage.Elasticsearch;

/// <summary>The questions of the console and the API.</summary>
public sealed partial class ElasticsearchEventStore
{
    /// <summary>Rows of one request; a longer page is read in several.</summary>
    private const int PageRows = 2_000;

    /// <summary>Newest events whose names outside the columns are counted.</summary>
    private const int FieldSample = 5_000;

    public async Task<EventPage> SearchAsync(EventQuery query, CancellationToken cancellation)
    {
        if (query.Limit is < 1 or > 10_000) throw new EventQueryException("a page has 1 to 10,000 rows");
        var committed = await FreshAsync(cancellation).ConfigureAwait(false);
        var after = query.After is { } text ? PageMark.Parse(text) : null;
        var rows = new List<SecurityEvent>(Math.Min(query.Limit, PageRows) + 1);
        while (rows.Count <= query.Limit)
        {
            var wanted = Math.Min(query.Limit + 1 - rows.Count, PageRows);
            var body = Rows(FilterQuery.Create(query.Filter, query.Range, committed), query.OldestFirst, wanted);
            if (after is not null) body["search_after"] = after.ToSort();
            using var answer = await _client.SearchAsync(SearchPath, body, cancellation).ConfigureAwait(false);
            var before = rows.Count;
            foreach (var hit in Hits(answer)) rows.Add(EventReader.Read(hit.GetProperty("_id"), hit.GetProperty("_source")));
            if (rows.Count - before < wanted) break;
            after = PageMark.Of(rows[^1]);
        }
        if (rows.Count <= query.Limit) return new EventPage(rows, null);
        rows.RemoveAt(query.Limit);
        return new EventPage(rows, PageMark.Of(rows[^1]).ToString());
    }

    public async Task<SecurityEvent?> GetAsync(SecurityEventId id, CancellationToken cancellation)
    {
        using var answer = await AskAsync(EventFilter.Equal("event.id", id.ToString()), null, new JsonObject { ["size"] = 1, ["track_total_hits"] = false }, cancellation).ConfigureAwait(false);
        foreach (var hit in Hits(answer)) return EventReader.Read(hit.GetProperty("_id"), hit.GetProperty("_source"));
        return null;
    }

    public async Task<EventNeighbours?> NeighboursAsync(SecurityEventId id, int before, int after, CancellationToken cancellation)
    {
        if (before is < 0 or > 1_000 || after is < 0 or > 1_000) throw new EventQueryException("0 to 1,000 neighbours on each side");
        if (await GetAsync(id, cancellation).ConfigureAwait(false) is not { } e) return null;
        var same = new List<EventFilter> { EventFilter.Equal("beacon.source", e.Source) };
        if (e.GetText(Field.HostName) is { Length: > 0 } host) same.Add(EventFilter.Equal("host.name", host));
        var query = new EventQuery { Filter = EventFilter.And(same), After = PageMark.Of(e).ToString() };
        IReadOnlyList<SecurityEvent> older = before == 0 ? [] : (await SearchAsync(query with { Limit = before }, cancellation).ConfigureAwait(false)).Events;
        IReadOnlyList<SecurityEvent> newer = after == 0 ? [] : (await SearchAsync(query with { Limit = after, OldestFirst = true }, cancellation).ConfigureAwait(false)).Events;
        return new EventNeighbours([.. older.Reverse()], e, newer);
    }

    public async Task<long> CountAsync(EventFilter filter, TimeRange range, CancellationToken cancellation)
    {
        using var answer = await AskAsync(filter, range, new JsonObject { ["size"] = 0, ["track_total_hits"] = true }, cancellation).ConfigureAwait(false);
        return answer.RootElement.GetProperty("hits").GetProperty("total").GetProperty("value").GetInt64();
    }

    public async Task<IReadOnlyList<HistogramBucket>> HistogramAsync(EventFilter filter, TimeRange range, TimeSpan interval, CancellationToken cancellation)
    {
        if (interval < TimeSpan.FromMilliseconds(1)) throw new EventQueryException("a histogram's interval is at least one millisecond");
        if (range.Length / interval > 10_000) throw new EventQueryException("a histogram has at most 10,000 intervals: narrow the time or widen the interval");
        var whole = interval.Ticks % TimeSpan.TicksPerMillisecond == 0;
        var histogram = whole
            ? new JsonObject { ["date_histogram"] = new JsonObject { ["field"] = "@timestamp", ["fixed_interval"] = $"{interval.Ticks / TimeSpan.TicksPerMillisecond}ms", ["min_doc_count"] = 1 } }
            : new JsonObject { ["histogram"] = new JsonObject { ["field"] = "beacon.us", ["interval"] = interval.Ticks / TimeSpan.TicksPerMicrosecond, ["min_doc_count"] = 1 } };
        using var answer = await AskAsync(filter, range, Aggregate("by", histogram), cancellation).ConfigureAwait(false);
        return [.. Buckets(answer, "by").Select(b => new HistogramBucket(
            whole ? DateTimeOffset.FromUnixTimeMilliseconds(b.GetProperty("key").GetInt64()) : StateTime.FromMicroseconds((long)b.GetProperty("key").GetDouble()), b.GetProperty("doc_count").GetInt64()))];
    }

    public async Task<IReadOnlyList<ValueCount>> TopValuesAsync(EventFilter filter, TimeRange range, string field, int limit, CancellationToken cancellation)
    {
        if (limit is < 1 or > 10_000) throw new EventQueryException("1 to 10,000 values");
        if (GroupField.Of(field).Column is { } column)
        {
            var terms = new JsonObject
            {
                ["field"] = column.ValueField,
                ["size"] = limit,
                ["shard_size"] = Math.Min(65_000, limit * 4 + 1_000),
                ["order"] = new JsonArray(new JsonObject { ["_count"] = "desc" }, new JsonObject { ["_key"] = "asc" }),
            };
            using var answer = await AskAsync(filter, range, Aggregate("top", new JsonObject { ["terms"] = terms }), cancellation).ConfigureAwait(false);
            // Shards that left out values may have left out one that is large in sum: then all are counted.
            if (answer.RootElement.GetProperty("aggregations").GetProperty("top").GetProperty("doc_count_error_upper_bound").GetInt64() == 0)
                return [.. Buckets(answer, "top").Select(static b => new ValueCount(b.GetProperty("key").GetString()!, b.GetProperty("doc_count").GetInt64()))];
        }
        return [.. (await GroupAsync(new GroupQuery(filter, range, [field], null, 1, limit), cancellation).ConfigureAwait(false)).Select(static g => new ValueCount(g.Key[0], g.Count))];
    }

    public async Task<IReadOnlyList<ValueCount>> FieldsAsync(TimeRange range, int limit, CancellationToken cancellation)
    {
        if (limit is < 1 or > 10_000) throw new EventQueryException("1 to 10,000 fields");
        var each = new JsonObject();
        foreach (var column in EventColumn.All) each[column.Name] = FilterQuery.Counted(column);
        var body = Aggregate("columns", new JsonObject { ["filters"] = new JsonObject { ["filters"] = each } });
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        using (var answer = await AskAsync(EventFilter.All, range, body, cancellation).ConfigureAwait(false))
            foreach (var column in answer.RootElement.GetProperty("aggregations").GetProperty("columns").GetProperty("buckets").EnumerateObject())
                if (column.Value.GetProperty("doc_count").GetInt64() is > 0 and var n) counts[column.Name] = n;
        // The names within "rest" are read from the newest rows only: completion wants what is current, not a full scan.
        var rows = Rows(FilterQuery.Create(EventFilter.All, range, CommittedSequence), oldestFirst: false, FieldSample);
        rows["_source"] = new JsonArray("rest");
        using var name = new ByteBuffer(256);
        using (var answer = await _client.SearchAsync(SearchPath, rows, cancellation).ConfigureAwait(false))
        {
            foreach (var hit in Hits(answer))
            {
                if (!hit.GetProperty("_source").TryGetProperty("rest", out var rest)) continue;
                foreach (var field in rest.EnumerateArray().Select(t => NameOf(t.GetString()!, name)).Where(f => EcsFields.ColumnOf(f) is null).Distinct()) counts[field] = counts.GetValueOrDefault(field) + 1;
            }
        }
        return [.. counts.Select(c => new ValueCount(c.Key, c.Value)).OrderByDescending(c => c.Count).ThenBy(c => c.Value, StringComparer.Ordinal).Take(limit)];
    }

    private string SearchPath => $"/{_options.Events}/_search";

    private static string NameOf(string term, ByteBuffer name)
    {
        FieldTerm.TrySplit(System.Text.Encoding.UTF8.GetBytes(term), name, out _);
        return System.Text.Encoding.UTF8.GetString(name.WrittenSpan);
    }

    private static JsonObject Aggregate(string name, JsonObject aggregation) => new() { ["size"] = 0, ["track_total_hits"] = false, ["aggs"] = new JsonObject { [name] = aggregation } };

    private static JsonObject Rows(JsonObject query, bool oldestFirst, int size) => new()
    {
        ["size"] = size,
        ["track_total_hits"] = false,
        ["query"] = query,
        ["sort"] = PageMark.Order(oldestFirst),
    };

    private static JsonElement.ArrayEnumerator Hits(JsonDocument answer) => answer.RootElement.GetProperty("hits").GetProperty("hits").EnumerateArray();
    private static JsonElement.ArrayEnumerator Buckets(JsonDocument answer, string name) => answer.RootElement.GetProperty("aggregations").GetProperty(name).GetProperty("buckets").EnumerateArray();

    /// <summary>Asks about committed events; without a range about those of all times.</summary>
    private async Task<JsonDocument> AskAsync(EventFilter filter, TimeRange? range, JsonObject body, CancellationToken cancellation)
    {
        var committed = await FreshAsync(cancellation).ConfigureAwait(false);
        body["query"] = FilterQuery.Create(filter, range, committed);
        return await _client.SearchAsync(SearchPath, body, cancellation).ConfigureAwait(false);
    }

    /// <summary>Makes what was committed visible to searches, once for all who ask; the server does it by itself only now and then.</summary>
    /// <returns>The number up to which a search sees everything.</returns>
    private async Task<long> FreshAsync(CancellationToken cancellation)
    {
        var committed = CommittedSequence;
        if (Interlocked.Read(ref _refreshed) >= committed) return committed;
        await _refresh.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            committed = CommittedSequence;
            if (Interlocked.Read(ref _refreshed) >= committed) return committed;
            await _indices.RefreshAsync(cancellation).ConfigureAwait(false);
            Interlocked.Exchange(ref _refreshed, committed);
            return committed;
        }
        finally
        {
            _refresh.Release();
        }
    }
}
