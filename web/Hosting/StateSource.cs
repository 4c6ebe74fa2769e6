using Beacon.Alerting;
using Beacon.Collectors;
using Beacon.Detections;
using Beacon.Events;
using Beacon.State;
using Beacon.Storage.Elasticsearch;
using Beacon.Web.Security;

namespace Beacon.Web.Hosting;

/// <summary>Finds and opens the state database that settings, environment and data folder name.</summary>
internal static class StateSource
{
    /// <summary>The tables of all rooms.</summary>
    public static IReadOnlyList<StateSchema> Schemas { get; } = [.. AlertingModule.Schemas, DetectionsModule.Schema, DetectionsModule.NodeSchema, .. CollectorsSchema.All, SecuritySchema.Schema, ElasticsearchEventStore.Schema];

    /// <summary>The settings of the folder and the environment, for a command beside a running Beacon.</summary>
    public static IConfigurationRoot ConfigurationOf(string folder) =>
        new ConfigurationBuilder().AddJsonFile(Path.Combine(Path.GetFullPath(folder), "beacon.json"), optional: true).AddEnvironmentVariables("BEACON_").Build();

    /// <summary>For a command beside a running Beacon.</summary>
    /// <exception cref="CommandException">There is no state in the folder, or PostgreSQL can't be used.</exception>
    public static StateDatabase OpenBeside(string data)
    {
        var folder = Path.GetFullPath(data);
        var configuration = ConfigurationOf(folder);
        var options = Options(configuration);
        var file = Path.Combine(folder, "beacon.db");
        try
        {
            var shared = options.ConnectionString() is not null;
            var node = DataDirectory.NodeNameIn(folder);
            if (shared ? node is null : !File.Exists(file)) throw new CommandException($"There is no Beacon in {data}: start it once, or name its folder with --data DIR.");
            return StateDatabase.Open(options, file, Schemas, node ?? "");
        }
        catch (InvalidDataException fault)
        {
            throw new CommandException(fault.InnerException is { } inner ? $"{fault.Message} {inner.Message}" : fault.Message);
        }
    }

    public static StateOptions Options(IConfiguration configuration)
    {
        var options = new StateOptions();
        configuration.GetSection(StateOptions.Section).Bind(options);
        return options;
    }

    /// <summary>What the scheduler shares with other processes, or null where the state is this process's alone.</summary>
    public static ClusterStore? ClusterOf(StateDatabase state) => state is PostgresStateDatabase shared ? new ClusterStore(PostgresStateDatabase.Factory, shared.ConnectionString, shared.Clock) : null;
}
