using System.Data.Common;

namespace Beacon.Events;

/// <summary>
/// The one relational database of a deployment: configuration, alerts, incidents, ledgers, audit. Writers queue, one transaction at
/// a time; readers see the last committed state.
/// </summary>
public interface IStateDatabase
{
    /// <summary>Runs a read on a connection of its own. The delegate must not keep the connection.</summary>
    Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellation = default);

    /// <summary>Runs a transaction; on return it is on disk. An exception rolls all of it back and is passed on.</summary>
    Task<T> WriteAsync<T>(Func<DbTransaction, T> write, CancellationToken cancellation = default);
}

/// <summary>Tables of one room. Steps run once each, in order, and are never edited after a release: a change is a further step.</summary>
/// <param name="Module">"alerting", "collectors", …</param>
/// <param name="Steps">SQL in the dialect that SQLite and PostgreSQL share.</param>
public sealed record StateSchema(string Module, IReadOnlyList<string> Steps);
