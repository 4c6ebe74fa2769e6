using System.Globalization;
using Beacon.Events;

namespace Beacon.Storage.DuckDb;

/// <summary>
/// The newest or oldest events. A day is looked at from that end in spans, each ten times as long as the one before, until there are enough: what is frequent is
/// found in the first, and what is rare costs little more than one look at all. Rows are found first and read whole after that.
/// </summary>
public sealed partial class DuckDbEventStore
{
    /// <summary>Events of the first span, about: fewer would not be found sooner.</summary>
    private const int FirstSpanEvents = 20_000;

    private const int SpanGrowth = 10;

    /// <summary>Rows read by one statement.</summary>
    private const int RowsAtOnce = 2_000;

    public async Task<EventPage> SearchAsync(EventQuery query, CancellationToken cancellation)
    {
        if (query.Limit is < 1 or > 10_000) throw new EventQueryException("a page has 1 to 10,000 rows");
        var condition = FilterSql.Condition(query.Filter);
        var range = query.Range;
        if (query.After is { } after)
        {
            var parts = after.Split('_');
            if (parts.Length != 2 || !long.TryParse(parts[0], CultureInfo.InvariantCulture, out var us) || !long.TryParse(parts[1], CultureInfo.InvariantCulture, out var sequence))
                throw new EventQueryException("the page mark is not one that this store gave");
            var op = query.OldestFirst ? ">" : "<";
            condition = $"(ts {op} make_timestamp({us}) OR (ts = make_timestamp({us}) AND sequence {op} {sequence})) AND {condition}";
            var mark = StateTime.FromMicroseconds(us);
            if (query.OldestFirst) range = range with { From = mark > range.From ? mark : range.From };
            else range = range with { To = mark < range.To ? mark.AddMicroseconds(1) : range.To };
        }
        var days = DaysIn(range);
        days = query.OldestFirst ? [.. days.OrderBy(d => d.From)] : [.. days.OrderByDescending(d => d.To)];
        var rows = new List<SecurityEvent>(query.Limit + 1);
        foreach (var day in days)
        {
            // Rows of this file can still come before those found: only then is it asked.
            if (rows.Count > query.Limit && (query.OldestFirst ? day.From > rows[query.Limit].Timestamp : day.To < rows[query.Limit].Timestamp)) continue;
            var found = await FindAsync(day, condition, range, query.OldestFirst, query.Limit + 1, cancellation).ConfigureAwait(false);
            foreach (var some in found.Chunk(RowsAtOnce))
            {
                // As a table and not as a list: for a list of scattered rows every block between them would be read.
                var list = $"SELECT unnest([{string.Join(", ", some.Select(Sql.Number))}]::BIGINT[])";
                rows.AddRange(await QueryAsync($"SELECT {EventTable.SelectList} FROM {day.Catalog}.events WHERE rowid IN ({list})", EventTable.Read, cancellation).ConfigureAwait(false));
            }
            rows.Sort(query.OldestFirst ? CompareAscending : static (a, b) => CompareAscending(b, a));
            if (rows.Count > query.Limit + 1) rows.RemoveRange(query.Limit + 1, rows.Count - query.Limit - 1);
        }
        if (rows.Count <= query.Limit) return new EventPage(rows, null);
        rows.RemoveAt(query.Limit);
        var last = rows[^1];
        return new EventPage(rows, string.Create(CultureInfo.InvariantCulture, $"{Sql.Microseconds(last.Timestamp)}_{last.Sequence}"));
    }

    /// <summary>Row ids of the first or last events of a day that pass, in that order.</summary>
    private async Task<List<long>> FindAsync(DayFile day, string condition, TimeRange range, bool oldestFirst, int wanted, CancellationToken cancellation)
    {
        var order = oldestFirst ? "ASC" : "DESC";
        var found = new List<long>();
        foreach (var span in Spans(day, range, oldestFirst, Math.Max(FirstSpanEvents, wanted * 2)))
        {
            var sql = $"SELECT rowid FROM {day.Catalog}.events WHERE ts >= {Sql.Time(span.From)} AND ts < {Sql.Time(span.To)} AND {condition} ORDER BY ts {order}, sequence {order} LIMIT {wanted - found.Count}";
            found.AddRange(await RememberedAsync([day], sql, static r => r.GetInt64(0), cancellation).ConfigureAwait(false));
            if (found.Count >= wanted) break;
        }
        return found;
    }

    /// <summary>The part of the range in which the day has events, cut into growing spans from the end that is asked for.</summary>
    private static IEnumerable<TimeRange> Spans(DayFile day, TimeRange range, bool oldestFirst, int events)
    {
        var from = day.From is { } first && first > range.From ? first : range.From;
        var to = day.To is { } last && last < range.To ? last.AddMicroseconds(1) : range.To;
        if (from >= to) yield break;
        var whole = day.To!.Value - day.From!.Value;
        var length = TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerSecond, (long)(whole.Ticks * Math.Min(1.0, events / (double)day.Events))));
        while (from < to)
        {
            // What would be left is not worth a look of its own.
            if (to - from <= length * 2) length = to - from;
            var span = oldestFirst ? new TimeRange(from, from + length) : new TimeRange(to - length, to);
            yield return span;
            if (oldestFirst) from = span.To;
            else to = span.From;
            length = to - from < length * SpanGrowth ? to - from : length * SpanGrowth;
        }
    }
}
