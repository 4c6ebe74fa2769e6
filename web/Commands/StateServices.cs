using Beacon.Alerting;
using Beacon.Collectors;
using Beacon.Events;
using Beacon.State;
using Beacon.Web.Hosting;
using Beacon.Web.Security;

namespace Beacon.Web.Commands;

/// <summary>Lets a command work on the state database beside a running Beacon.</summary>
internal static class StateServices
{
    /// <exception cref="CommandException">There is no state in the folder, or what was asked for is refused.</exception>
    public static async Task<int> WithAsync<T>(string data, Func<T, Task<int>> action) where T : class
    {
        var file = Path.Combine(Path.GetFullPath(data), "beacon.db");
        if (!File.Exists(file)) throw new CommandException($"There is no Beacon in {data}: start it once, or name its folder with --data DIR.");
        using var state = SqliteStateDatabase.Open(file, [AlertingModule.Schema, CollectorsSchema.Schema, SecuritySchema.Schema]);
        var services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton<IStateDatabase>(state).AddSingleton(TimeProvider.System)
            .AddSingleton(await CollectorsModule.OpenAssetsAsync(state, CancellationToken.None)).AddAlerting(new AlertingOptions()).AddSingleton<ApiKeys>().AddSingleton<UserDirectory>().AddSingleton<AssetImport>().BuildServiceProvider();
        await using (services)
        {
            try
            {
                return await action(services.GetRequiredService<T>());
            }
            catch (ArgumentException fault)
            {
                throw new CommandException(fault.Message);
            }
        }
    }
}
