using Beacon.Alerting;
using Beacon.Alerting.Secrets;
using Beacon.Collectors;
using Beacon.Events;
using Beacon.Web.Assets;
using Beacon.Web.Console.Pages.Incidents;
using Beacon.Web.Hosting;
using Beacon.Web.Security;

namespace Beacon.Web.Commands;

/// <summary>Lets a command work on the state database beside a running Beacon.</summary>
internal static class StateServices
{
    /// <summary>Runs an action on one of the services that need no more than the state database.</summary>
    /// <exception cref="CommandException">There is no state in the folder, or what was asked for is refused.</exception>
    public static async Task<int> WithAsync<T>(string data, Func<T, Task<int>> action) where T : class
    {
        using var state = StateSource.OpenBeside(data);
        var alerting = new AlertingOptions();
        alerting.Secrets.KeyFile = DataDirectory.SecretKeysIn(data);
        alerting.AnchorFile = DataDirectory.AnchorsIn(data);
        alerting.Evidence.Directory = DataDirectory.EvidenceIn(data);
        StateSource.ConfigurationOf(data).GetSection("Alerting").Bind(alerting);
        var services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton<IStateDatabase>(state).AddSingleton(TimeProvider.System)
            .AddSingleton(await CollectorsModule.OpenAssetsAsync(state, CancellationToken.None)).AddAlerting(alerting).AddReportLanguages().AddSingleton<ApiKeys>().AddSingleton<UserDirectory>().AddSingleton<AccountChanges>().AddSingleton<AssetDesk>().BuildServiceProvider();
        await using (services)
        {
            try
            {
                return await action(services.GetRequiredService<T>());
            }
            catch (Exception fault) when (fault is ArgumentException or SecretException)
            {
                throw new CommandException(fault.Message);
            }
        }
    }
}
