using System.Globalization;
using System.Runtime.CompilerServices;
using Beacon.Events;

namespace Beacon.Storage.DuckDb;

/// <summary>Reading many events in order of time without sorting them all at once.</summary>
public sealed partial class DuckDbEventStore
{
    /// <summary>Rows of one batch aimed at; a span of time that holds more is read in pages.</summary>
    private const int ScanRows = 20_000;

    private const int MaxScanRows = 4 * ScanRows;

    public async IAsyncEnumerable<IReadOnlyList<SecurityEvent>> ScanAsync(EventScan scan, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // Rows are only ever added, with rising sequence numbers: the number at the start is the snapshot.
        var snapshot = $" AND sequence <= {Sql.Number(CommittedSequence)}";
        var columns = EventTable.Select(scan.Fields);
        // Most questions have few answers: these come in one pass, and are sorted here. Rows are found first, and read whole after that.
        var few = new List<SecurityEvent>();
        foreach (var day in DaysIn(scan.Range))
        {
            if (few.Count > ScanRows) break;
            var found = $"SELECT rowid FROM {day.Catalog}.events WHERE {FilterSql.Where(scan.Filter, scan.Range)}{snapshot} LIMIT {ScanRows + 1 - few.Count}";
            few.AddRange(await QueryAsync($"SELECT {columns} FROM {day.Catalog}.events WHERE rowid IN ({found})", EventTable.Read, cancellation).ConfigureAwait(false));
        }
        if (few.Count <= ScanRows)
        {
            few.Sort(CompareAscending);
            if (few.Count > 0) yield return few;
            yield break;
        }
        few = [];
        foreach (var slice in await SlicesAsync(scan, cancellation).ConfigureAwait(false))
        {
            var where = FilterSql.Where(scan.Filter, slice) + snapshot;
            var mark = "";
            while (true)
            {
                var rows = await FromDaysAsync(slice, from => $"SELECT {columns} FROM {from} WHERE {where}{mark} ORDER BY ts, sequence LIMIT {MaxScanRows}", EventTable.Read, cancellation).ConfigureAwait(false);
                if (rows.Count > 0) yield return rows;
                if (rows.Count < MaxScanRows) break;
                var us = Sql.Microseconds(rows[^1].Timestamp).ToString(CultureInfo.InvariantCulture);
                mark = $" AND (ts > make_timestamp({us}) OR (ts = make_timestamp({us}) AND sequence > {Sql.Number(rows[^1].Sequence)}))";
            }
        }
    }

    /// <summary>Spans of time with about <see cref="ScanRows"/> matching events each.</summary>
    private async Task<List<TimeRange>> SlicesAsync(EventScan scan, CancellationToken cancellation)
    {
        var days = DaysIn(scan.Range);
        if (days.Count == 0) return [];
        // A day file with events knows their first and last time.
        var from = days.Min(static d => d.From!.Value) is var first && first > scan.Range.From ? first : scan.Range.From;
        var to = days.Max(static d => d.To!.Value).AddMilliseconds(1) is var last && last < scan.Range.To ? last : scan.Range.To;
        if (from >= to) return [];
        var range = new TimeRange(from, to);
        var step = TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(range.Length.TotalMilliseconds / 5_000)));
        var slices = new List<TimeRange>();
        long held = 0;
        var start = range.From;
        DateTimeOffset end = start;
        foreach (var bucket in await HistogramAsync(scan.Filter, range, step, cancellation).ConfigureAwait(false))
        {
            if (held > 0 && held + bucket.Count > ScanRows)
            {
                slices.Add(new TimeRange(start, end));
                start = end;
                held = 0;
            }
            held += bucket.Count;
            end = bucket.Start + step < range.To ? bucket.Start + step : range.To;
        }
        if (held > 0) slices.Add(new TimeRange(start, range.To));
        return slices;
    }
}
