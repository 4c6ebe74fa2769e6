using System.Data.Common;

namespace Beacon.Events;

/// <summary>
/// The one relational database of a deployment: configuration, alerts, incidents, ledgers, audit. Writers queue, one transaction at
/// a time over all processes that share it; readers see the last committed state.
/// </summary>
public interface IStateDatabase
{
    /// <summary>Runs a read on a connection of its own. The delegate must not keep the connection.</summary>
    Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellation = default);

    /// <summary>
    /// Runs a transaction; on return it is on disk. An exception rolls all of it back and is passed on. Where the database is shared and
    /// its answer to the commit was lost, an exception may follow a transaction that was kept: whoever tries again must recognise it.
    /// </summary>
    Task<T> WriteAsync<T>(Func<DbTransaction, T> write, CancellationToken cancellation = default);

    /// <summary>True where other processes write, too: what is kept in memory may be old.</summary>
    bool IsShared { get; }

    /// <summary>The database's clock, UTC: one for all processes that share it, whatever their own clocks say.</summary>
    /// <param name="connection">Of a read or a write under way.</param>
    DateTimeOffset Now(DbConnection connection);
}

/// <summary>Tables of one room. Steps run once each, in order, and are never edited after a release: a change is a further step.</summary>
/// <param name="Module">"alerting", "collectors", …</param>
/// <param name="Steps">SQL in the dialect that SQLite and PostgreSQL share.</param>
public sealed record StateSchema(string Module, IReadOnlyList<string> Steps)
{
    /// <summary>
    /// Each process has these tables for itself, where several share the database: what belongs to its spool, its sources, its memory.
    /// Statements name them as all others.
    /// </summary>
    public bool PerNode { get; init; }

    /// <summary>The same steps for PostgreSQL, where the two have no words in common; null where <see cref="Steps"/> does for both. As many as those.</summary>
    public IReadOnlyList<string>? OnPostgres { get; init; }
}
