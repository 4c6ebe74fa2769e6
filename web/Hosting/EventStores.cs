using Beacon.Events;
using Beacon.Storage.DuckDb;
using Beacon.Storage.Elasticsearch;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beacon.Web.Hosting;

/// <summary>The event stores to choose from by Store:Kind, and their settings.</summary>
internal static class EventStores
{
    public const string DuckDb = "duckdb", Elasticsearch = "elasticsearch";

    /// <summary>Adds the store that is configured, with its retention.</summary>
    /// <exception cref="CommandException">A setting is out of range; the message names its key.</exception>
    public static void Add(IServiceCollection services, IConfiguration configuration, string directory)
    {
        var embedded = EmbeddedOptions(configuration, directory);
        if (embedded.RetentionDays < 180 && !embedded.ShorterRetentionConfirmed)
            throw new CommandException($"Store:RetentionDays is {embedded.RetentionDays}. Network logs are kept at least six months where China's Cybersecurity Law applies: set Store:ShorterRetentionConfirmed to true if the shorter span is meant.");
        switch (configuration["Store:Kind"])
        {
            case null or "" or DuckDb:
                services.AddSingleton(embedded);
                services.AddSingleton<DuckDbEventStore>().AddSingleton<IEventStore>(s => s.GetRequiredService<DuckDbEventStore>());
                services.AddHostedService<Storage.DuckDb.RetentionService>();
                break;
            case Elasticsearch:
                var options = ClusterOptions(configuration);
                options.RetentionDays = embedded.RetentionDays;
                services.AddSingleton(options);
                services.AddSingleton<ElasticsearchEventStore>().AddSingleton<IEventStore>(s => s.GetRequiredService<ElasticsearchEventStore>());
                services.AddHostedService<Storage.Elasticsearch.RetentionService>();
                break;
            case var other:
                throw new CommandException($"Store:Kind is {DuckDb} or {Elasticsearch}, not '{other}'.");
        }
    }

    /// <summary>A store outside the host, for commands; it is not open yet.</summary>
    /// <exception cref="CommandException">A setting is missing or out of range.</exception>
    public static IEventStore Create(string kind, IConfiguration configuration, string directory, TimeProvider clock) => kind == Elasticsearch
        ? new ElasticsearchEventStore(ClusterOptions(configuration), null, clock, NullLogger<ElasticsearchEventStore>.Instance)
        : new DuckDbEventStore(EmbeddedOptions(configuration, directory), clock, NullLogger<DuckDbEventStore>.Instance);

    private static DuckDbOptions EmbeddedOptions(IConfiguration configuration, string directory)
    {
        var options = new DuckDbOptions { Directory = directory };
        configuration.GetSection("Store").Bind(options);
        BeaconHost.Check("Store", options);
        return options;
    }

    /// <exception cref="CommandException">A setting is missing or out of range.</exception>
    public static ElasticsearchOptions ClusterOptions(IConfiguration configuration)
    {
        var options = new ElasticsearchOptions();
        configuration.GetSection(ElasticsearchOptions.Section).Bind(options);
        BeaconHost.Check(ElasticsearchOptions.Section, options);
        return options;
    }
}
