using System.Text.Json;
using System.Text.Json.Nodes;
using Beacon.Events;
using Beacon.Storage.Elasticsearch.Documents;
using Beacon.Storage.Elasticsearch.Queries;

namespace Beacon.Storage.Elasticsearch;

/// <summary>The questions that group events: counts, series, terms not seen before. All are exact.</summary>
public sealed partial class ElasticsearchEventStore
{
    private const int MaxGroupFields = 8;
    private const int MaxSeriesPoints = 2_000_000;

    /// <summary>Searches of one request for single events.</summary>
    private const int SamplesAtOnce = 200;

    /// <summary>Candidates for new terms above which all of history's terms are read instead of asking for each.</summary>
    private const int AskEach = 1_000;

    /// <summary>Grouping questions of one call that are asked at once.</summary>
    private const int GroupsAtOnce = 4;

    private GroupReader Reader => new(_client, SearchPath);

    public async Task<IReadOnlyList<GroupCount>> GroupAsync(GroupQuery query, CancellationToken cancellation)
    {
        var fields = Fields(query.GroupBy);
        if (query.Limit is < 1 or > 100_000) throw new EventQueryException("1 to 100,000 groups");
        var distinct = query.DistinctField is null ? null : GroupField.Of(query.DistinctField);
        var committed = await FreshAsync(cancellation).ConfigureAwait(false);
        var where = FilterQuery.Create(query.Filter, query.Range, committed);
        var counts = distinct is null ? null : await DistinctAsync(where, fields, distinct, cancellation).ConfigureAwait(false);
        var groups = new List<(GroupBucket Bucket, long Count)>();
        await foreach (var bucket in BucketsAsync(where, fields, cancellation).ConfigureAwait(false))
        {
            var count = counts is null ? bucket.Events : counts.GetValueOrDefault(GroupKey.Of(bucket.Values));
            if (count >= query.AtLeast) groups.Add((bucket, count));
        }
        var kept = groups.OrderByDescending(g => g.Count).ThenBy(g => g.Bucket.Values, Utf8Order.Keys).Take(query.Limit).ToList();
        var unknown = kept.Where(static g => g.Bucket.Newest is null).Select(g => new SampleQuery(query.Filter, g.Bucket.Last, Newest: true, [.. fields.Zip(g.Bucket.Values).SelectMany(static p => p.First.Exactly(p.Second))])).ToList();
        var samples = new Queue<SecurityEventId>(await SamplesAsync(unknown, committed, cancellation).ConfigureAwait(false));
        return [.. kept.Select(g => new GroupCount(g.Bucket.Values, g.Count, g.Bucket.Events, g.Bucket.First, g.Bucket.Last, g.Bucket.Newest ?? samples.Dequeue()))];
    }

    public async Task<IReadOnlyList<IReadOnlyList<GroupCount>>> GroupManyAsync(IReadOnlyList<GroupQuery> queries, CancellationToken cancellation)
    {
        var answers = new IReadOnlyList<GroupCount>[queries.Count];
        // The server's own caches share the range; each question is a request, a few at once.
        await Parallel.ForAsync(0, queries.Count, new ParallelOptions { MaxDegreeOfParallelism = GroupsAtOnce, CancellationToken = cancellation },
            async (i, stop) => answers[i] = await GroupAsync(queries[i], stop).ConfigureAwait(false)).ConfigureAwait(false);
        return answers;
    }

    public async Task<IReadOnlyList<GroupSeries>> SeriesAsync(SeriesQuery query, CancellationToken cancellation)
    {
        if (query.Interval < TimeSpan.FromMilliseconds(1)) throw new EventQueryException("a series has an interval of at least one millisecond");
        if (query.Range.Length / query.Interval > 100_000) throw new EventQueryException("a series has at most 100,000 intervals: narrow the time or widen the interval");
        if (query.Limit is < 1 or > 10_000) throw new EventQueryException("1 to 10,000 series");
        if (query.Measure != SeriesMeasure.Count && query.Field is null) throw new EventQueryException("a sum or a number of different values is one of a field");
        var fields = Fields(query.GroupBy);
        var measured = query.Measure == SeriesMeasure.Count ? null : GroupField.Of(query.Field!);
        var step = query.Interval.Ticks / TimeSpan.TicksPerMicrosecond;
        var where = FilterQuery.Create(query.Filter, query.Range, await FreshAsync(cancellation).ConfigureAwait(false));
        var series = new Dictionary<string, (string[] Key, long Events, SortedDictionary<long, double> Points)>(StringComparer.Ordinal);
        var points = 0;
        await foreach (var bucket in Reader.ReadAsync(where, fields, step, withTimes: false, cancellation).ConfigureAwait(false))
        {
            if (++points > MaxSeriesPoints) throw new EventQueryException($"the series have more than {MaxSeriesPoints:N0} points together: ask for fewer groups or a wider interval");
            var key = GroupKey.Of(bucket.Values);
            var one = series.TryGetValue(key, out var known) ? known : (Key: bucket.Values, Events: 0L, Points: []);
            one.Points[bucket.Interval] = measured is null ? bucket.Events : 0;
            series[key] = one with { Events = one.Events + bucket.Events };
        }
        if (measured is not null)
        {
            await foreach (var bucket in Reader.ReadAsync(where, [.. fields, measured], step, withTimes: false, cancellation).ConfigureAwait(false))
            {
                // An event stored since the first pass is of none of its groups: it is left out of both.
                if (!series.TryGetValue(GroupKey.Of(bucket.Values[..^1]), out var one) || !one.Points.TryGetValue(bucket.Interval, out var value)) continue;
                one.Points[bucket.Interval] = value + (query.Measure == SeriesMeasure.Distinct ? 1 : NumberOf(bucket.Values[^1]) * bucket.Events);
            }
        }
        return [.. series.Values.OrderByDescending(s => s.Events).ThenBy(s => s.Key, Utf8Order.Keys).Take(query.Limit)
            .Select(s => new GroupSeries(s.Key, s.Events, [.. s.Points.Select(p => new SeriesPoint(StateTime.FromMicroseconds(p.Key), p.Value))]))];
    }

    public async Task<IReadOnlyList<NewTerm>> NewTermsAsync(NewTermsQuery query, CancellationToken cancellation)
    {
        if (query.Fields.Count == 0) throw new EventQueryException("new terms are those of 1 to 8 fields");
        if (query.Limit is < 1 or > 100_000) throw new EventQueryException("1 to 100,000 terms");
        var fields = Fields(query.Fields);
        var committed = await FreshAsync(cancellation).ConfigureAwait(false);
        var terms = new Dictionary<string, NewTermSeen>(StringComparer.Ordinal);
        await foreach (var bucket in Reader.ReadAsync(FilterQuery.Create(query.Filter, query.Range, committed), fields, 0, withTimes: true, cancellation).ConfigureAwait(false))
        {
            var folded = Folded(bucket.Values);
            terms[folded] = terms.TryGetValue(folded, out var seen) ? seen.And(bucket) : new NewTermSeen(bucket.Values, bucket.Events, bucket.First, bucket.Last);
        }
        foreach (var known in await KnownAsync(query, fields, terms, committed, cancellation).ConfigureAwait(false)) terms.Remove(known);
        var kept = terms.OrderBy(t => t.Value.First).ThenBy(t => t.Key, StringComparer.Ordinal).Take(query.Limit).Select(t => t.Value).ToList();
        var samples = await SamplesAsync([.. kept.Select(t => new SampleQuery(query.Filter, t.First, Newest: false, [.. fields.Zip(t.Values).Select(p => p.First.Folded(p.Second))]))], committed, cancellation).ConfigureAwait(false);
        return [.. kept.Select((t, i) => new NewTerm(t.Values, t.Events, t.First, t.Last, samples[i]))];
    }

    private sealed record NewTermSeen(string[] Values, long Events, DateTimeOffset First, DateTimeOffset Last)
    {
        /// <summary>Joined with the same term in another case; the earlier one's spelling stays.</summary>
        public NewTermSeen And(GroupBucket other) => new(
            other.First < First ? other.Values : Values, Events + other.Events, other.First < First ? other.First : First, other.Last > Last ? other.Last : Last);
    }

    /// <summary>Which of the terms history has.</summary>
    private async Task<IReadOnlyCollection<string>> KnownAsync(NewTermsQuery query, IReadOnlyList<GroupField> fields, Dictionary<string, NewTermSeen> terms, long committed, CancellationToken cancellation)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        if (terms.Count <= AskEach)
        {
            foreach (var some in terms.Chunk(SamplesAtOnce))
            {
                var searches = some.Select(t => new JsonObject
                {
                    ["size"] = 0, ["track_total_hits"] = 1, ["terminate_after"] = 1,
                    ["query"] = FilterQuery.Create(query.Filter, query.History, committed, fields.Zip(t.Value.Values).Select(p => p.First.Folded(p.Second))),
                }).ToList();
                using var answer = await _client.SearchManyAsync(_options.Events, searches, cancellation).ConfigureAwait(false);
                foreach (var (one, response) in some.Zip(Responses(answer)))
                    if (response.GetProperty("hits").GetProperty("total").GetProperty("value").GetInt64() > 0) known.Add(one.Key);
            }
            return known;
        }
        await foreach (var bucket in Reader.ReadAsync(FilterQuery.Create(query.Filter, query.History, committed), fields, 0, withTimes: false, cancellation).ConfigureAwait(false))
            if (Folded(bucket.Values) is var folded && terms.ContainsKey(folded)) known.Add(folded);
        return known;
    }

    /// <summary>The groups, or the one of all events.</summary>
    private async IAsyncEnumerable<GroupBucket> BucketsAsync(JsonObject where, IReadOnlyList<GroupField> fields, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        if (fields.Count > 0)
        {
            await foreach (var bucket in Reader.ReadAsync(where, fields, 0, withTimes: true, cancellation).ConfigureAwait(false)) yield return bucket;
            yield break;
        }
        var body = new JsonObject
        {
            ["size"] = 0, ["track_total_hits"] = true, ["query"] = where.DeepClone(),
            ["aggs"] = new JsonObject { ["from"] = new JsonObject { ["min"] = new JsonObject { ["field"] = "beacon.us" } }, ["to"] = new JsonObject { ["max"] = new JsonObject { ["field"] = "beacon.us" } } },
        };
        using var answer = await _client.SearchAsync(SearchPath, body, cancellation).ConfigureAwait(false);
        var events = answer.RootElement.GetProperty("hits").GetProperty("total").GetProperty("value").GetInt64();
        if (events == 0) yield break;
        DateTimeOffset Time(string name) => StateTime.FromMicroseconds((long)answer.RootElement.GetProperty("aggregations").GetProperty(name).GetProperty("value").GetDouble());
        yield return new GroupBucket([], 0, events, Time("from"), Time("to"));
    }

    private async Task<Dictionary<string, long>> DistinctAsync(JsonObject where, IReadOnlyList<GroupField> fields, GroupField distinct, CancellationToken cancellation)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        await foreach (var bucket in Reader.ReadAsync(where, [.. fields, distinct], 0, withTimes: false, cancellation).ConfigureAwait(false))
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counts, GroupKey.Of(bucket.Values[..^1]), out _)++;
        return counts;
    }

    private sealed record SampleQuery(EventFilter Filter, DateTimeOffset At, bool Newest, IReadOnlyList<JsonObject> Conditions);

    /// <summary>For each question the event of that instant with the highest or lowest sequence.</summary>
    private async Task<List<SecurityEventId>> SamplesAsync(IReadOnlyList<SampleQuery> wanted, long committed, CancellationToken cancellation)
    {
        var found = new List<SecurityEventId>(wanted.Count);
        foreach (var some in wanted.Chunk(SamplesAtOnce))
        {
            var searches = some.Select(w => new JsonObject
            {
                ["size"] = 1, ["track_total_hits"] = false, ["_source"] = false,
                ["query"] = FilterQuery.Create(w.Filter, new TimeRange(w.At, w.At.AddMicroseconds(1)), committed, w.Conditions),
                ["sort"] = new JsonArray(new JsonObject { ["beacon.sequence"] = w.Newest ? "desc" : "asc" }),
            }).ToList();
            using var answer = await _client.SearchManyAsync(_options.Events, searches, cancellation).ConfigureAwait(false);
            foreach (var response in Responses(answer))
            {
                var hits = response.GetProperty("hits").GetProperty("hits");
                found.Add(hits.GetArrayLength() > 0 && EventId.TryParse(System.Text.Encoding.UTF8.GetBytes(hits[0].GetProperty("_id").GetString()!), out var id) ? id : default);
            }
        }
        return found;
    }

    private static IEnumerable<JsonElement> Responses(JsonDocument answer)
    {
        foreach (var response in answer.RootElement.GetProperty("responses").EnumerateArray())
        {
            if (!response.TryGetProperty("hits", out _)) throw new Rest.ElasticException(response.TryGetProperty("status", out var s) ? s.GetInt32() : 0, "", "a part of a search failed: " + Rest.ElasticAnswer.Cause(response.GetProperty("error")).Reason);
            yield return response;
        }
    }

    private static IReadOnlyList<GroupField> Fields(IReadOnlyList<string> names) =>
        names.Count <= MaxGroupFields ? [.. names.Select(GroupField.Of)] : throw new EventQueryException($"at most {MaxGroupFields} fields to group by");

    private static string Folded(string[] values) => string.Join('\0', values.Select(v => FoldedText.Of(v)));
    private static double NumberOf(string text) => TermQuery.IsNumber(text, out var number) ? number : 0;
}
