using Beacon.Detections.Rules;
using Beacon.Detections.Rules.Stages;
using Beacon.Detections.Sigma;
using Beacon.Detections.Tests.Correlation;
using Beacon.Detections.Tests.Scheduled;
using Beacon.Events;
using Beacon.State;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Detections.Tests.Rules;

public sealed class CatalogCorrelationTests : IDisposable
{
    private const string Top = "99999999-0000-4000-8000-000000000001";
    private const string RuleA = "00000000-0000-4000-8000-00000000000a";
    private const string FilterId = "88888888-0000-4000-8000-000000000001";
    private static readonly string Filter = $"title: Not the backup\nid: {FilterId}\nlogsource:\n  product: linux\nfilter:\n  rules: [a]\n  selection:\n    user.name: backup\n  condition: not selection\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-catalog");
    private readonly SqliteStateDatabase _database;
    private readonly ServiceProvider _provider;
    private readonly RuleCatalog _catalog;
    private readonly IStreamDetector _detector;
    private long _order;

    public CatalogCorrelationTests()
    {
        _database = SqliteStateDatabase.Open(Path.Combine(_folder.FullName, "state.db"), [DetectionsModule.Schema, FakeSink.Schema]);
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "shipped"));
        File.WriteAllText(Path.Combine(_folder.FullName, "shipped", "a.yml"), Timeline.Rules("a"));
        var services = new ServiceCollection();
        services.AddMetrics().AddLogging();
        services.AddSingleton<IStateDatabase>(_database).AddSingleton<IEventStore, FakeEventStore>().AddSingleton<IIngestWatermark>(new FakeWatermark());
        services.AddSingleton<ISourceActivity, FakeActivity>().AddSingleton<IDetectionSink, FakeSink>();
        services.AddDetections(o => (o.ShippedRules, o.UserRules, o.PlaceholdersFile) = (Path.Combine(_folder.FullName, "shipped"), Path.Combine(_folder.FullName, "user"), Path.Combine(_folder.FullName, "placeholders.yml")));
        _provider = services.BuildServiceProvider();
        _catalog = _provider.GetRequiredService<RuleCatalog>();
        _catalog.ReloadAsync(default).GetAwaiter().GetResult();
        _detector = _provider.GetRequiredService<IStreamDetector>();
    }

    [Fact]
    public async Task Save_Correlation_IsListedAndDescribesItsDetectionWhole()
    {
        var change = await _catalog.SaveAsync(Timeline.Rule("event_count", "[a]", "{gte: 3}", groupBy: "[source.ip, user.name]"), RuleStage.Live, null, new("owner"), default);
        Assert.Empty(change.Faults);
        var view = _catalog.Find(Top)!;
        Assert.Equal(("correlation", "event_count within 1m", true, null, Severity.High), (view.Kind, view.LogSource, view.Enabled, view.BlindReason, view.Level));
        Assert.Equal(["a"], view.Joins);
        var detections = Play("0:a:ip=203.0.113.7,u=bob 1:a:ip=203.0.113.7,u=bob 2:a:ip=203.0.113.7,u=bob");
        // The shipped rule stands elsewhere: it goes on by itself.
        Assert.Equal(3, detections.Count(static d => d.RuleId == RuleA));
        var detection = Assert.Single(detections, static d => d.RuleId == Top);
        Assert.Equal(("correlation", Severity.High, new Entity(EntityKind.Address, "203.0.113.7")), (detection.RuleKind, detection.Severity, detection.Entity));
        Assert.Contains(new Entity(EntityKind.User, "bob"), detection.Related);
        Assert.Equal("top: 3 events within 1m, source.ip 203.0.113.7, user.name bob", detection.Summary);
        Assert.Equal(("3", ">= 3", "1m", "bob"), (detection.Facts["count"], detection.Facts["threshold"], detection.Facts["timespan"], detection.Facts["user.name"]));
        Assert.Contains(SecurityEventId.From(7, 3).ToString(), detection.Facts["event 03"], StringComparison.Ordinal);
        Assert.Equal(SecurityEventId.From(7, 3), detection.Event!.Id);
        Assert.Equal((1, detection.Time), (_catalog.Find(Top)!.Matches, _catalog.Find(Top)!.LastMatch));
    }

    [Fact]
    public async Task Advance_WindowOver_RaisesWithoutAnEventOfItsOwn()
    {
        await _catalog.SaveAsync(Timeline.Rule("event_count", "[a]", "{lt: 3}", groupBy: "[user.name]"), RuleStage.Live, null, new("owner"), default);
        Play("0:a:u=bob");
        var detections = new List<Detection>();
        _detector.Advance(Timeline.Start.AddSeconds(119), detections);
        Assert.Empty(detections);
        _detector.Advance(Timeline.Start.AddSeconds(121), detections);
        var detection = Assert.Single(detections);
        Assert.Equal((Timeline.Start.AddSeconds(60), Timeline.Start.AddSeconds(121), null), (detection.Time, detection.Received, detection.Event));
        Assert.Equal(new Entity(EntityKind.User, "bob"), detection.Entity);
        // An event that only closes a window is not what the detection is about.
        detection = Assert.Single(Play("1000:a:u=eve 1200:a:u=eve"), static d => d.RuleId == Top);
        Assert.Null(detection.Event);
    }

    [Fact]
    public async Task SetEnabled_CorrelationOrItsRuleOff_IsQuietAndSaysWhy()
    {
        await _catalog.SaveAsync(Timeline.Rule("event_count", "[a]", "{gte: 2}"), RuleStage.Live, null, new("owner"), default);
        await _catalog.MoveAsync([Top], RuleStage.Retired, new("owner", "a test"), default);
        Assert.DoesNotContain(Play("0:a 1:a"), static d => d.RuleId == Top);
        await _catalog.MoveAsync([Top], RuleStage.Live, new("owner", "a test"), default);
        Assert.Contains(Play("100:a 101:a"), static d => d.RuleId == Top);
        await _catalog.MoveAsync([RuleA], RuleStage.Retired, new("owner", "a test"), default);
        Assert.Contains("'Rule a' is switched off", _catalog.Find(Top)!.BlindReason?.ToString(), StringComparison.Ordinal);
        Assert.Empty(Play("200:a 201:a"));
    }

    [Fact]
    public async Task Save_CorrelationWithItsRules_IsOneFileAndTheRulesAreSilent()
    {
        var text = Timeline.Rule("event_count", "[b, c]", "{gte: 2}") + Timeline.Rules("b", "c");
        var change = await _catalog.SaveAsync(text, RuleStage.Live, null, new("owner"), default);
        Assert.Empty(change.Faults);
        Assert.Equal(3, change.Ids.Count);
        Assert.Equal(Top, change.Ids[0]);
        Assert.Equal(Path.Combine(_folder.FullName, "user", Top + ".yml"), Assert.Single(Directory.GetFiles(Path.Combine(_folder.FullName, "user"))));
        Assert.Equal([Top], Play("0:b 1:c").Select(static d => d.RuleId));
        Assert.True(_catalog.Find("00000000-0000-4000-8000-00000000000b")!.IsSilent);
        // One of them is changed alone: the others stay.
        change = await _catalog.SaveAsync(Timeline.Rules("b").Replace("title: Rule b", "title: Rule bee", StringComparison.Ordinal), RuleStage.Live, null, new("owner"), default);
        Assert.True(change.Accepted);
        Assert.Equal("Rule bee", _catalog.Find("00000000-0000-4000-8000-00000000000b")!.Title);
        Assert.Null(_catalog.Find(Top)!.BlindReason);
        Assert.Equal([Top], Play("100:b 101:c").Select(static d => d.RuleId));
        // The whole goes with its head, and only with it.
        Assert.False(await _catalog.DeleteAsync("00000000-0000-4000-8000-00000000000b", "owner", default));
        Assert.True(await _catalog.DeleteAsync(Top, "owner", default));
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder.FullName, "user")));
    }

    [Fact]
    public async Task Save_UnknownReferenceOrUnrelatedRules_IsRefused()
    {
        var change = await _catalog.SaveAsync(Timeline.Rule("event_count", "[nobody]", "{gte: 2}"), RuleStage.Live, null, new("owner"), default);
        Assert.False(change.Accepted);
        Assert.Equal(FaultCodes.Unknown, Assert.Single(change.Faults).Code);
        Assert.Equal(FaultCodes.Unknown, Assert.Single(_catalog.Check(Timeline.Rule("event_count", "[nobody]", "{gte: 2}"))).Code);
        Assert.Contains("one at a time", Assert.Single((await _catalog.SaveAsync(Timeline.Rules("b", "c"), RuleStage.Live, null, new("owner"), default)).Faults).Message.ToString(), StringComparison.Ordinal);
        Assert.False((await _catalog.SaveAsync(Timeline.Rule("event_count", "[a]", "{gte: 2}") + Timeline.Rules("b"), RuleStage.Live, null, new("owner"), default)).Accepted);
        Assert.Null(_catalog.Find(Top));
    }

    [Fact]
    public async Task Save_RuleTakenFromUnderACorrelation_IsRefusedAndDeletingItIsAFault()
    {
        await _catalog.SaveAsync(Timeline.Rules("b"), RuleStage.Live, null, new("owner"), default);
        await _catalog.SaveAsync(Timeline.Rule("event_count", "[b]", "{gte: 2}"), RuleStage.Live, null, new("owner"), default);
        var change = await _catalog.SaveAsync(Timeline.Rules("b").Replace("name: b", "name: other", StringComparison.Ordinal), RuleStage.Live, null, new("owner"), default);
        Assert.False(change.Accepted);
        Assert.Contains("'b'", Assert.Single(change.Faults).Message.ToString(), StringComparison.Ordinal);
        Assert.Null(_catalog.Find(Top)!.BlindReason);
        Assert.True(await _catalog.DeleteAsync("00000000-0000-4000-8000-00000000000b", "owner", default));
        Assert.Equal(FaultCodes.Unknown, Assert.Single(_catalog.Faults).Code);
        Assert.Contains("there is no rule 'b'", _catalog.Find(Top)!.BlindReason?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Save_Filter_CountsAtOnceAndIsShownAtItsRule()
    {
        Assert.True((await _catalog.SaveAsync(Filter, RuleStage.Live, null, new("owner"), default)).Accepted);
        Assert.Equal(("filter", true), (_catalog.Find(FilterId)!.Kind, _catalog.Find(FilterId)!.Enabled));
        Assert.Equal(["Not the backup"], _catalog.Find(RuleA)!.Filters);
        Assert.Single(Play("0:a:u=backup 1:a:u=root"));
        await _catalog.MoveAsync([FilterId], RuleStage.Retired, new("owner", "a test"), default);
        Assert.Empty(_catalog.Find(RuleA)!.Filters);
        Assert.Single(Play("2:a:u=backup"));
        Assert.True(await _catalog.DeleteAsync(FilterId, "owner", default));
        Assert.Null(_catalog.Find(FilterId));
    }

    [Fact]
    public async Task Reload_Placeholders_GiveTheirRuleSight()
    {
        var text = Timeline.Rules("b").Replace("event.action|contains: 'b'", "user.name|expand: '%admins%'", StringComparison.Ordinal);
        await _catalog.SaveAsync(text, RuleStage.Live, null, new("owner"), default);
        Assert.Contains("%admins%", _catalog.Find("00000000-0000-4000-8000-00000000000b")!.BlindReason?.ToString(), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder.FullName, "placeholders.yml"), "admins: [alice, 'svc_*']\nempty: []\n");
        await _catalog.ReloadAsync(default);
        Assert.Null(_catalog.Find("00000000-0000-4000-8000-00000000000b")!.BlindReason);
        Assert.Equal((FaultCodes.Placeholder, 2), (Assert.Single(_catalog.Faults).Code, _catalog.Faults[0].Line));
        Assert.Equal(2, Play("0:x:u=alice 1:x:u=svc_1 2:x:u=bob").Count);
    }

    [Fact]
    public async Task Detect_ManyMatchesWithoutCorrelation_AllocateNothingForThem()
    {
        await _catalog.SaveAsync(Timeline.Rule("event_count", "[a]", "{gte: 2}"), RuleStage.Live, null, new("owner"), default);
        var e = Timeline.Event("0:zzz", 1);
        var detections = new List<Detection>();
        for (var i = 0; i < 1_000; i++) _detector.Detect(e, detections);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) _detector.Detect(e, detections);
        // A counter may allocate once in a while; an event may not.
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 10_000);
    }

    private List<Detection> Play(string events)
    {
        var detections = new List<Detection>();
        foreach (var written in events.Split(' ')) _detector.Detect(Timeline.Event(written, ++_order), detections);
        return detections;
    }

    public void Dispose()
    {
        _provider.Dispose();
        _database.Dispose();
        _folder.Delete(recursive: true);
    }
}
