using Beacon.Detections.Backtests;
using Beacon.Detections.Rules;
using Beacon.Detections.Rules.Stages;
using Beacon.Detections.Tests.Scheduled;
using Beacon.Events;
using Beacon.State;
using Beacon.Storage.DuckDb;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beacon.Detections.Tests.Backtests;

public sealed class BacktestTests : IAsyncLifetime
{
    private const string Head = "title: T\nid: 5b2f3d3a-6a1e-4f55-9d43-0c3d6a7c1e10\nlevel: high\n";
    private const string Source = "logsource:\n  product: windows\n  category: process_creation\n";
    private const string Rule = Head + Source + "detection:\n  selection:\n    CommandLine|contains: whoami\n  condition: selection\n";
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeRange Day = new(Noon.AddHours(-12), Noon.AddHours(12));

    private readonly TestFolder _folder = new();
    private DuckDbEventStore _store = null!;
    private ServiceProvider _services = null!;
    private long _sequence;

    private static CancellationToken None => TestContext.Current.CancellationToken;
    private Backtest Backtest => _services.GetRequiredService<Backtest>();

    public async ValueTask InitializeAsync()
    {
        _store = new DuckDbEventStore(new DuckDbOptions { Directory = Path.Combine(_folder.Path, "events"), MemoryMegabytes = 256, MinimumFreeMegabytes = 16 }, TimeProvider.System, NullLogger<DuckDbEventStore>.Instance);
        await _store.OpenAsync(None);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "user"));
        var services = new ServiceCollection();
        services.AddMetrics().AddLogging();
        services.AddSingleton<IEventStore>(_ => _store).AddSingleton<IStateDatabase>(_ => SqliteStateDatabase.Open(Path.Combine(_folder.Path, "state.db"), [DetectionsModule.Schema]))
            .AddSingleton<IIngestWatermark, FakeWatermark>().AddSingleton<ISourceActivity, FakeActivity>().AddSingleton<IDetectionSink, FakeSink>();
        services.AddDetections(o => (o.ShippedRules, o.UserRules) = (Path.Combine(_folder.Path, "none"), Path.Combine(_folder.Path, "user")));
        _services = services.BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task RunText_SigmaRule_CountsByHourWithExamplesAndEntities()
    {
        await FillAsync([.. Enumerable.Range(0, 30).Select(i => Process(Noon.AddMinutes(i * 5), i % 3 == 0 ? "A" : "B", i % 2 == 0 ? $"cmd /c WhoAmI {i}" : "dir"))]);
        var report = await Backtest.RunTextAsync("r.yml", Rule, Day, null, null, None);
        Assert.Equal((30L, 15L), (report.Events, report.Candidates));
        var rule = Assert.Single(report.Rules);
        Assert.Equal(("T", "sigma", Severity.High, 15L), (rule.Title, rule.Kind, rule.Level, rule.Raised));
        Assert.Equal([(12, 6L), (13, 6L), (14, 3L)], rule.Hours.Select(static h => (h.Start.Hour, h.Count)));
        Assert.Equal([("B", 10L), ("A", 5L)], rule.Entities.Select(static e => (e.Value, e.Count)));
        Assert.Equal(BacktestRule.MaxExamples, rule.Examples.Count);
        Assert.Equal((Noon.AddMinutes(140), "T on B", SecurityEventId.From(7, 29)), (rule.Examples[0].Time, rule.Examples[0].Summary, rule.Examples[0].EventId!.Value));
        Assert.Equal(3, Assert.Single((await Backtest.RunTextAsync("r.yml", Rule, new TimeRange(Noon, Noon.AddMinutes(21)), null, null, None)).Rules).Raised);
    }

    [Fact]
    public async Task RunText_RegularExpressionCaseAndKeyword_AreDecidedByTheMatcher()
    {
        await FillAsync([Process(Noon, "A", "x WHOAMI"), Process(Noon, "A", "x whoami /all"), Process(Noon, "A", "y whoami"), Process(Noon, "A", "whoami9")]);
        async Task<long> CountAsync(string selection) =>
            Assert.Single((await Backtest.RunTextAsync("r.yml", Head + Source + $"detection:\n  selection:\n{selection}  condition: selection\n", Day, null, null, None)).Rules).Raised;
        Assert.Equal(2, await CountAsync("    CommandLine|re: '^x whoami|WHOAMI$'\n"));
        Assert.Equal(3, await CountAsync("    CommandLine|contains|cased: whoami\n"));
        Assert.Equal(1, await CountAsync("    - 'whoami9'\n"));
        Assert.Equal(3, await CountAsync("    CommandLine|re|neq: 'whoami[0-9]'\n"));
    }

    [Fact]
    public async Task RunText_Correlation_RaisesAsInStreamAndItsRulesAreSilent()
    {
        await FillAsync([.. Enumerable.Range(0, 12).Select(i => Process(Noon.AddSeconds(i * 10), i < 8 ? "A" : "B", "whoami"))]);
        var text = Rule.Replace("title: T", "title: T\nname: base", StringComparison.Ordinal) + "---\ntitle: Many\nid: 6b2f3d3a-6a1e-4f55-9d43-0c3d6a7c1e11\ncorrelation:\n  type: event_count\n  rules: [base]\n  group-by: [Computer]\n  timespan: 5m\n  condition: {gte: 8}\nlevel: high\n";
        var report = await Backtest.RunTextAsync("r.yml", text, Day, null, null, None);
        var rule = Assert.Single(report.Rules);
        Assert.Equal(("Many", "correlation", 1L, "A"), (rule.Title, rule.Kind, rule.Raised, Assert.Single(rule.Entities).Value));
    }

    [Fact]
    public async Task RunText_ScheduledRule_EvaluatesEveryWindowAndSuppresses()
    {
        await FillAsync([.. Enumerable.Range(0, 40).Select(i => Process(Noon.AddSeconds(i * 6), "A", "x"))]);
        const string text = "title: Many\nid: 7b2f3d3a-6a1e-4f55-9d43-0c3d6a7c1e12\nlevel: low\ndetector: threshold\nwindow: 1m\nsettings:\n  filter:\n    host.name: a\n  group-by: host.name\n  at-least: 5\n";
        var rule = Assert.Single((await Backtest.RunTextAsync("r.yml", text, new TimeRange(Noon.AddMinutes(-10), Noon.AddMinutes(10)), null, null, None)).Rules);
        Assert.Equal(("threshold", 4L, 20L, 0L), (rule.Kind, rule.Raised, rule.Windows, rule.Suppressed));
        rule = Assert.Single((await Backtest.RunTextAsync("r.yml", text + "suppression: 10m\n", new TimeRange(Noon.AddMinutes(-10), Noon.AddMinutes(10)), null, null, None)).Rules);
        Assert.Equal((1L, 3L), (rule.Raised, rule.Suppressed));
        var refused = await Assert.ThrowsAsync<BacktestException>(() => Backtest.RunTextAsync("r.yml", text, new TimeRange(Noon.AddDays(-90), Noon), null, null, None));
        Assert.Contains("windows", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("title: T\nlevel: low\nlogsource: {product: windows}\ndetection:\n  s:\n    A|contian: x\n  condition: s\n", "r.yml:6")]
    [InlineData("title: T\nid: 7b2f3d3a-6a1e-4f55-9d43-0c3d6a7c1e12\nlevel: low\ndetector: silent-source\n", "present")]
    public async Task RunText_WhatCannotBeTested_IsRefusedWithItsReason(string text, string reason) =>
        Assert.Contains(reason, (await Assert.ThrowsAsync<BacktestException>(() => Backtest.RunTextAsync("r.yml", text, Day, null, null, None))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task RunText_BlindRule_SaysWhyAndAsksNothing()
    {
        await FillAsync([Process(Noon, "A", "whoami")]);
        var report = await Backtest.RunTextAsync("r.yml", Rule.Replace("process_creation", "no_such_thing", StringComparison.Ordinal), Day, null, null, None);
        Assert.Equal((0L, 0L), (report.Candidates, report.Rules[0].Raised));
        Assert.NotNull(report.Rules[0].BlindReason);
    }

    [Fact]
    public async Task Run_RuleOfTheCatalog_AlsoWhereItIsOff()
    {
        await FillAsync([Process(Noon, "A", "whoami")]);
        var catalog = _services.GetRequiredService<RuleCatalog>();
        await catalog.ReloadAsync(None);
        var id = (await catalog.SaveAsync(Rule, RuleStage.Live, null, new("owner"), None)).Ids[0];
        await catalog.MoveAsync([id], RuleStage.Retired, new("owner", "a test"), None);
        Assert.Equal(1, Assert.Single((await Backtest.RunAsync(catalog, id, Day, None)).Rules).Raised);
        await Assert.ThrowsAsync<BacktestException>(() => Backtest.RunAsync(catalog, "nothing", Day, None));
        await Assert.ThrowsAsync<BacktestException>(() => Backtest.RunAsync(catalog, id, new TimeRange(Noon, Noon), None));
    }

    private async Task FillAsync(IReadOnlyList<SecurityEvent> events) => await _store.AppendAsync(events, events[^1].Sequence, None);

    private SecurityEvent Process(DateTimeOffset time, string host, string command)
    {
        _sequence++;
        var e = new SecurityEvent { Id = SecurityEventId.From(7, _sequence), Sequence = _sequence, Timestamp = time, Received = time, Source = "evtx" };
        e.Add("winlog.channel", "Microsoft-Windows-Sysmon/Operational");
        e.Add("winlog.event_id", "1", ValueKind.Number);
        e.Add("host.name", host);
        e.Add("winlog.computer_name", host);
        e.Add("winlog.event_data.CommandLine", command);
        return e;
    }
}
