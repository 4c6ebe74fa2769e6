using Beacon.Detections.Rules;
using Beacon.Detections.Tests.Scheduled;
using Beacon.Events;
using Beacon.State;
using Beacon.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Detections.Tests.Rules.Stages;

/// <summary>A catalog over folders and a state database of its own, with one shipped rule on the word "whoami".</summary>
internal sealed class CatalogHouse : IDisposable
{
    public const string ShippedId = "33333333-3333-4333-8333-333333333333";
    public const string OwnId = "44444444-4444-4444-8444-444444444444";
    public static readonly DateTimeOffset Start = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-stages");
    private readonly List<ServiceProvider> _providers = [];

    public CatalogHouse()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "shipped"));
        File.WriteAllText(Path.Combine(_folder.FullName, "shipped", "a.yml"), Rule(ShippedId, "Shipped", "whoami"));
        Database = TestState.Open(_folder.FullName, [DetectionsModule.Schema, FakeSink.Schema], Time);
    }

    public FakeTimeProvider Time { get; } = new(Start);
    public StateDatabase Database { get; }
    public string Own => Path.Combine(_folder.FullName, "user");

    /// <summary>A process begins.</summary>
    public async Task<(RuleCatalog Catalog, IStreamDetector Detector)> OpenAsync()
    {
        var services = new ServiceCollection();
        services.AddMetrics().AddLogging();
        services.AddSingleton<TimeProvider>(Time).AddSingleton<IStateDatabase>(Database).AddSingleton<IEventStore, FakeEventStore>().AddSingleton<IIngestWatermark>(new FakeWatermark());
        services.AddSingleton<ISourceActivity, FakeActivity>().AddSingleton<IDetectionSink, FakeSink>();
        services.AddDetections(o => (o.ShippedRules, o.UserRules) = (Path.Combine(_folder.FullName, "shipped"), Own));
        var provider = services.BuildServiceProvider();
        _providers.Add(provider);
        var catalog = provider.GetRequiredService<RuleCatalog>();
        await catalog.ReloadAsync(default);
        return (catalog, provider.GetRequiredService<IStreamDetector>());
    }

    public static List<Detection> Matches(IStreamDetector detector, string command, DateTimeOffset? at = null)
    {
        var e = new SecurityEvent { Id = SecurityEventId.From(1, 7), Timestamp = at ?? Start, Source = "evtx" };
        e.Add("winlog.channel", "Microsoft-Windows-Sysmon/Operational");
        e.Add("winlog.event_id", "1", ValueKind.Number);
        e.Add("host.name", "HIST-01");
        e.Add("winlog.event_data.CommandLine", command);
        var detections = new List<Detection>();
        detector.Detect(e, detections);
        return detections;
    }

    public static string Rule(string id, string title, string word) =>
        $"title: {title}\nid: {id}\nlevel: high\nlogsource:\n  product: windows\n  category: process_creation\ndetection:\n  selection:\n    CommandLine|contains: {word}\n  condition: selection\n";

    public void Dispose()
    {
        foreach (var provider in _providers) provider.Dispose();
        Database.Dispose();
        _folder.Delete(recursive: true);
    }
}
