using System.CommandLine;
using System.Diagnostics;
using Beacon.Events;
using Beacon.Storage.Elasticsearch;
using Beacon.Web.Hosting;

namespace Beacon.Web.Commands.Bench;

/// <summary>How fast a store takes events and answers.</summary>
internal static class StoreBench
{
    private const int Batch = 10_000;

    public static Command Create()
    {
        var events = new Option<int>("--events") { Description = "Events to store, 10,000 to 50,000,000.", DefaultValueFactory = _ => 1_000_000, HelpName = "N" };
        var of = new Option<string>("--of") { Description = "What the events are: process (1.2 kB each, and what the queries ask about) or flow (a firewall's, 0.7 kB).", DefaultValueFactory = _ => "process", HelpName = "KIND" };
        of.AcceptOnlyFromAmong("process", "flow");
        var queries = new Option<bool>("--queries") { Description = "Ask the questions of a working day too; --queries false leaves them out.", DefaultValueFactory = _ => true };
        var data = new Option<string?>("--data") { Description = "Folder in which a temporary one is made, to measure that disk; the system's where it is left out.", HelpName = "DIR" };
        var store = new StoreOptions();
        var output = BenchCommand.OutputOption();
        var command = new Command("store", "Measures an event store on synthetic events, spread over one day: appends of 10,000 events, each durable on return, then queries (the median of five different ones, and of five times the same) and a selective rule over all of it (the median of five).\n\nExample:\n  ./run bench store --events 2000000 --output json\n  ./run bench store --store elasticsearch --elasticsearch http://127.0.0.1:9200 --events 1000000") { events, of, queries, data, output };
        store.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(async () =>
        {
            var count = BenchCommand.Within("--events", parsed.GetValue(events), 10_000, 50_000_000);
            var flows = parsed.GetValue(of) == "flow";
            var ask = parsed.GetValue(queries);
            if (flows && ask) throw new CommandException("--of flow wants --queries false: the queries ask about processes.");
            using var folder = new BenchFolder(parsed.GetValue(data));
            await using var measured = new BenchStore(folder.Path, Cluster(store.Settings(parsed)));
            BenchCommand.Print(await RunAsync(measured, count, flows, ask, cancellation), parsed.GetValue(output)!);
            return 0;
        }));
        return command;
    }

    /// <summary>The cluster of the settings under names of its own, or null for the embedded store. One copy of each event, as the embedded store has one.</summary>
    private static ElasticsearchOptions? Cluster(Dictionary<string, string?> settings)
    {
        if (settings.GetValueOrDefault("Store:Kind") != EventStores.Elasticsearch) return null;
        settings["Elasticsearch:Prefix"] = "beacon-bench-" + Guid.NewGuid().ToString("N")[..8];
        settings["Elasticsearch:Replicas"] = "0";
        return EventStores.ClusterOptions(new ConfigurationBuilder().AddEnvironmentVariables("BEACON_").AddInMemoryCollection(settings).Build());
    }

    public static async Task<BenchReport> RunAsync(BenchStore measured, int count, bool flows, bool withQueries, CancellationToken cancellation)
    {
        var end = TimeProvider.System.GetUtcNow();
        SampleEvents made = flows ? new SampleFlows(4, end.AddDays(-1), TimeSpan.FromDays(1) / count) : new SampleProcesses(4, end.AddDays(-1), TimeSpan.FromDays(1) / count);
        var spent = default(Spent);
        long json = 0;
        var appends = new List<double>();
        var store = await measured.OpenAsync(cancellation);
        var all = Enumerable.Range(0, Math.Min(Batch, count)).Select(_ => new SecurityEvent(2048, 48)).ToList();
        while (made.Sequence < count)
        {
            var batch = all.GetRange(0, (int)Math.Min(Batch, count - made.Sequence));
            made.Fill(batch); // Making them is not what is measured.
            if (json == 0) json = batch.Sum(e => (long)System.Text.Encoding.UTF8.GetByteCount(EcsJson.ToText(e))) / batch.Count;
            var stint = new Stint();
            await store.AppendAsync(batch, made.Sequence, cancellation);
            var append = stint.End();
            spent += append;
            appends.Add(append.Seconds * 1_000);
            if (made.Sequence % 1_000_000 < Batch) await System.Console.Error.WriteLineAsync(FormattableString.Invariant($"{made.Sequence:N0} events stored"));
        }
        var opening = Stopwatch.GetTimestamp();
        var reopened = await measured.OpenAsync(cancellation);
        var opened = Stopwatch.GetElapsedTime(opening).TotalSeconds;
        var status = await reopened.StatusAsync(cancellation);
        if (status.Events != count) throw new CommandException($"Of {count} events the store holds {status.Events} after it was opened again.");
        var report = new BenchReport("store")
            .Add("store", status.Kind)
            .Add("events", count)
            .Add("batch", Batch)
            .Add("json_bytes_per_event", json)
            .Add("events_per_second", count / spent.Seconds)
            .Add("append_p50_ms", ProbeLog.Quantile(appends, 0.5))
            .Add("append_max_ms", appends.Max())
            .Add("cpu_us_per_event", spent.CpuSeconds * 1e6 / count)
            .Add("allocated_bytes_per_event", spent.AllocatedBytes / (double)count)
            .Add("disk_bytes_per_event", status.Bytes / (double)count)
            .Add("reopen_seconds", opened);
        if (withQueries)
        {
            foreach (var (name, milliseconds) in await StoreQueries.MeasureAsync(reopened, end, cancellation)) report.Add("query_" + name + "_ms", milliseconds);
            var (perSecond, perCpuSecond, raised) = await StoreBacktest.MeasureAsync(reopened, new TimeRange(end.AddDays(-1).AddMinutes(-1), end.AddMinutes(1)), cancellation);
            report.Add("backtest_selective_events_per_second", perSecond).Add("backtest_selective_events_per_cpu_second", perCpuSecond).Add("backtest_selective_raised", raised);
        }
        return report.Add("peak_memory_mb", Stint.PeakMemory());
    }
}
