using System.Globalization;
using Beacon.Alerting;
using Beacon.ClusterNode;
using Beacon.Detections;
using Beacon.Events;
using Beacon.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// One node of a cluster under test: the real ledger, scheduler, alert intake and state database, over a store that answers by itself.
// Arguments: connection string, name of the node, folder of rules, milliseconds that a question to the store takes.
var time = new OffsetClock(TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("BEACON_TEST_CLOCK_OFFSET") ?? "0", CultureInfo.InvariantCulture)));
using var state = PostgresStateDatabase.Open(args[0], [.. AlertingModule.Schemas, DetectionsModule.Schema], time);
var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
builder.Logging.AddSimpleConsole(static console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
builder.Services.AddMetrics();
builder.Services.AddSingleton<TimeProvider>(time).AddSingleton<IStateDatabase>(state);
builder.Services.AddSingleton<IEventStore>(new AnsweringStore($"{args[1]}/{Environment.ProcessId}", TimeSpan.FromMilliseconds(int.Parse(args[3], CultureInfo.InvariantCulture)), time));
builder.Services.AddSingleton<IIngestWatermark>(new AlwaysComplete(time)).AddSingleton<ISourceActivity, NoSources>();
builder.Services.AddAlerting(new AlertingOptions());
builder.Services.AddDetections(options =>
{
    options.ShippedRules = args[2];
    options.UserRules = Path.Combine(args[2], "user");
    options.Node = args[1];
    options.LeaseSeconds = 6;
    options.NodeSilenceSeconds = 5;
    options.LateLookSeconds = 5;
}, new ClusterStore(PostgresStateDatabase.Factory, state.ConnectionString, state.Clock));
builder.Services.Configure<HostOptions>(static host => host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.StopHost);
using var host = builder.Build();
await host.StartAsync();
Console.WriteLine("started");
await host.WaitForShutdownAsync();

namespace Beacon.ClusterNode
{
    /// <summary>The machine's clock, wrong by a fixed span.</summary>
    internal sealed class OffsetClock(TimeSpan offset) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + offset;
    }

    /// <summary>Whatever this node received until now is stored.</summary>
    internal sealed class AlwaysComplete(TimeProvider time) : IIngestWatermark
    {
        public DateTimeOffset CompleteUpTo => time.GetUtcNow();
    }

    internal sealed class NoSources : ISourceActivity
    {
        public IReadOnlyList<SourceActivity> Sources => [];
    }
}
