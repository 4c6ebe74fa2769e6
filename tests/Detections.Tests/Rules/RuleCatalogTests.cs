using Beacon.Detections.Matching;
using Beacon.Detections.Rules;
using Beacon.Detections.Rules.Stages;
using Beacon.Detections.Sigma;
using Beacon.Detections.Tests.Scheduled;
using Beacon.Events;
using Beacon.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Beacon.Detections.Tests.Rules;

public sealed class RuleCatalogTests : IDisposable
{
    private const string ShippedId = "33333333-3333-4333-8333-333333333333";
    private const string OwnId = "44444444-4444-4444-8444-444444444444";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-catalog");
    private readonly SqliteStateDatabase _database;
    private readonly List<ServiceProvider> _providers = [];

    public RuleCatalogTests()
    {
        _database = SqliteStateDatabase.Open(Path.Combine(_folder.FullName, "state.db"), [DetectionsModule.Schema, FakeSink.Schema]);
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "shipped"));
        File.WriteAllText(Path.Combine(_folder.FullName, "shipped", "a.yml"), Rule(ShippedId, "Shipped", "whoami"));
    }

    [Fact]
    public async Task Detect_RuleMatches_DescribesTheDetectionWhole()
    {
        var (catalog, detector) = await OpenAsync();
        var e = Event("cmd /c WhoAmI");
        var detections = new List<Detection>();
        detector.Detect(e, detections);
        detector.Detect(e, detections);
        Assert.Equal(detections[0].Id, detections[1].Id);
        var detection = detections[0];
        Assert.Equal((ShippedId, "Shipped", "sigma", Severity.High, new Entity(EntityKind.Host, "HIST-01")), (detection.RuleId, detection.RuleTitle, detection.RuleKind, detection.Severity, detection.Entity));
        Assert.Equal("Shipped on HIST-01 by PLANT\\svc, from 10.1.2.3", detection.Summary);
        Assert.Equal([new Entity(EntityKind.User, "PLANT\\svc"), new Entity(EntityKind.Address, "10.1.2.3")], detection.Related);
        Assert.NotSame(e, detection.Event);
        Assert.Equal("WhoAmI", Assert.Single(detection.Matched) is var field ? field.Value.Substring(field.Start, field.Length) : "");
        var view = catalog.Find(ShippedId)!;
        Assert.Equal((2, e.Timestamp), (view.Matches, view.LastMatch));
    }

    [Fact]
    public async Task Move_Retired_StaysSoAfterARestart()
    {
        var (catalog, detector) = await OpenAsync();
        Assert.Single((await catalog.MoveAsync([ShippedId], RuleStage.Retired, new("owner", "a test"), default)).Moved);
        Assert.True(Assert.Single((await catalog.MoveAsync([OwnId], RuleStage.Retired, new("owner", "a test"), default)).Refused).IsUnknown);
        Assert.Empty(Matches(detector, "whoami"));
        (catalog, detector) = await OpenAsync();
        Assert.False(catalog.Find(ShippedId)!.Enabled);
        Assert.Empty(Matches(detector, "whoami"));
        await catalog.MoveAsync([ShippedId], RuleStage.Live, new("owner", "a test"), default);
        Assert.Single(Matches(detector, "whoami"));
    }

    [Fact]
    public async Task Save_NewChangedAndDeleted_SwapsTheSetEachTime()
    {
        var (catalog, detector) = await OpenAsync();
        Assert.True((await catalog.SaveAsync(Rule(OwnId, "Own", "nltest"), RuleStage.Live, null, new("owner"), default)).Accepted);
        Assert.Single(Matches(detector, "nltest"));
        Assert.True((await catalog.SaveAsync(Rule(OwnId, "Own", "quser"), RuleStage.Live, null, new("owner"), default)).Accepted);
        Assert.Empty(Matches(detector, "nltest"));
        Assert.Single(Matches(detector, "quser"));
        Assert.True(catalog.Find(OwnId)!.IsUserRule);
        (catalog, detector) = await OpenAsync();
        Assert.Single(Matches(detector, "quser"));
        Assert.True(await catalog.DeleteAsync(OwnId, "owner", default));
        Assert.False(await catalog.DeleteAsync(ShippedId, "owner", default));
        Assert.Empty(Matches(detector, "quser"));
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder.FullName, "user")));
    }

    [Fact]
    public async Task Save_FaultyText_SavesNothingAndNamesTheFaults()
    {
        var (catalog, _) = await OpenAsync();
        var change = await catalog.SaveAsync(Rule(OwnId, "Own", "x").Replace("contains", "contian", StringComparison.Ordinal), RuleStage.Live, null, new("owner"), default);
        Assert.False(change.Accepted);
        Assert.Equal((FaultCodes.Modifier, 9), (change.Faults[0].Code, change.Faults[0].Line));
        Assert.Null(catalog.Find(OwnId));
        Assert.False((await catalog.SaveAsync(Rule(ShippedId, "Mine", "x"), RuleStage.Live, null, new("owner"), default)).Accepted);
        Assert.False((await catalog.SaveAsync("../../etc", RuleStage.Live, null, new("owner"), default)).Accepted);
        Assert.False((await catalog.SaveAsync(new string('x', RuleCatalog.MaxRuleLength + 1), RuleStage.Live, null, new("owner"), default)).Accepted);
    }

    [Fact]
    public async Task Save_ScheduledRule_IsListedWithItsDetector()
    {
        var (catalog, _) = await OpenAsync();
        var change = await catalog.SaveAsync($"title: Many\nid: {OwnId}\nlevel: low\ndetector: threshold\nsettings:\n  filter:\n    event.outcome: failure\n  at-least: 5\n", RuleStage.Live, null, new("owner"), default);
        Assert.Empty(change.Faults);
        Assert.Equal(("threshold", true), (catalog.Find(OwnId)!.Kind, catalog.Find(OwnId)!.Enabled));
        change = await catalog.SaveAsync($"title: Many\nid: {OwnId}\nlevel: low\ndetector: threshold\nwindow: 9x\nsettings:\n  group: a\n  filter:\n    event.outcome|near: failure\n", RuleStage.Live, null, new("owner"), default);
        Assert.Equal([(5, FaultCodes.Value), (7, FaultCodes.Unknown), (9, FaultCodes.Modifier)], change.Faults.Where(static f => f.Code is FaultCodes.Value or FaultCodes.Unknown or FaultCodes.Modifier).Select(static f => (f.Line, f.Code)).Order().Take(3));
    }

    [Fact]
    public async Task Reload_IdsThatComeTwice_KeepsTheFirstAndReportsTheOther()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "user"));
        File.WriteAllText(Path.Combine(_folder.FullName, "user", "b.yml"), Rule(ShippedId, "Copy", "x"));
        var (catalog, _) = await OpenAsync();
        Assert.Equal("Shipped", Assert.Single(catalog.Rules).Title);
        Assert.Equal(FaultCodes.Duplicate, Assert.Single(catalog.Faults).Code);
    }

    [Fact]
    public async Task Rules_LogSourceThatNothingFeeds_IsBlindWithItsReason()
    {
        var (catalog, _) = await OpenAsync();
        await catalog.SaveAsync(Rule(OwnId, "Cloud", "x").Replace("windows", "aws", StringComparison.Ordinal), RuleStage.Live, null, new("owner"), default);
        Assert.Contains("aws", catalog.Find(OwnId)!.BlindReason?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaveCounters_AfterMatches_SurviveARestart()
    {
        var (catalog, detector) = await OpenAsync();
        Matches(detector, "whoami");
        await catalog.SaveCountersAsync(default);
        (catalog, detector) = await OpenAsync();
        Matches(detector, "whoami");
        Assert.Equal(2, catalog.Find(ShippedId)!.Matches);
    }

    [Fact]
    public async Task Detect_RegexRunsAway_IsCountedOnItsRuleAndTheOthersMatch()
    {
        var (catalog, detector) = await OpenAsync();
        // A back-reference needs the backtracking engine, which this text drives into its limit.
        var text = Rule(OwnId, "Slow", "x").Replace("CommandLine|contains: x", "CommandLine|re: '^(a+)+(b?)\\2$'", StringComparison.Ordinal);
        Assert.True((await catalog.SaveAsync(text, RuleStage.Live, null, new("owner"), default)).Accepted);
        Assert.Equal([ShippedId], Matches(detector, new string('a', 40) + " whoami").Select(static d => d.RuleId));
        Assert.Contains("took longer", catalog.Find(OwnId)!.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public void Match_RuleTookTooLongTooOften_IsSuspended()
    {
        var text = Rule(OwnId, "Slow", "x").Replace("CommandLine|contains: x", "CommandLine: x", StringComparison.Ordinal);
        var set = RuleSet.Compile(SigmaReader.Read("r.yml", text).Rules);
        var matches = new List<CompiledRule>();
        for (var i = 0; i < CompiledRule.MaxTimeouts - 1; i++) set.Rules[0].CountTimeout();
        set.Match(Event("x"), matches);
        Assert.Single(matches);
        set.Rules[0].CountTimeout();
        set.Match(Event("x"), matches);
        Assert.Single(matches);
        Assert.True(set.Rules[0].IsSuspended);
    }

    [Fact]
    public async Task Reload_PipelinesOfTheInstallation_ChangeTheRulesAndReportTheirFaults()
    {
        var pipelines = Directory.CreateDirectory(Path.Combine(_folder.FullName, "pipelines"));
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "user"));
        File.WriteAllText(Path.Combine(_folder.FullName, "user", "a.yml"), Rule("5b2f3d3a-6a1e-4f55-9d43-0c3d6a7c1e10", "A", "mimikatz"));
        var (catalog, detector) = await OpenAsync();
        Assert.Single(Matches(detector, "run mimikatz"));
        File.WriteAllText(Path.Combine(pipelines.FullName, "own.yml"), "transformations: [{type: map_string, mapping: {'*mimikatz*': '*katzimim*'}}]\n");
        File.WriteAllText(Path.Combine(pipelines.FullName, "bad.yml"), "transformations: [{type: nothing}]\n");
        await catalog.ReloadAsync(default);
        Assert.Empty(Matches(detector, "run mimikatz"));
        Assert.Single(Matches(detector, "run katzimim"));
        Assert.Contains(catalog.Faults, static f => f.File.EndsWith("bad.yml", StringComparison.Ordinal) && f.Message.Contains("nothing", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(pipelines.FullName, "own.yml"), "transformations: [{type: rule_failure, message: 'not on this plant'}]\n");
        await catalog.ReloadAsync(default);
        Assert.Equal("not on this plant", catalog.Find("5b2f3d3a-6a1e-4f55-9d43-0c3d6a7c1e10")!.BlindReason);
        Assert.Empty(Matches(detector, "run katzimim"));
    }

    [Fact]
    public async Task Reload_OfThousandsOfRulesWhileEventsAreMatched_DropsAndRepeatsNoMatch()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "user"));
        var text = new System.Text.StringBuilder();
        for (var file = 0; file < 37; file++)
        {
            text.Clear();
            for (var i = 0; i < 100; i++) text.Append(i == 0 ? "" : "---\n").Append(Rule(Guid.NewGuid().ToString(), $"Rule {file} {i}", $"needle-{file}-{i}-"));
            File.WriteAllText(Path.Combine(_folder.FullName, "user", $"{file}.yml"), text.ToString());
        }
        var (catalog, detector) = await OpenAsync();
        Assert.Equal(3_701, catalog.Rules.Count);
        using var over = new CancellationTokenSource();
        var matching = Task.Run(() =>
        {
            var detections = new List<Detection>();
            var wrong = new List<string>();
            for (var n = 0L; !over.IsCancellationRequested && wrong.Count == 0; n++)
            {
                detections.Clear();
                detector.Detect(Event($"whoami needle-{n % 37}-{n % 100}-"), detections);
                var titles = detections.Select(static d => d.RuleTitle).Order(StringComparer.Ordinal).ToList();
                if (!titles.SequenceEqual([$"Rule {n % 37} {n % 100}", "Shipped"])) wrong.Add($"{n}: {string.Join(", ", titles)}");
            }
            return wrong;
        }, TestContext.Current.CancellationToken);
        for (var i = 0; i < 3; i++) await catalog.ReloadAsync(default);
        await over.CancelAsync();
        Assert.Empty(await matching);
    }

    [Fact]
    public async Task Host_StartsAndStops_WithTheShippedPackLoadedAndTheClockRunning()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddMetrics().AddLogging();
        var watermark = Register(builder.Services);
        builder.Services.AddDetections(o => o.UserRules = Path.Combine(_folder.FullName, "own"));
        using var host = builder.Build();
        await host.StartAsync();
        var catalog = host.Services.GetRequiredService<RuleCatalog>();
        Assert.True(catalog.Rules.Count >= 50);
        Assert.DoesNotContain(catalog.Rules, static r => r.BlindReason is not null);
        Assert.Empty(catalog.Faults);
        Assert.NotNull(watermark);
        await host.StopAsync();
    }

    private async Task<(RuleCatalog, IStreamDetector)> OpenAsync()
    {
        var services = new ServiceCollection();
        services.AddMetrics().AddLogging();
        Register(services);
        services.AddDetections(o =>
        {
            o.ShippedRules = Path.Combine(_folder.FullName, "shipped");
            o.UserRules = Path.Combine(_folder.FullName, "user");
            o.UserPipelines = Path.Combine(_folder.FullName, "pipelines");
        });
        var provider = services.BuildServiceProvider();
        _providers.Add(provider);
        var catalog = provider.GetRequiredService<RuleCatalog>();
        await catalog.ReloadAsync(default);
        return (catalog, provider.GetRequiredService<IStreamDetector>());
    }

    private FakeWatermark Register(IServiceCollection services)
    {
        var watermark = new FakeWatermark();
        services.AddSingleton<IStateDatabase>(_database);
        services.AddSingleton<IEventStore, FakeEventStore>();
        services.AddSingleton<IIngestWatermark>(watermark);
        services.AddSingleton<ISourceActivity, FakeActivity>();
        services.AddSingleton<IDetectionSink, FakeSink>();
        return watermark;
    }

    private static List<Detection> Matches(IStreamDetector detector, string command)
    {
        var detections = new List<Detection>();
        detector.Detect(Event(command), detections);
        return detections;
    }

    private static SecurityEvent Event(string command)
    {
        var e = new SecurityEvent { Id = SecurityEventId.From(1, 7), Timestamp = new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero), Source = "evtx" };
        e.Add("winlog.channel", "Microsoft-Windows-Sysmon/Operational");
        e.Add("winlog.event_id", "1", ValueKind.Number);
        e.Add("host.name", "HIST-01");
        e.Add("user.name", "PLANT\\svc");
        e.Add("source.ip", "10.1.2.3");
        e.Add("winlog.event_data.CommandLine", command);
        return e;
    }

    private static string Rule(string id, string title, string word) =>
        $"title: {title}\nid: {id}\nlevel: high\nlogsource:\n  product: windows\n  category: process_creation\ndetection:\n  selection:\n    CommandLine|contains: {word}\n  condition: selection\n";

    public void Dispose()
    {
        foreach (var provider in _providers) provider.Dispose();
        _database.Dispose();
        _folder.Delete(recursive: true);
    }
}
