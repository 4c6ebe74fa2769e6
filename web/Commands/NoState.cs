using System.Data.Common;
using Beacon.Events;
using Beacon.Web.Hosting;

namespace Beacon.Web.Commands;

/// <summary>For commands that read files only: services are made as always, and whoever asks for what is kept is told that there is nothing.</summary>
internal sealed class NoState(TimeProvider time) : IStateDatabase
{
    public bool IsShared => false;

    public Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellation = default) => throw Nothing();

    public Task<T> WriteAsync<T>(Func<DbTransaction, T> write, CancellationToken cancellation = default) => throw Nothing();

    public DateTimeOffset Now(DbConnection connection) => time.GetUtcNow();

    private static CommandException Nothing() => new("This command reads files only, and something asked for the state database.");
}
