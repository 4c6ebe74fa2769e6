using Beacon.Events;
using Beacon.State;
using Beacon.Storage.DuckDb;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beacon.Detections.Tests.Rules;

/// <summary>What cases of scheduled rules are seeded into.</summary>
internal static class CaseStore
{
    public static async Task AddAsync(string folder, IServiceCollection services, CancellationToken cancellation)
    {
        var store = new DuckDbEventStore(new DuckDbOptions { Directory = Path.Combine(folder, "events"), MemoryMegabytes = 256, MinimumFreeMegabytes = 16 }, TimeProvider.System, NullLogger<DuckDbEventStore>.Instance);
        await store.OpenAsync(cancellation);
        services.AddSingleton<IEventStore>(_ => store);
        services.AddSingleton<IStateDatabase>(_ => SqliteStateDatabase.Open(Path.Combine(folder, "state.db"), [DetectionsModule.Schema]));
    }
}
