using System.Data.Common;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Playbooks;

/// <summary>The state as it is where other processes write to it, too.</summary>
internal sealed class SharedState(IStateDatabase inner) : IStateDatabase
{
    public bool IsShared => true;
    public Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellation) => inner.ReadAsync(read, cancellation);
    public Task<T> WriteAsync<T>(Func<DbTransaction, T> write, CancellationToken cancellation) => inner.WriteAsync(write, cancellation);
    public DateTimeOffset Now(DbConnection connection) => inner.Now(connection);
}
