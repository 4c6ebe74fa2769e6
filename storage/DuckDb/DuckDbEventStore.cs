using System.Buffers;
using System.Globalization;
using Beacon.Events;
using DuckDB.NET.Data;
using Microsoft.Extensions.Logging;

namespace Beacon.Storage.DuckDb;

/// <summary>
/// The embedded event store: one DuckDB file per day of ingestion, attached to one in-process database. An append and its
/// sequence number are one transaction, so that a crash leaves both or neither. Times have a resolution of one microsecond.
/// </summary>
public sealed partial class DuckDbEventStore(DuckDbOptions options, TimeProvider clock, ILogger<DuckDbEventStore> log) : IEventStore, IAsyncDisposable
{
    private const int Readers = 4;

    private readonly SemaphoreSlim _readers = new(Readers, Readers);
    private readonly SemaphoreSlim _writer = new(1, 1);
    private readonly ArrayBufferWriter<byte> _scratch = new(4096);
    private readonly Lock _daysGate = new();
    private readonly AnswerCache _answers = new();
    private List<DayFile> _days = [];
    private DuckDBConnection? _connection;
    private long _committed;
    private int _disposed;

    public string Kind => "duckdb";
    public long CommittedSequence => Interlocked.Read(ref _committed);

    public async Task OpenAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(options.Directory);
        await _writer.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await Task.Run(Attach, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _writer.Release();
        }
    }

    public async Task AppendAsync(IReadOnlyList<SecurityEvent> events, long upTo, CancellationToken cancellation)
    {
        await _writer.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (upTo <= CommittedSequence) return;
            RefuseOnFullDisk();
            try
            {
                await Task.Run(() => Append(events, upTo), CancellationToken.None).ConfigureAwait(false);
            }
            catch (DuckDBException fault)
            {
                // A failed write can leave the database refusing all further work; what it holds is known only after a fresh start.
                LogAppendFailed(fault, upTo);
                await ReopenAsync().ConfigureAwait(false);
                if (upTo > CommittedSequence) throw new IOException($"events up to {upTo} could not be stored: {fault.Message}", fault);
            }
        }
        finally
        {
            _writer.Release();
        }
    }

    public async Task<SecurityEvent?> GetAsync(SecurityEventId id, CancellationToken cancellation)
    {
        foreach (var day in DaysIn(TimeRange.Unbounded).OrderByDescending(d => d.Day))
        {
            var rows = await QueryAsync($"SELECT {EventTable.SelectList} FROM {day.Catalog}.events WHERE id = {Sql.Text(id.ToString())}::UUID LIMIT 1", EventTable.Read, cancellation).ConfigureAwait(false);
            if (rows.Count > 0) return rows[0];
        }
        return null;
    }

    public async Task<EventNeighbours?> NeighboursAsync(SecurityEventId id, int before, int after, CancellationToken cancellation)
    {
        if (before is < 0 or > 1_000 || after is < 0 or > 1_000) throw new EventQueryException("0 to 1,000 neighbours on each side");
        if (await GetAsync(id, cancellation).ConfigureAwait(false) is not { } e) return null;
        var same = new List<EventFilter> { EventFilter.Equal("beacon.source", e.Source) };
        if (e.GetText(Field.HostName) is { Length: > 0 } host) same.Add(EventFilter.Equal("host.name", host));
        var mark = string.Create(CultureInfo.InvariantCulture, $"{Sql.Microseconds(e.Timestamp)}_{e.Sequence}");
        var filter = EventFilter.And(same);
        IReadOnlyList<SecurityEvent> older = before == 0 ? [] : (await SearchAsync(new EventQuery { Filter = filter, Limit = before, After = mark }, cancellation).ConfigureAwait(false)).Events;
        IReadOnlyList<SecurityEvent> newer = after == 0 ? [] : (await SearchAsync(new EventQuery { Filter = filter, Limit = after, After = mark, OldestFirst = true }, cancellation).ConfigureAwait(false)).Events;
        return new EventNeighbours([.. older.Reverse()], e, newer);
    }

    public async Task<long> CountAsync(EventFilter filter, TimeRange range, CancellationToken cancellation)
    {
        var rows = await FromDaysAsync(range, from => $"SELECT count(*) FROM {from} WHERE {FilterSql.Where(filter, range)}", r => r.GetInt64(0), cancellation).ConfigureAwait(false);
        return rows.Count == 0 ? 0 : rows[0];
    }

    public async Task<IReadOnlyList<HistogramBucket>> HistogramAsync(EventFilter filter, TimeRange range, TimeSpan interval, CancellationToken cancellation)
    {
        if (interval < TimeSpan.FromMilliseconds(1)) throw new EventQueryException("a histogram's interval is at least one millisecond");
        if (range.Length / interval > 10_000) throw new EventQueryException("a histogram has at most 10,000 intervals: narrow the time or widen the interval");
        var step = Sql.Number(interval.Ticks / TimeSpan.TicksPerMicrosecond);
        return await FromDaysAsync(
            range, from => $"SELECT (epoch_us(ts) // {step}) * {step} AS b, count(*) FROM {from} WHERE {FilterSql.Where(filter, range)} GROUP BY b ORDER BY b",
            r => new HistogramBucket(StateTime.FromMicroseconds(r.GetInt64(0)), r.GetInt64(1)), cancellation).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<ValueCount>> TopValuesAsync(EventFilter filter, TimeRange range, string field, int limit, CancellationToken cancellation)
    {
        if (limit is < 1 or > 10_000) throw new EventQueryException("1 to 10,000 values");
        var rows = await KeyedAsync([field], null, range, cancellation).ConfigureAwait(false);
        return await FromDaysAsync(
            range, from => $"SELECT k0, count(*) AS n FROM {rows.From(from, FilterSql.Where(filter, range))} GROUP BY k0 HAVING k0 IS NOT NULL ORDER BY n DESC, k0 LIMIT {limit}",
            r => new ValueCount(r.GetString(0), r.GetInt64(1)), cancellation).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<ValueCount>> FieldsAsync(TimeRange range, int limit, CancellationToken cancellation)
    {
        if (limit is < 1 or > 10_000) throw new EventQueryException("1 to 10,000 fields");
        var where = FilterSql.Where(EventFilter.All, range);
        var counts = string.Join(", ", EcsFields.Columns.Select(c => $"count({Sql.Name(c.Name)})"));
        var columns = await FromDaysAsync(range, from => $"SELECT {counts} FROM {from} WHERE {where}", r =>
            EcsFields.Columns.Select((c, i) => new ValueCount(c.Name, r.GetInt64(i))).ToList(), cancellation).ConfigureAwait(false);
        // The names within "rest" are read from the newest rows only: completion wants what is current, not a full scan.
        var rest = await FromDaysAsync(range, from => $"SELECT f, count(*) AS n FROM (SELECT unnest(json_keys(rest)) AS f FROM (SELECT rest FROM {from} WHERE {where} AND rest IS NOT NULL ORDER BY ts DESC LIMIT 5000)) GROUP BY f ORDER BY n DESC LIMIT {limit}",
            r => new ValueCount(r.GetString(0), r.GetInt64(1)), cancellation).ConfigureAwait(false);
        return [.. columns.SelectMany(c => c).Where(c => c.Count > 0).Concat(rest).OrderByDescending(c => c.Count).ThenBy(c => c.Value, StringComparer.Ordinal).Take(limit)];
    }

    public async Task<long> RemoveBeforeAsync(DateTimeOffset ingestedBefore, CancellationToken cancellation)
    {
        await _writer.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var last = DateOnly.FromDateTime(ingestedBefore.UtcDateTime);
            List<DayFile> old;
            lock (_daysGate) old = [.. _days.Where(d => d.Day < last && d.Day != Today())];
            if (old.Count == 0) return 0;
            // The committed sequence must outlive the file that holds it.
            EnsureToday();
            await ExclusivelyAsync(() =>
            {
                foreach (var day in old)
                {
                    Execute(_connection!, $"DETACH {day.Catalog}");
                    File.Delete(day.Path);
                    File.Delete(day.Path + ".wal");
                }
            }).ConfigureAwait(false);
            lock (_daysGate) _days = [.. _days.Except(old)];
            var removed = old.Sum(d => d.Events);
            LogRemoved(old.Count, removed);
            return removed;
        }
        finally
        {
            _writer.Release();
        }
    }

    public Task<StoreStatus> StatusAsync(CancellationToken cancellation)
    {
        List<DayFile> days;
        lock (_daysGate) days = _days;
        var parts = days.OrderByDescending(d => d.Day).Select(d => new StorePart(d.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), d.From, d.To, d.Events, d.Bytes())).ToList();
        return Task.FromResult(new StoreStatus(Kind, parts.Sum(p => p.Events), parts.Sum(p => p.Bytes), parts));
    }

    public async ValueTask DisposeAsync()
    {
        // A container that knows the store under two types disposes it twice.
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        await _writer.WaitAsync().ConfigureAwait(false);
        await ExclusivelyAsync(() =>
        {
            _connection?.Dispose();
            _connection = null;
        }).ConfigureAwait(false);
        _writer.Dispose();
        _readers.Dispose();
    }

    private static int CompareAscending(SecurityEvent a, SecurityEvent b)
    {
        var byTime = a.Timestamp.CompareTo(b.Timestamp);
        return byTime != 0 ? byTime : a.Sequence.CompareTo(b.Sequence);
    }

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
    private DateOnly Today() => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    private List<DayFile> DaysIn(TimeRange range)
    {
        lock (_daysGate) return [.. _days.Where(d => d.Events > 0 && d.From < range.To && d.To >= range.From)];
    }

    /// <param name="also">A further span that the statement asks.</param>
    private async Task<IReadOnlyList<T>> FromDaysAsync<T>(TimeRange range, Func<string, string> sql, Func<DuckDBDataReader, T> map, CancellationToken cancellation, TimeRange? also = null)
    {
        var days = DaysIn(range);
        return Source(days) is { } from ? await RememberedAsync(also is { } further ? [.. days, .. DaysIn(further)] : days, sql(from), map, cancellation).ConfigureAwait(false) : [];
    }

    /// <summary>The answer from memory where these days hold what they held when it was given.</summary>
    private async Task<IReadOnlyList<T>> RememberedAsync<T>(IReadOnlyList<DayFile> days, string sql, Func<DuckDBDataReader, T> map, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var held = Held(days);
        if (_answers.TryGet<T>(sql, held, out var known)) return known;
        var answer = await QueryAsync(sql, map, cancellation).ConfigureAwait(false);
        _answers.Keep<T>(sql, held, answer);
        return answer;
    }

    private string Held(IReadOnlyList<DayFile> days)
    {
        // The number grows after the events are there: an answer never stands under more than it saw.
        lock (_daysGate) return string.Join(' ', days.Select(static d => $"{d.Catalog}:{d.Events}"));
    }

    private static string? Source(List<DayFile> days) => days.Count switch
    {
        0 => null,
        1 => $"{days[0].Catalog}.events",
        _ => "(" + string.Join(" UNION ALL ", days.Select(d => $"SELECT * FROM {d.Catalog}.events")) + ")",
    };

    private async Task<List<T>> QueryAsync<T>(string sql, Func<DuckDBDataReader, T> map, CancellationToken cancellation)
    {
        await _readers.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await Task.Run(() =>
            {
                using var connection = (_connection ?? throw new ObjectDisposedException(nameof(DuckDbEventStore))).Duplicate();
                connection.Open();
                using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Built by FilterSql and Sql, which write every value as an escaped literal.
                command.CommandText = sql;
#pragma warning restore CA2100
                // Rows are taken as they come: the database need not hold the whole answer besides.
                command.UseStreamingMode = true;
                using var stop = cancellation.Register(command.Cancel);
                try
                {
                    var rows = new List<T>();
                    using var reader = command.ExecuteReader();
                    while (reader.Read()) rows.Add(map(reader));
                    return rows;
                }
                catch (DuckDBException) when (cancellation.IsCancellationRequested)
                {
                    throw new OperationCanceledException(cancellation);
                }
            }, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _readers.Release();
        }
    }

    private async Task ExclusivelyAsync(Action action)
    {
        for (var i = 0; i < Readers; i++) await _readers.WaitAsync().ConfigureAwait(false);
        try
        {
            await Task.Run(action).ConfigureAwait(false);
        }
        finally
        {
            _readers.Release(Readers);
        }
    }

    private Task ReopenAsync() => ExclusivelyAsync(() =>
    {
        _connection?.Dispose();
        Attach();
    });

    private void RefuseOnFullDisk()
    {
        var free = new DriveInfo(Path.GetFullPath(options.Directory)).AvailableFreeSpace;
        if (free < options.MinimumFreeMegabytes * 1024L * 1024)
            throw new IOException($"{free / 1024 / 1024} MiB are free for {options.Directory}, {options.MinimumFreeMegabytes} are asked for (Store:MinimumFreeMegabytes): nothing was stored");
    }
}
