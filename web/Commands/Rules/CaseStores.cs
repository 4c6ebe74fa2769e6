using Beacon.Events;
using Beacon.State;
using Beacon.Storage.DuckDb;
using Beacon.Web.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beacon.Web.Commands.Rules;

/// <summary>What cases of scheduled rules are seeded into: stores of their own, in a folder that is removed.</summary>
internal static class CaseStores
{
    public static async Task AddAsync(string folder, IServiceCollection services, CancellationToken cancellation)
    {
        var store = new DuckDbEventStore(new DuckDbOptions { Directory = Path.Combine(folder, "events"), MemoryMegabytes = 256, MinimumFreeMegabytes = 16 }, TimeProvider.System, NullLogger<DuckDbEventStore>.Instance);
        await store.OpenAsync(cancellation);
        // Made by the container, so that it disposes of them.
        services.AddSingleton<IEventStore>(_ => store);
        services.AddSingleton<IStateDatabase>(_ => SqliteStateDatabase.Open(Path.Combine(folder, "state.db"), StateSource.Schemas));
    }
}
