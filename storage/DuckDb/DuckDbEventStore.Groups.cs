using System.Globalization;
using Beacon.Events;
using DuckDB.NET.Data;

namespace Beacon.Storage.DuckDb;

/// <summary>The questions that group events: counts, series, terms not seen before.</summary>
public sealed partial class DuckDbEventStore
{
    private const int MaxGroupFields = 8;
    private const int MaxSeriesPoints = 2_000_000;

    /// <summary>Groups that one shared pass may give; above it each query runs for itself, with its own limit.</summary>
    private const int MaxSharedGroups = 200_000;

    public async Task<IReadOnlyList<GroupCount>> GroupAsync(GroupQuery query, CancellationToken cancellation)
    {
        Check(query);
        var names = Keys(query.GroupBy);
        var select = string.Join(", ", [.. Named(query.GroupBy), .. Counts(query, "")]);
        var having = string.Join(" AND ", [$"n >= {query.AtLeast}", "count(*) > 0", .. NotNull(query.GroupBy)]);
        return await FromDaysAsync(
            query.Range, from => $"SELECT {select} FROM {from} WHERE {FilterSql.Where(query.Filter, query.Range)} {GroupBy(names)} HAVING {having} ORDER BY n DESC{(names.Length == 0 ? "" : ", " + names)} LIMIT {query.Limit}",
            r => ReadGroup(r, query.GroupBy.Count, ReadKey(r, query.GroupBy.Count)), cancellation).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<IReadOnlyList<GroupCount>>> GroupManyAsync(IReadOnlyList<GroupQuery> queries, CancellationToken cancellation)
    {
        var answers = new IReadOnlyList<GroupCount>[queries.Count];
        foreach (var query in queries) Check(query);
        foreach (var shared in Enumerable.Range(0, queries.Count).GroupBy(i => (queries[i].Range, string.Join('\n', queries[i].GroupBy))))
        {
            var members = shared.ToList();
            if (members.Count > 1 && await SharedAsync([.. members.Select(i => queries[i])], cancellation).ConfigureAwait(false) is { } found)
            {
                for (var m = 0; m < members.Count; m++) answers[members[m]] = found[m];
                continue;
            }
            foreach (var i in members) answers[i] = await GroupAsync(queries[i], cancellation).ConfigureAwait(false);
        }
        return answers;
    }

    /// <summary>One pass for queries of the same range and groups; null where there are too many groups for it.</summary>
    private async Task<List<GroupCount>[]?> SharedAsync(IReadOnlyList<GroupQuery> queries, CancellationToken cancellation)
    {
        var first = queries[0];
        var keys = first.GroupBy.Count;
        var filters = queries.Select(q => FilterSql.Condition(q.Filter)).ToList();
        // The filters are columns of an inner query so that each is worked out once for a row, whatever the number of aggregates.
        var inner = string.Join(", ", [.. Named(first.GroupBy), "id", "ts", "sequence", .. filters.Select((f, i) => $"{f} AS f{i}"), .. queries.Select((q, i) => (q, i)).Where(p => p.q.DistinctField is not null).Select(p => $"{ValueOf(p.q.DistinctField!)} AS d{p.i}")]);
        var select = string.Join(", ", [.. first.GroupBy.Select((_, i) => $"k{i}"), .. queries.SelectMany((q, i) => Counts(q, i.ToString(CultureInfo.InvariantCulture)))]);
        var any = string.Join(" OR ", queries.Select((_, i) => $"f{i}"));
        var enough = string.Join(" OR ", queries.Select((q, i) => $"n{i} >= {Math.Max(1, q.AtLeast)}"));
        var where = string.Join(" AND ", [$"({any})", .. NotNull(first.GroupBy)]);
        var rows = await FromDaysAsync(
            first.Range, from => $"SELECT {select} FROM (SELECT {inner} FROM {from} WHERE {FilterSql.Where(EventFilter.All, first.Range)}) WHERE {where} {GroupBy(Keys(first.GroupBy))} HAVING {enough} LIMIT {MaxSharedGroups + 1}",
            r =>
            {
                var key = ReadKey(r, keys);
                return queries.Select((q, i) => r.GetInt64(keys + i * 5) >= Math.Max(1, q.AtLeast) ? ReadGroup(r, keys + i * 5, key) : null).ToArray();
            }, cancellation).ConfigureAwait(false);
        if (rows.Count > MaxSharedGroups) return null;
        return [.. queries.Select((q, i) => rows.Select(r => r[i]).OfType<GroupCount>().OrderByDescending(static g => g.Count).ThenBy(static g => g.Key, KeyOrder).Take(q.Limit).ToList())];
    }

    public async Task<IReadOnlyList<GroupSeries>> SeriesAsync(SeriesQuery query, CancellationToken cancellation)
    {
        if (query.Interval < TimeSpan.FromMilliseconds(1)) throw new EventQueryException("a series has an interval of at least one millisecond");
        if (query.Range.Length / query.Interval > 100_000) throw new EventQueryException("a series has at most 100,000 intervals: narrow the time or widen the interval");
        if (query.Limit is < 1 or > 10_000) throw new EventQueryException("1 to 10,000 series");
        if (query.Measure != SeriesMeasure.Count && query.Field is null) throw new EventQueryException("a sum or a number of different values is one of a field");
        CheckFields(query.GroupBy);
        var step = Sql.Number(query.Interval.Ticks / TimeSpan.TicksPerMicrosecond);
        var measure = query.Measure switch
        {
            SeriesMeasure.Count => "count(*)::DOUBLE",
            SeriesMeasure.Distinct => $"count(DISTINCT {ValueOf(query.Field!)})::DOUBLE",
            _ => $"coalesce(sum(TRY_CAST({ValueOf(query.Field!)} AS DOUBLE)), 0)",
        };
        var keys = Keys(query.GroupBy);
        var before = keys.Length == 0 ? "" : keys + ", ";
        var select = string.Join(", ", [.. Named(query.GroupBy), $"(epoch_us(ts) // {step}) * {step} AS b", $"{measure} AS v", "count(*) AS n"]);
        var total = keys.Length == 0 ? "sum(n) OVER () AS total" : $"sum(n) OVER (PARTITION BY {keys}) AS total";
        // dense_rank over total and key numbers the groups, the largest first, so that whole groups are cut off.
        var rank = keys.Length == 0 ? "1" : $"dense_rank() OVER (ORDER BY total DESC, {keys})";
        var having = query.GroupBy.Count == 0 ? "" : "HAVING " + string.Join(" AND ", NotNull(query.GroupBy));
        var k = query.GroupBy.Count;
        var points = await FromDaysAsync(
            query.Range,
            from => $"SELECT {before}b, v, total::BIGINT FROM (SELECT *, {rank} AS place FROM (SELECT *, {total} FROM (SELECT {select} FROM {from} WHERE {FilterSql.Where(query.Filter, query.Range)} GROUP BY {before}b {having}))) WHERE place <= {query.Limit} ORDER BY place, b LIMIT {MaxSeriesPoints + 1}",
            r => (Key: ReadKey(r, k), Point: new SeriesPoint(StateTime.FromMicroseconds(r.GetInt64(k)), r.GetDouble(k + 1)), Total: r.GetInt64(k + 2)), cancellation).ConfigureAwait(false);
        if (points.Count > MaxSeriesPoints) throw new EventQueryException($"the series have more than {MaxSeriesPoints:N0} points together: ask for fewer groups or a wider interval");
        var series = new List<GroupSeries>();
        for (var i = 0; i < points.Count;)
        {
            var from = i;
            while (i < points.Count && points[i].Key.AsSpan().SequenceEqual(points[from].Key)) i++;
            series.Add(new GroupSeries(points[from].Key, points[from].Total, [.. points[from..i].Select(static p => p.Point)]));
        }
        return series;
    }

    public async Task<IReadOnlyList<NewTerm>> NewTermsAsync(NewTermsQuery query, CancellationToken cancellation)
    {
        if (query.Fields.Count == 0) throw new EventQueryException("new terms are those of 1 to 8 fields");
        if (query.Limit is < 1 or > 100_000) throw new EventQueryException("1 to 100,000 terms");
        CheckFields(query.Fields);
        var k = query.Fields.Count;
        var folded = string.Join(", ", query.Fields.Select((f, i) => $"lower({ValueOf(f)}) AS k{i}"));
        var first = string.Join(", ", query.Fields.Select((f, i) => $"arg_min({ValueOf(f)}, (ts, sequence)) AS v{i}"));
        var present = string.Join(" AND ", NotNull(query.Fields));
        // Both spans come from their own day files: history may be long gone where the window is today.
        var history = Source(DaysIn(query.History));
        var known = history is null ? "" : $" AND NOT EXISTS (SELECT 1 FROM (SELECT DISTINCT {folded} FROM {history} WHERE {FilterSql.Where(query.Filter, query.History)}) h WHERE {string.Join(" AND ", query.Fields.Select((_, i) => $"h.k{i} = t.k{i}"))})";
        return await FromDaysAsync(
            query.Range,
            from => $"SELECT * FROM (SELECT {folded}, {first}, count(*) AS n, min(ts) AS earliest, max(ts) AS latest, arg_min(id, (ts, sequence)) AS sample FROM {from} WHERE {FilterSql.Where(query.Filter, query.Range)} GROUP BY {Keys(query.Fields)}) t WHERE {present}{known} ORDER BY earliest, {Keys(query.Fields)} LIMIT {query.Limit}",
            r =>
            {
                var values = new string[k];
                for (var i = 0; i < k; i++) values[i] = r.GetString(k + i);
                return new NewTerm(values, r.GetInt64(2 * k), Utc(r.GetDateTime(2 * k + 1)), Utc(r.GetDateTime(2 * k + 2)), new SecurityEventId(r.GetGuid(2 * k + 3)));
            }, cancellation).ConfigureAwait(false);
    }

    private static readonly Comparer<IReadOnlyList<string>> KeyOrder = Comparer<IReadOnlyList<string>>.Create(static (a, b) =>
    {
        for (var i = 0; i < a.Count; i++)
            if (string.CompareOrdinal(a[i], b[i]) is var order and not 0) return order;
        return 0;
    });

    private static void Check(GroupQuery query)
    {
        CheckFields(query.GroupBy);
        if (query.Limit is < 1 or > 100_000) throw new EventQueryException("1 to 100,000 groups");
    }

    private static void CheckFields(IReadOnlyList<string> fields)
    {
        if (fields.Count > MaxGroupFields) throw new EventQueryException($"at most {MaxGroupFields} fields to group by");
    }

    private static IEnumerable<string> Named(IReadOnlyList<string> fields) => fields.Select((f, i) => $"{ValueOf(f)} AS k{i}");
    private static IEnumerable<string> NotNull(IReadOnlyList<string> fields) => fields.Select((_, i) => $"k{i} IS NOT NULL");
    private static string Keys(IReadOnlyList<string> fields) => string.Join(", ", fields.Select((_, i) => $"k{i}"));
    private static string GroupBy(string keys) => keys.Length == 0 ? "" : "GROUP BY " + keys;

    /// <summary>The five aggregates that <see cref="ReadGroup"/> reads; with a suffix, over the rows that pass filter column f and of distinct column d.</summary>
    private static IEnumerable<string> Counts(GroupQuery query, string suffix)
    {
        var only = suffix.Length == 0 ? "" : $" FILTER (WHERE f{suffix})";
        var distinct = query.DistinctField is null ? null : suffix.Length == 0 ? ValueOf(query.DistinctField) : "d" + suffix;
        return [$"{(distinct is null ? "count(*)" : $"count(DISTINCT {distinct})")}{only} AS n{suffix}", $"count(*){only}", $"min(ts){only}", $"max(ts){only}", $"arg_max(id, (ts, sequence)){only}"];
    }

    private static string[] ReadKey(DuckDBDataReader row, int length)
    {
        var key = new string[length];
        for (var i = 0; i < length; i++) key[i] = row.GetString(i);
        return key;
    }

    private static GroupCount ReadGroup(DuckDBDataReader row, int at, string[] key) =>
        new(key, row.GetInt64(at), row.GetInt64(at + 1), Utc(row.GetDateTime(at + 2)), Utc(row.GetDateTime(at + 3)), new SecurityEventId(row.GetGuid(at + 4)));

    private static string ValueOf(string field) => field switch
    {
        "beacon.source" => "source",
        "@timestamp" or "event.ingested" or "event.id" => throw new EventQueryException($"'{field}' differs in every event: it can't be grouped by"),
        _ when EcsFields.ColumnOf(field) is { } c => c.Type == ColumnType.Integer ? $"{Sql.Name(c.Name)}::VARCHAR" : Sql.Name(c.Name),
        _ => $"CASE WHEN contains(rest, {Sql.MemberMark(field)}) THEN json_extract_string(rest, {Sql.Pointer(field)}) END",
    };
}
