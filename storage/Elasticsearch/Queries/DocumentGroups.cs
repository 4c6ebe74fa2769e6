using System.Text.Json;
using System.Text.Json.Nodes;
using Beacon.Events;
using Beacon.Storage.Elasticsearch.Documents;
using Beacon.Storage.Elasticsearch.Rest;

namespace Beacon.Storage.Elasticsearch.Queries;

/// <summary>
/// Groups by fields whose values stand in the documents only: these are read, page behind page in the order of their numbers, and counted here. What a field
/// costs the server at each event so that it can count it, it costs here when somebody asks.
/// </summary>
internal sealed class DocumentGroups(ElasticClient client, string path)
{
    private const int PageRows = 10_000;

    /// <summary>UTF-16 units of all keys together.</summary>
    private const long MaxKeyUnits = 100_000_000;

    private readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal);
    private long _units;

    /// <param name="fields">At least one; an event that lacks one is in no group, one with several values of it is in several, in each once.</param>
    /// <param name="interval">Also by time, in microseconds; 0 for not.</param>
    /// <exception cref="EventQueryException">There are too many groups.</exception>
    public async Task<IReadOnlyCollection<GroupBucket>> ReadAsync(JsonObject query, IReadOnlyList<GroupField> fields, long interval, CancellationToken cancellation)
    {
        var must = query["bool"]!["filter"]!.DeepClone().AsArray();
        foreach (var field in fields) must.Add(FilterQuery.Has(field.Name));
        var wanted = new JsonArray("beacon", "multi", "rest");
        foreach (var field in fields) if (EventColumn.Find(field.Name) is { } column && column != EventColumn.Source) wanted.Add(column.Name);
        for (long after = 0; ;)
        {
            var page = must.DeepClone().AsArray();
            // By number, not by a point in time: numbers up to the committed one stay what they are.
            page.Add(FilterQuery.Range("beacon.sequence", "gt", after));
            var body = new JsonObject
            {
                ["size"] = PageRows, ["track_total_hits"] = false, ["query"] = new JsonObject { ["bool"] = new JsonObject { ["filter"] = page } },
                ["sort"] = new JsonArray(new JsonObject { ["beacon.sequence"] = "asc" }), ["_source"] = wanted.DeepClone(),
            };
            using var answer = await client.SearchAsync(path, body, cancellation).ConfigureAwait(false);
            var rows = 0;
            foreach (var hit in answer.RootElement.GetProperty("hits").GetProperty("hits").EnumerateArray())
            {
                var e = EventReader.Read(hit.GetProperty("_id"), hit.GetProperty("_source"));
                (after, rows) = (e.Sequence, rows + 1);
                Count(e, fields, interval);
            }
            if (rows < PageRows) break;
        }
        return [.. _groups.Values.Select(static g => g.ToBucket())];
    }

    private void Count(SecurityEvent e, IReadOnlyList<GroupField> fields, long interval)
    {
        var us = StateTime.ToMicroseconds(e.Timestamp);
        // As the server's histogram begins its intervals: below zero too.
        var start = interval > 0 ? us - (((us % interval) + interval) % interval) : 0;
        Count(e, us, start, fields, new string[fields.Count], 0, interval > 0 ? $"{start}:" : "");
    }

    private void Count(SecurityEvent e, long us, long start, IReadOnlyList<GroupField> fields, string[] values, int depth, string key)
    {
        if (depth < fields.Count)
        {
            foreach (var value in Values(e, fields[depth].Name))
            {
                values[depth] = value;
                Count(e, us, start, fields, values, depth + 1, GroupKey.With(key, value));
            }
            return;
        }
        if (!_groups.TryGetValue(key, out var group))
        {
            if (_groups.Count >= GroupReader.MaxGroups || (_units += key.Length) > MaxKeyUnits) throw GroupReader.TooMany();
            _groups[key] = group = new Group([.. values], start);
        }
        group.Add(e, us);
    }

    /// <summary>The different values; those that are longer than a term are not counted, as in columns.</summary>
    private static HashSet<string> Values(SecurityEvent e, string name)
    {
        var values = new HashSet<string>(StringComparer.Ordinal);
        if (name == EventColumn.Source.Name) values.Add(e.Source);
        for (var i = e.IndexOf(name); i >= 0; i = e.IndexOf(name, i + 1))
            if (e.KindAt(i) != ValueKind.Null && e.ValueAt(i).Length <= LongValue.MostBytes) values.Add(e.TextAt(i));
        return values;
    }

    private sealed class Group(string[] values, long start)
    {
        private long _events, _first = long.MaxValue, _last = long.MinValue;
        private SecurityEventId _newest;

        public void Add(SecurityEvent e, long us)
        {
            _events++;
            _first = Math.Min(_first, us);
            // They come in the order of their numbers: of those at one instant the later one is the one with the higher.
            if (us >= _last) (_last, _newest) = (us, e.Id);
        }

        public GroupBucket ToBucket() => new(values, start, _events, StateTime.FromMicroseconds(_first), StateTime.FromMicroseconds(_last), _newest);
    }
}
