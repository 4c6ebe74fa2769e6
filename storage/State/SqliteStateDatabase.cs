using System.Data.Common;
using System.Globalization;
using Beacon.Events;
using Microsoft.Data.Sqlite;

namespace Beacon.State;

/// <summary>
/// The state database in one SQLite file: write-ahead log, an fsync per commit, one writer at a time. A file of a newer
/// version of the program is refused rather than misread.
/// </summary>
public sealed class SqliteStateDatabase : StateDatabase
{
    private readonly string _connectionString;
    private readonly StateTurns _turns = new();
    private readonly SqliteConnection _writer;
    private readonly TimeProvider _time;

    private SqliteStateDatabase(string path, TimeProvider time)
    {
        _time = time;
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = true, DefaultTimeout = 30 }.ConnectionString;
        _writer = new SqliteConnection(_connectionString);
    }

    /// <summary>Opens or creates the file and runs the schema steps that it lacks.</summary>
    /// <param name="time">The clock of this database: its only process's own. Null for the machine's.</param>
    /// <exception cref="InvalidDataException">The file was written by a newer version.</exception>
    public static SqliteStateDatabase Open(string path, IEnumerable<StateSchema> schemas, TimeProvider? time = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var database = new SqliteStateDatabase(path, time ?? TimeProvider.System);
        try
        {
            database._writer.Open();
            Execute(database._writer, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=30000; PRAGMA wal_autocheckpoint=4000;");
            Execute(database._writer, "CREATE TABLE IF NOT EXISTS schema_steps(module TEXT PRIMARY KEY, steps INTEGER NOT NULL)");
            foreach (var schema in schemas) database.Upgrade(schema);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public override Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellation = default) => _turns.ReadAsync(() =>
    {
        using var connection = new SqliteConnection(_connectionString);
        connection.Open();
        return Task.FromResult(read(connection));
    }, cancellation);

    public override Task<T> WriteAsync<T>(Func<DbTransaction, T> write, CancellationToken cancellation = default) => _turns.WriteAsync(() =>
    {
        using var transaction = _writer.BeginTransaction(deferred: false);
        var result = write(transaction);
        transaction.Commit();
        return Task.FromResult(result);
    }, cancellation);

    public override bool IsShared => false;

    public override DateTimeOffset Now(DbConnection connection) => _time.GetUtcNow();

    public override void Dispose()
    {
        _writer.Dispose();
        _turns.Dispose();
        SqliteConnection.ClearPool(new SqliteConnection(_connectionString));
    }

    private void Upgrade(StateSchema schema)
    {
        using var transaction = _writer.BeginTransaction(deferred: false);
        using var query = _writer.CreateCommand();
        query.Transaction = transaction;
        query.CommandText = "SELECT steps FROM schema_steps WHERE module = $module";
        query.Parameters.AddWithValue("$module", schema.Module);
        var done = Convert.ToInt32(query.ExecuteScalar() ?? 0, CultureInfo.InvariantCulture);
        if (done > schema.Steps.Count)
            throw Newer(schema, done);
        foreach (var step in schema.Steps.Skip(done)) Execute(_writer, step, transaction);
        using var record = _writer.CreateCommand();
        record.Transaction = transaction;
        record.CommandText = "INSERT INTO schema_steps(module, steps) VALUES ($module, $steps) ON CONFLICT(module) DO UPDATE SET steps = $steps";
        record.Parameters.AddWithValue("$module", schema.Module);
        record.Parameters.AddWithValue("$steps", schema.Steps.Count);
        record.ExecuteNonQuery();
        transaction.Commit();
    }

    private static void Execute(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // Only constants of this program arrive here.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
