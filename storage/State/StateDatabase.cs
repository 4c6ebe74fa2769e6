using System.Data.Common;
using Beacon.Events;

namespace Beacon.State;

/// <summary>A state database that is open.</summary>
public abstract class StateDatabase : IStateDatabase, IDisposable
{
    /// <summary>Writers of one process that may wait at once; one more is an error, since something is stuck.</summary>
    public const int MaxWaitingWriters = 10_000;

    /// <summary>Opens PostgreSQL where the options name it, else the file, and runs the schema steps that it lacks.</summary>
    /// <param name="file">Path of the SQLite file.</param>
    /// <param name="node">Name of this process among those that share the database.</param>
    /// <exception cref="InvalidDataException">It was written by a newer version, or the file of the connection string can't be used.</exception>
    public static StateDatabase Open(StateOptions options, string file, IEnumerable<StateSchema> schemas, string node, TimeProvider? time = null) =>
        options.ConnectionString() is { } connection ? PostgresStateDatabase.Open(connection, schemas, time, node) : SqliteStateDatabase.Open(file, schemas, time);

    public abstract Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellation = default);
    public abstract Task<T> WriteAsync<T>(Func<DbTransaction, T> write, CancellationToken cancellation = default);
    public abstract bool IsShared { get; }
    public abstract DateTimeOffset Now(DbConnection connection);
    public abstract void Dispose();

    private protected static InvalidDataException Newer(StateSchema schema, int done) =>
        new($"the state database has {done} schema steps of '{schema.Module}', this program knows {schema.Steps.Count}: it was written by a newer version");
}
