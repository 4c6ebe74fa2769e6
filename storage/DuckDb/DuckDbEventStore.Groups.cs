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
        var rows = await KeyedAsync(query.GroupBy, query.DistinctField, query.Range, cancellation).ConfigureAwait(false);
        var select = string.Join(", ", [.. query.GroupBy.Select(static (_, i) => $"k{i}"), .. Counts(query, rows.Events, "")]);
        var having = string.Join(" AND ", [$"n >= {query.AtLeast}", "count(*) > 0", .. rows.NotNull]);
        return await FromDaysAsync(
            query.Range, from => $"SELECT {select} FROM {rows.From(from, FilterSql.Where(query.Filter, query.Range))} {GroupBy(rows.Keys)} HAVING {having} ORDER BY n DESC{(rows.Keys.Length == 0 ? "" : ", " + rows.Keys)} LIMIT {query.Limit}",
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
        var measured = queries.Select((q, i) => (Field: q.DistinctField, Index: i)).Where(static m => m.Field is not null).ToList();
        // An event with several values of what is measured is counted by each query for itself.
        if (measured.Count > 0 && await SeveralAsync([.. measured.Select(static m => m.Field!).Distinct()], first.Range, cancellation).ConfigureAwait(false)) return null;
        var keyed = await KeyedAsync(first.GroupBy, null, first.Range, cancellation).ConfigureAwait(false);
        // The filters are columns of an inner query so that each is worked out once for a row, whatever the number of aggregates.
        List<(string, string)> inner = [.. filters.Select(static (f, i) => (f, $"f{i}")), .. measured.Select(static m => (FieldSql.One(m.Field!), $"d{m.Index}"))];
        var select = string.Join(", ", [.. first.GroupBy.Select((_, i) => $"k{i}"), .. queries.SelectMany((q, i) => Counts(q, "count(*)", i.ToString(CultureInfo.InvariantCulture)))]);
        var any = string.Join(" OR ", queries.Select((_, i) => $"f{i}"));
        var enough = string.Join(" OR ", queries.Select((q, i) => $"n{i} >= {Math.Max(1, q.AtLeast)}"));
        var where = string.Join(" AND ", [$"({any})", .. keyed.NotNull]);
        var rows = await FromDaysAsync(
            first.Range, from => $"SELECT {select} FROM {keyed.From(from, FilterSql.Where(EventFilter.All, first.Range), inner)} WHERE {where} {GroupBy(keyed.Keys)} HAVING {enough} LIMIT {MaxSharedGroups + 1}",
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
            SeriesMeasure.Distinct => "count(DISTINCT dv)::DOUBLE",
            _ => "coalesce(sum(TRY_CAST(dv AS DOUBLE)), 0)",
        };
        var rows = await KeyedAsync(query.GroupBy, query.Measure == SeriesMeasure.Count ? null : query.Field, query.Range, cancellation).ConfigureAwait(false);
        var keys = rows.Keys;
        var before = keys.Length == 0 ? "" : keys + ", ";
        var select = $"{before}(epoch_us(ts) // {step}) * {step} AS b, {measure} AS v, {rows.Events} AS n";
        var total = keys.Length == 0 ? "sum(n) OVER () AS total" : $"sum(n) OVER (PARTITION BY {keys}) AS total";
        // dense_rank over total and key numbers the groups, the largest first, so that whole groups are cut off.
        var rank = keys.Length == 0 ? "1" : $"dense_rank() OVER (ORDER BY total DESC, {keys})";
        var having = query.GroupBy.Count == 0 ? "" : "HAVING " + string.Join(" AND ", rows.NotNull);
        var k = query.GroupBy.Count;
        var points = await FromDaysAsync(
            query.Range,
            from => $"SELECT {before}b, v, total::BIGINT FROM (SELECT *, {rank} AS place FROM (SELECT *, {total} FROM (SELECT {select} FROM {rows.From(from, FilterSql.Where(query.Filter, query.Range))} GROUP BY {before}b {having}))) WHERE place <= {query.Limit} ORDER BY place, b LIMIT {MaxSeriesPoints + 1}",
            r => (Key: ReadKey(r, k), Point: new SeriesPoint(StateTime.FromMicroseconds(r.GetInt64(k)), r.GetDouble(k + 1)), Total: r.GetInt64(k + 2)), cancellation).ConfigureAwait(false);
        if (points.Count > MaxSeriesPoints) throw new EventQueryException($"the series have more than {MaxSeriesPoints:N0} points together: ask for fewer groups or a wider interval");
        var series = new List<GroupSeries>();
        for (var i = 0; i < points.Count;)
        {
            var from = i;
            while (i < points.Count && points[i].Key.AsSpan().SequenceEqual(points[from].Key)) i++;
            series.Add(new GroupSeries(points[from].Key, points[from].Total, [.. points.Take(from..i).Select(static p => p.Point)]));
        }
        return series;
    }

    public async Task<IReadOnlyList<NewTerm>> NewTermsAsync(NewTermsQuery query, CancellationToken cancellation)
    {
        if (query.Fields.Count == 0) throw new EventQueryException("new terms are those of 1 to 8 fields");
        if (query.Limit is < 1 or > 100_000) throw new EventQueryException("1 to 100,000 terms");
        CheckFields(query.Fields);
        var k = query.Fields.Count;
        var folded = string.Join(", ", query.Fields.Select(static (_, i) => $"lower(k{i}) AS t{i}"));
        var first = string.Join(", ", query.Fields.Select(static (_, i) => $"arg_min(k{i}, (ts, sequence)) AS v{i}"));
        var terms = string.Join(", ", query.Fields.Select(static (_, i) => $"t{i}"));
        var rows = await KeyedAsync(query.Fields, null, query.Range, cancellation).ConfigureAwait(false);
        var present = string.Join(" AND ", query.Fields.Select(static (_, i) => $"t{i} IS NOT NULL"));
        // Both spans come from their own day files: history may be long gone where the window is today.
        var known = "";
        if (Source(DaysIn(query.History)) is { } history)
        {
            var past = (await KeyedAsync(query.Fields, null, query.History, cancellation).ConfigureAwait(false)).From(history, FilterSql.Where(query.Filter, query.History));
            known = $" AND NOT EXISTS (SELECT 1 FROM (SELECT DISTINCT {folded} FROM {past}) h WHERE {string.Join(" AND ", query.Fields.Select(static (_, i) => $"h.t{i} = t.t{i}"))})";
        }
        return await FromDaysAsync(
            query.Range,
            from => $"SELECT * FROM (SELECT {folded}, {first}, count(*) AS n, min(ts) AS earliest, max(ts) AS latest, arg_min(id, (ts, sequence)) AS sample FROM {rows.From(from, FilterSql.Where(query.Filter, query.Range))} GROUP BY {terms}) t WHERE {present}{known} ORDER BY earliest, {terms} LIMIT {query.Limit}",
            r =>
            {
                var values = new string[k];
                for (var i = 0; i < k; i++) values[i] = r.GetString(k + i);
                return new NewTerm(values, r.GetInt64(2 * k), Utc(r.GetDateTime(2 * k + 1)), Utc(r.GetDateTime(2 * k + 2)), new SecurityEventId(r.GetGuid(2 * k + 3)));
            }, cancellation, also: query.History).ConfigureAwait(false);
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

    private async Task<KeyedRows> KeyedAsync(IReadOnlyList<string> fields, string? measured, TimeRange range, CancellationToken cancellation) =>
        new(fields, measured, await SeveralAsync(measured is null ? fields : [.. fields, measured], range, cancellation).ConfigureAwait(false));

    /// <summary>Whether an event of the range may have several values of one of the fields.</summary>
    private async Task<bool> SeveralAsync(IReadOnlyList<string> fields, TimeRange range, CancellationToken cancellation)
    {
        foreach (var field in fields) FieldSql.One(field);
        var listed = fields.Where(static f => f != EventTable.SourceField).ToList();
        // To look for lists in the JSON takes as long as to read it as if there were.
        if (listed.Exists(static f => EcsFields.ColumnOf(f) is null)) return true;
        if (listed.Count == 0) return false;
        var any = string.Join(" OR ", listed.Select(FieldSql.Irregular));
        return (await FromDaysAsync(range, from => $"SELECT 1 FROM {from} WHERE multi IS NOT NULL AND {FilterSql.Where(EventFilter.All, range)} AND ({any}) LIMIT 1", static r => r.GetInt32(0), cancellation).ConfigureAwait(false)).Count > 0;
    }

    private static string GroupBy(string keys) => keys.Length == 0 ? "" : "GROUP BY " + keys;

    /// <summary>The five aggregates that <see cref="ReadGroup"/> reads; with a suffix, over the rows that pass filter column f and of distinct column d.</summary>
    private static IEnumerable<string> Counts(GroupQuery query, string events, string suffix)
    {
        var only = suffix.Length == 0 ? "" : $" FILTER (WHERE f{suffix})";
        var distinct = query.DistinctField is null ? null : suffix.Length == 0 ? "dv" : "d" + suffix;
        return [$"{(distinct is null ? events : $"count(DISTINCT {distinct})")}{only} AS n{suffix}", $"{events}{only}", $"min(ts){only}", $"max(ts){only}", $"arg_max(id, (ts, sequence)){only}"];
    }

    private static string[] ReadKey(DuckDBDataReader row, int length)
    {
        var key = new string[length];
        for (var i = 0; i < length; i++) key[i] = row.GetString(i);
        return key;
    }

    private static GroupCount ReadGroup(DuckDBDataReader row, int at, string[] key) =>
        new(key, row.GetInt64(at), row.GetInt64(at + 1), Utc(row.GetDateTime(at + 2)), Utc(row.GetDateTime(at + 3)), new SecurityEventId(row.GetGuid(at + 4)));
}
