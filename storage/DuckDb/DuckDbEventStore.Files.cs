using System.Globalization;
using Beacon.Events;
using DuckDB.NET.Data;
using Microsoft.Extensions.Logging;

namespace Beacon.Storage.DuckDb;

public sealed partial class DuckDbEventStore
{
    /// <summary>Opens a fresh database and attaches every day file. A file that can't be read is moved aside and named in the log.</summary>
    private void Attach()
    {
        var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        Execute(connection, $"SET memory_limit='{options.MemoryMegabytes}MiB'; SET threads={options.Threads}; SET checkpoint_threshold='256MB'; " +
                            "SET storage_compatibility_version='latest'; SET late_materialization_max_rows=20000; SET autoinstall_known_extensions=false; SET autoload_known_extensions=false; " +
                            $"SET temp_directory={Sql.Text(Path.Combine(options.Directory, "tmp"))}");
        var days = new List<DayFile>();
        long committed = 0;
        foreach (var path in Directory.EnumerateFiles(options.Directory, "*.duckdb").Order(StringComparer.Ordinal))
        {
            if (!DateOnly.TryParseExact(Path.GetFileNameWithoutExtension(path), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) continue;
            var day = new DayFile(date, path);
            try
            {
                Execute(connection, $"ATTACH {Sql.Text(path)} AS {day.Catalog}");
                committed = Math.Max(committed, Load(connection, day));
                days.Add(day);
            }
            catch (DuckDBException fault) when (!fault.Message.Contains("lock", StringComparison.OrdinalIgnoreCase))
            {
                var aside = $"{path}.damaged-{clock.GetUtcNow():yyyyMMddHHmmss}";
                File.Move(path, aside);
                if (File.Exists(path + ".wal")) File.Move(path + ".wal", aside + ".wal");
                LogDamaged(fault, path, aside);
            }
        }
        _connection = connection;
        // A file that was moved aside may come back under the same number of events.
        _answers.Clear();
        lock (_daysGate) _days = days;
        // Only grows: what was acknowledged stays acknowledged, also when the newest file had to be moved aside.
        Interlocked.Exchange(ref _committed, Math.Max(committed, _committed));
    }

    private static long Load(DuckDBConnection connection, DayFile day)
    {
        // A crash between creating the file and its tables leaves it empty.
        Execute(connection, Tables(day.Catalog));
        Modernise(connection, day.Catalog);
        var (from, to, events, upTo) = Read(connection,
            $"SELECT (SELECT min(ts) FROM {day.Catalog}.events), (SELECT max(ts) FROM {day.Catalog}.events), (SELECT count(*) FROM {day.Catalog}.events), (SELECT coalesce(max(up_to), 0) FROM {day.Catalog}.progress)",
            static r => (r.IsDBNull(0) ? default : Utc(r.GetDateTime(0)), r.IsDBNull(1) ? default : Utc(r.GetDateTime(1)), r.GetInt64(2), r.GetInt64(3)))[0];
        if (events > 0) day.Include(from, to, events);
        return upTo;
    }

    /// <summary>Writes a file of an earlier version anew where columns have been declared since.</summary>
    private static void Modernise(DuckDBConnection connection, string catalog)
    {
        var present = new HashSet<string>(Read(connection, $"SELECT column_name FROM duckdb_columns() WHERE database_name = '{catalog}' AND table_name = 'events'", static r => r.GetString(0)), StringComparer.Ordinal);
        if (EcsFields.Columns.All(c => present.Contains(c.Name)) && present.Contains("spaced")) return;
        var rows = Read(connection, $"SELECT coalesce(max(rowid) + 1, 0) FROM {catalog}.events", static r => r.GetInt64(0))[0];
        foreach (var statement in EventTable.Rebuild(catalog, present, rows)) Execute(connection, statement);
    }

    private static List<T> Read<T>(DuckDBConnection connection, string sql, Func<DuckDBDataReader, T> map)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Built of constants and of a catalog's name, which is made of digits.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(map(reader));
        return rows;
    }

    private static string Tables(string catalog) =>
        EventTable.Create(catalog).Replace("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ", StringComparison.Ordinal)
        + $"; CREATE TABLE IF NOT EXISTS {catalog}.progress(up_to BIGINT NOT NULL)";

    private DayFile EnsureToday()
    {
        var today = Today();
        lock (_daysGate)
        {
            if (_days.Find(d => d.Day == today) is { } open) return open;
        }
        var day = new DayFile(today, Path.Combine(options.Directory, today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + ".duckdb"));
        Execute(_connection!, $"ATTACH {Sql.Text(day.Path)} AS {day.Catalog}");
        Execute(_connection!, $"BEGIN; {Tables(day.Catalog)}; INSERT INTO {day.Catalog}.progress VALUES ({CommittedSequence}); COMMIT");
        lock (_daysGate)
        {
            // Yesterday's log is folded into its file now, not at the next start.
            foreach (var earlier in _days) Execute(_connection!, $"CHECKPOINT {earlier.Catalog}");
            _days = [.. _days, day];
        }
        return day;
    }

    private void Append(IReadOnlyList<SecurityEvent> events, long upTo)
    {
        var connection = _connection ?? throw new ObjectDisposedException(nameof(DuckDbEventStore));
        var day = EnsureToday();
        DateTimeOffset from = DateTimeOffset.MaxValue, to = DateTimeOffset.MinValue;
        using (var transaction = connection.BeginTransaction())
        {
            if (events.Count > 0)
            {
                using var appender = connection.CreateAppender(day.Catalog, "main", "events");
                foreach (var e in events)
                {
                    var row = appender.CreateRow();
                    EventTable.Append(row, e, _scratch);
                    row.EndRow();
                    if (e.Timestamp < from) from = e.Timestamp;
                    if (e.Timestamp > to) to = e.Timestamp;
                }
                appender.Close();
            }
            Execute(connection, $"UPDATE {day.Catalog}.progress SET up_to = {upTo}");
            transaction.Commit();
        }
        // Truncated to what the column keeps, so that a query for exactly this instant asks this file.
        if (events.Count > 0) lock (_daysGate) day.Include(from.AddTicks(-(from.Ticks % TimeSpan.TicksPerMicrosecond)), to, events.Count);
        Interlocked.Exchange(ref _committed, upTo);
    }

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Built of constants and escaped literals.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    [LoggerMessage(5001, LogLevel.Error, "Storing events up to {UpTo} failed; the store is opened afresh")]
    private partial void LogAppendFailed(Exception fault, long upTo);

    [LoggerMessage(5002, LogLevel.Error, "The day file {Path} can't be read and was moved to {Aside}: its events are missing from searches")]
    private partial void LogDamaged(Exception fault, string path, string aside);

    [LoggerMessage(5003, LogLevel.Information, "Retention removed {Days} day files with {Events} events")]
    private partial void LogRemoved(int days, long events);
}
