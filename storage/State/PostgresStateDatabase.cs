using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Beacon.Events;
using Npgsql;

namespace Beacon.State;

/// <summary>
/// The state database in PostgreSQL, shared by several processes. Writers queue over all of them, by a lock that lives as long as
/// their transaction, so that what rooms write holds as it does with one process: who reads and then writes is not overtaken.
/// </summary>
public sealed class PostgresStateDatabase : StateDatabase
{
    // Keys of advisory locks: "beacon" and what is locked.
    private const long WriterLock = 0x626561636F6E_01, SchemaLock = 0x626561636F6E_02;

    private readonly NpgsqlDataSource _source;
    private readonly DatabaseClock _clock;
    private readonly StateTurns _turns = new();

    private PostgresStateDatabase(NpgsqlDataSource source, string connection, TimeProvider time) =>
        (_source, ConnectionString, _clock) = (source, connection, new DatabaseClock(time));

    /// <summary>For others that keep tables in the same database; it holds the password.</summary>
    public string ConnectionString { get; }

    /// <summary>Makes their connections.</summary>
    public static DbProviderFactory Factory => NpgsqlFactory.Instance;

    /// <summary>A clock that agrees with the database's to within a round trip, set anew with each <see cref="Now"/>.</summary>
    public TimeProvider Clock => _clock;

    /// <summary>Connects and runs the schema steps that are lacking; processes that start together do so one after the other.</summary>
    /// <exception cref="InvalidDataException">The database was written by a newer version, can't be reached, or the connection string is wrong.</exception>
    /// <param name="node">Name of this process: tables that each process has for itself stand in a schema of this name. Null where there are none of others.</param>
    public static PostgresStateDatabase Open(string connectionString, IEnumerable<StateSchema> schemas, TimeProvider? time = null, string? node = null)
    {
        PostgresStateDatabase? database = null;
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "beacon" };
            // A process that stands still in its transaction holds up all others: the server ends it, well before the others give up waiting (30 s).
            if (string.IsNullOrEmpty(settings.Options)) settings.Options = "-c idle_in_transaction_session_timeout=10s -c lock_timeout=25s -c tcp_keepalives_idle=20 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";
            if (settings.MaxPoolSize < StateTurns.MaxReaders + 4) settings.MaxPoolSize = StateTurns.MaxReaders + 4;
            var shared = settings.ConnectionString;
            // Its own tables come first; what is not there is everybody's.
            if (node is not null) settings.SearchPath = $"{NodeSchema(node)},public";
            database = new PostgresStateDatabase(NpgsqlDataSource.Create(settings), shared, time ?? TimeProvider.System);
            using (var connection = database._source.OpenConnection()) database.Now(connection);
            database.Upgrade([.. schemas.Where(static s => !s.PerNode)], "public");
            database.Upgrade([.. schemas.Where(static s => s.PerNode)], node is null ? "public" : NodeSchema(node));
            return database;
        }
        catch (Exception fault)
        {
            database?.Dispose();
            if (fault is ArgumentException) throw new InvalidDataException("State:Postgres is not a connection string: " + fault.Message, fault);
            if (fault is NpgsqlException) throw new InvalidDataException("The PostgreSQL of State:Postgres can't be used.", fault);
            throw;
        }
    }

    public override Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellation = default) => _turns.ReadAsync(async () =>
    {
        await using var connection = await _source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        return read(connection);
    }, cancellation);

    public override Task<T> WriteAsync<T>(Func<DbTransaction, T> write, CancellationToken cancellation = default) => _turns.WriteAsync(async () =>
    {
        await using var connection = await _source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        Lock(transaction, WriterLock);
        var result = write(transaction);
        await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        return result;
    }, cancellation);

    public override bool IsShared => true;

    public override DateTimeOffset Now(DbConnection connection)
    {
        var now = StateTime.FromMicroseconds(connection.Scalar<long>("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)"));
        _clock.Set(now);
        return now;
    }

    public override void Dispose()
    {
        _source.Dispose();
        _turns.Dispose();
    }

    /// <summary>"node_" and the name's letters and digits, with a hash where others were replaced: 63 characters at most (PostgreSQL, "Identifiers").</summary>
    private static string NodeSchema(string node)
    {
        var plain = string.Concat(node.ToLowerInvariant().Select(static c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        if (plain.Length > 40) plain = plain[..40];
        return plain == node ? "node_" + plain : $"node_{plain}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(node)).AsSpan(0, 4))}";
    }

    private void Upgrade(IReadOnlyList<StateSchema> schemas, string into)
    {
        if (schemas.Count == 0) return;
        using var connection = _source.OpenConnection();
        using var transaction = connection.BeginTransaction();
        Lock(transaction, SchemaLock);
        transaction.Execute($"CREATE SCHEMA IF NOT EXISTS {into}");
        transaction.Execute($"SET LOCAL search_path TO {(into == "public" ? into : into + ", public")}");
        transaction.Execute("CREATE TABLE IF NOT EXISTS schema_steps(module TEXT PRIMARY KEY, steps INTEGER NOT NULL)");
        foreach (var schema in schemas)
        {
            var done = transaction.Scalar<int>("SELECT steps FROM schema_steps WHERE module = @p0", schema.Module);
            if (done > schema.Steps.Count) throw Newer(schema, done);
            foreach (var step in (schema.OnPostgres ?? schema.Steps).Skip(done)) transaction.Execute(step);
            transaction.Execute("INSERT INTO schema_steps(module, steps) VALUES (@p0, @p1) ON CONFLICT(module) DO UPDATE SET steps = @p1", schema.Module, schema.Steps.Count);
        }
        transaction.Commit();
    }

    private static void Lock(DbTransaction transaction, long key) =>
        transaction.Execute(string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({key})"));
}
