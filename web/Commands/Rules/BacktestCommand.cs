using System.CommandLine;
using Beacon.Collectors;
using Beacon.Detections;
using Beacon.Detections.Backtests;
using Beacon.Detections.Sigma;
using Beacon.Events;
using Beacon.Storage.DuckDb;
using Beacon.Storage.Elasticsearch;
using Beacon.Web.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beacon.Web.Commands.Rules;

/// <summary>Says what a rule would have raised over stored events.</summary>
internal static class BacktestCommand
{
    public static Command Create()
    {
        var rule = new Argument<string>("rule") { Description = "Rule file: Sigma rules with their correlations and filters, or a scheduled rule.", HelpName = "FILE" };
        var from = new Option<DateTimeOffset?>("--from") { Description = "Events at or after it, as 2026-11-24T14:05:00Z. Default: a day before --to.", HelpName = "TIME" };
        var to = new Option<DateTimeOffset?>("--to") { Description = "Events before it. Default: now.", HelpName = "TIME" };
        var data = CommandLine.DataOption();
        var store = new StoreOptions();
        var pipelines = PipelineOption.Create();
        var output = CommandLine.OutputOption("text", "json");
        var command = new Command("backtest", "Says what a rule would have raised over stored events: how many by hour, examples, and what it cost. Reads only. The embedded store is held by one process: where Beacon runs on it, ask the running one (POST /api/v1/rules/backtest).\n\nExample:\n  ./run rules backtest my_rule.yml --from 2026-11-01T00:00:00Z --to 2026-11-24T00:00:00Z") { rule, from, to, data, pipelines, output };
        store.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(async () =>
        {
            var end = parsed.GetValue(to) ?? TimeProvider.System.GetUtcNow();
            var range = new TimeRange((parsed.GetValue(from) ?? end.AddDays(-1)).ToUniversalTime(), end.ToUniversalTime());
            var file = parsed.GetValue(rule)!;
            var report = await RunAsync(file, ReadText(file), range, parsed.GetValue(data)!, store.Settings(parsed), PipelineOption.Read(parsed.GetValue(pipelines) ?? []), cancellation);
            System.Console.Out.Write(parsed.GetValue(output) == "json" ? BacktestText.Json(report) : BacktestText.Write(report));
            return 0;
        }));
        return command;
    }

    private static string ReadText(string file)
    {
        try
        {
            // What is longer than any rule is not read at all.
            if (new FileInfo(file) is { Length: > Detections.Rules.RuleCatalog.MaxRuleLength * 4L }) throw new CommandException($"{file} is too long for a rule.");
            return File.ReadAllText(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{file} can't be read: {fault.Message}");
        }
    }

    private static async Task<BacktestReport> RunAsync(string file, string text, TimeRange range, string data, Dictionary<string, string?> settings, Detections.Sigma.Pipelines.SigmaPipelines pipelines, CancellationToken cancellation)
    {
        var folder = Path.GetFullPath(data);
        var configuration = new ConfigurationBuilder().AddJsonFile(Path.Combine(folder, "beacon.json"), optional: true).AddEnvironmentVariables("BEACON_").AddInMemoryCollection(settings).Build();
        // Disposed of by the container, which has it last.
        var state = StateSource.OpenBeside(data);
        // Held, so that no Beacon starts on it meanwhile; on a cluster several may look.
        using var held = configuration["Store:Kind"] == EventStores.Elasticsearch ? null : DataDirectory.Open(folder);
        var services = new ServiceCollection().AddSingleton<IEventStore>(_ => held is null ? Cluster(configuration) : Embedded(configuration, held.Events))
            .AddSingleton<IStateDatabase>(_ => state).AddSingleton<ISourceActivity, NoActivity>().AddSingleton<IAssetDirectory>(await CollectorsModule.OpenAssetsAsync(state, cancellation)).AddDetectors();
        await using var provider = services.BuildServiceProvider();
        try
        {
            await provider.GetRequiredService<IEventStore>().OpenAsync(cancellation);
            return await provider.GetRequiredService<Backtest>().RunTextAsync(file, text, range, SigmaReaderOptions.Default, pipelines, cancellation);
        }
        catch (Exception fault) when (fault is BacktestException or EventQueryException or InvalidDataException)
        {
            throw new CommandException(TerminalText.Clean(fault.Message));
        }
    }

    private static DuckDbEventStore Embedded(IConfigurationRoot configuration, string directory)
    {
        var options = new DuckDbOptions { Directory = directory };
        configuration.GetSection("Store").Bind(options);
        options.Directory = directory;
        return new DuckDbEventStore(options, TimeProvider.System, NullLogger<DuckDbEventStore>.Instance);
    }

    private static ElasticsearchEventStore Cluster(IConfigurationRoot configuration) =>
        new ElasticsearchEventStore(EventStores.ClusterOptions(configuration), null, TimeProvider.System, NullLogger<ElasticsearchEventStore>.Instance);

    /// <summary>Rules that ask which sources are silent are not tested on the past.</summary>
    private sealed class NoActivity : ISourceActivity
    {
        public IReadOnlyList<SourceActivity> Sources => [];
    }
}
