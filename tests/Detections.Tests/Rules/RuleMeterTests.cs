using System.Diagnostics.Metrics;
using System.Globalization;
using Beacon.Detections.Rules;
using Beacon.Detections.Tests.Scheduled;
using Beacon.Events;
using Beacon.State;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Detections.Tests.Rules;

public sealed class RuleMeterTests : IDisposable
{
    private const int Rules = 150;

    private readonly TestFolder _folder = new();
    private readonly SqliteStateDatabase _database;

    public RuleMeterTests() => _database = SqliteStateDatabase.Open(Path.Combine(_folder.Path, "state.db"), [DetectionsModule.Schema, FakeSink.Schema]);

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Observe_MoreRulesThanLabels_CountsTheRestAsOtherAndLosesNothing()
    {
        await using var services = Services();
        var (catalog, detector) = (services.GetRequiredService<RuleCatalog>(), services.GetRequiredService<IStreamDetector>());
        await catalog.ReloadAsync(TestContext.Current.CancellationToken);
        _ = services.GetRequiredService<RuleMeter>();
        using var reader = new Reader();

        // Rule n matches n times; those of the highest numbers matter most.
        for (var rule = 1; rule <= Rules; rule++)
            for (var time = 0; time < rule; time++) detector.Detect(Event(rule), []);
        var first = reader.Read();
        var matches = first["beacon.detections.by_rule.matches"];
        Assert.InRange(matches.Count, 2, RuleMeter.MaxRules + 1);
        Assert.Equal(150, matches["Rule 150"]);
        Assert.Equal(Rules * (Rules + 1) / 2, matches.Values.Sum());
        Assert.All(first, static i => Assert.InRange(i.Value.Count, 1, RuleMeter.MaxRules + 1));
        Assert.InRange(first["beacon.detections.by_rule.cost"].Values.Sum(), 1e-12, 1);
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(), first["beacon.detections.by_rule.last_match"]["Rule 150"]);

        // A rule that was counted as other comes to the front: other does not shrink, and the rule shows all that it did.
        for (var time = 0; time < 500; time++) detector.Detect(Event(1), []);
        var second = reader.Read()["beacon.detections.by_rule.matches"];
        Assert.Equal(501, second["Rule 1"]);
        Assert.True(second["other"] >= matches["other"]);
        Assert.InRange(second.Count, 2, RuleMeter.MaxRules + 1);
    }

    private ServiceProvider Services()
    {
        var shipped = Directory.CreateDirectory(Path.Combine(_folder.Path, "shipped")).FullName;
        for (var i = 1; i <= Rules; i++)
            File.WriteAllText(Path.Combine(shipped, $"r{i}.yml"), $"title: Rule {i}\nid: 00000000-0000-4000-8000-{i:D12}\nlogsource: {{ product: windows, category: process_creation }}\ndetection:\n  s: {{ CommandLine: 'run {i}' }}\n  condition: s\nlevel: low\n");
        var services = new ServiceCollection();
        services.AddMetrics().AddLogging();
        services.AddSingleton<IStateDatabase>(_database).AddSingleton<IEventStore, FakeEventStore>().AddSingleton<IIngestWatermark, FakeWatermark>().AddSingleton<ISourceActivity, FakeActivity>().AddSingleton<IDetectionSink, FakeSink>();
        services.AddDetections(o => (o.ShippedRules, o.UserRules) = (shipped, Path.Combine(_folder.Path, "user")));
        return services.BuildServiceProvider();
    }

    private static SecurityEvent Event(int rule)
    {
        var e = new SecurityEvent { Id = SecurityEventId.From(1, 7), Timestamp = new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero) };
        e.Add("winlog.channel", "Microsoft-Windows-Sysmon/Operational");
        e.Add("winlog.event_id", "1", ValueKind.Number);
        e.Add("winlog.event_data.CommandLine", string.Create(CultureInfo.InvariantCulture, $"run {rule}"));
        return e;
    }

    /// <summary>Reads the instruments by rule of this test's own rules.</summary>
    private sealed class Reader : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly Dictionary<string, Dictionary<string, double>> _seen = [];

        public Reader()
        {
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name.StartsWith("beacon.detections.by_rule.", StringComparison.Ordinal)) listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((i, v, tags, _) => Take(i, v, tags));
            _listener.SetMeasurementEventCallback<double>((i, v, tags, _) => Take(i, v, tags));
            _listener.Start();
        }

        public Dictionary<string, Dictionary<string, double>> Read()
        {
            _seen.Clear();
            _listener.RecordObservableInstruments();
            return _seen.ToDictionary(static s => s.Key, static s => new Dictionary<string, double>(s.Value));
        }

        public void Dispose() => _listener.Dispose();

        private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var title = "";
            foreach (var tag in tags) if (tag.Key == "title") title = (string)tag.Value!;
            // Other tests' catalogs may be alive beside this one.
            if (!title.StartsWith("Rule ", StringComparison.Ordinal) && title != "other") return;
            if (!_seen.TryGetValue(instrument.Name, out var values)) _seen[instrument.Name] = values = [];
            values[title] = title == "other" ? Math.Max(value, values.GetValueOrDefault(title)) : value;
        }
    }
}
