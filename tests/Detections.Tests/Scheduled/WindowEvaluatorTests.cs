using Beacon.Detections.Rules;
using Beacon.Detections.Scheduled;
using Beacon.Detections.Scheduled.Ledger;
using Beacon.Detections.Scheduled.SilentSource;
using Beacon.Detections.Scheduled.Threshold;
using Beacon.Events;
using Beacon.State;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Detections.Tests.Scheduled;

public sealed class WindowEvaluatorTests : IDisposable
{
    private const string RuleId = "6a3c2a52-3f0c-4a39-9d4e-2f6f0c1b7a01";
    private const string SilentId = "6a3c2a52-3f0c-4a39-9d4e-2f6f0c1b7a02";
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-detection");
    private readonly FakeTimeProvider _time = new(Start);
    private readonly FakeEventStore _store = new();
    private readonly FakeActivity _activity = new();
    private readonly FakeWatermark _watermark = new() { CompleteUpTo = Start };
    private readonly SqliteStateDatabase _database;
    private readonly FakeSink _sink;

    public WindowEvaluatorTests()
    {
        _database = SqliteStateDatabase.Open(Path.Combine(_folder.FullName, "state.db"), [DetectionsModule.Schema, FakeSink.Schema]);
        _sink = new FakeSink(_database);
        var scheduled = _folder.CreateSubdirectory("rules").CreateSubdirectory("scheduled");
        File.WriteAllText(Path.Combine(scheduled.FullName, "failures.yml"), $"""
            title: Failures
            id: {RuleId}
            level: medium
            detector: threshold
            window: 1m
            lateness: 5s
            settings:
              filter:
                event.outcome: failure
              group-by: [source.ip]
              at-least: 3
            """);
    }

    [Fact]
    public async Task EvaluateDue_WindowNotYetComplete_WaitsForLateness()
    {
        var (evaluator, ledger, _) = await StartAsync();
        Failures("203.0.113.9", Start.AddSeconds(10), 3);
        await LookAsync(evaluator, Start.AddSeconds(64));
        Assert.Empty(await ledger.WindowsAsync(RuleId, 10, default));
        await LookAsync(evaluator, Start.AddSeconds(65));
        var window = Assert.Single(await ledger.WindowsAsync(RuleId, 10, default));
        Assert.Equal((WindowState.Done, 1, Start, Start.AddMinutes(1)), (window.State, window.Detections, window.Start, window.End));
        var detection = Assert.Single(_sink.Taken);
        Assert.Equal(new Entity(EntityKind.Address, "203.0.113.9"), detection.Entity);
        Assert.Equal("3", detection.Facts["count"]);
        Assert.Contains("203.0.113.9", detection.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EvaluateDue_TwiceOverTheSameTime_EvaluatesEachWindowOnce()
    {
        var (evaluator, ledger, _) = await StartAsync();
        Failures("203.0.113.9", Start.AddSeconds(10), 3);
        await LookAsync(evaluator, Start.AddMinutes(10));
        await LookAsync(evaluator, Start.AddMinutes(10));
        Assert.Equal(9, (await ledger.WindowsAsync(RuleId, 100, default)).Count);
        Assert.Equal(9, _store.Queries);
    }

    [Fact]
    public async Task EvaluateDue_AfterAStop_MakesUpEveryWindowOldestFirst()
    {
        var (evaluator, ledger, _) = await StartAsync();
        await LookAsync(evaluator, Start.AddMinutes(2).AddSeconds(6));
        Failures("203.0.113.9", Start.AddMinutes(30), 5);
        Failures("203.0.113.10", Start.AddMinutes(50), 5);
        (evaluator, ledger, _) = await StartAsync();
        await LookAsync(evaluator, Start.AddHours(1).AddSeconds(6));
        var windows = await ledger.WindowsAsync(RuleId, 100, default);
        Assert.Equal(60, windows.Count);
        Assert.All(windows, static w => Assert.Equal(WindowState.Done, w.State));
        Assert.Equal(60, windows.Select(static w => w.Start).Distinct().Count());
        Assert.Equal(["203.0.113.9", "203.0.113.10"], _sink.Taken.Select(static d => d.Entity.Value));
    }

    [Theory]
    [InlineData("before")]
    [InlineData("within")]
    [InlineData("after")]
    public async Task EvaluateDue_CommitBreaksAndTheProcessStartsAgain_NeitherLosesNorDoubles(string where)
    {
        var (evaluator, ledger, _) = await StartAsync();
        Failures("203.0.113.9", Start.AddSeconds(10), 3);
        _sink.Break = where;
        await LookAsync(evaluator, Start.AddSeconds(66));
        _sink.Break = "";
        (evaluator, ledger, _) = await StartAsync();
        await LookAsync(evaluator, Start.AddSeconds(100));
        var window = Assert.Single(await ledger.WindowsAsync(RuleId, 10, default));
        Assert.Equal(WindowState.Done, window.State);
        Assert.Single(await _sink.StoredAsync());
    }

    [Fact]
    public async Task EvaluateDue_ProcessDiesWithinAWindow_EvaluatesItAgainAtStart()
    {
        var (evaluator, ledger, _) = await StartAsync();
        Failures("203.0.113.9", Start.AddSeconds(10), 3);
        using var stop = new CancellationTokenSource();
        _store.Fault = () =>
        {
            stop.Cancel();
            return new OperationCanceledException(stop.Token);
        };
        _watermark.CompleteUpTo = Start.AddSeconds(66);
        _time.SetUtcNow(Start.AddSeconds(66));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => evaluator.EvaluateDueAsync(stop.Token));
        Assert.Equal(WindowState.Running, Assert.Single(await ledger.WindowsAsync(RuleId, 10, default)).State);
        _store.Fault = static () => null;
        (evaluator, ledger, _) = await StartAsync();
        await LookAsync(evaluator, Start.AddSeconds(70));
        var window = Assert.Single(await ledger.WindowsAsync(RuleId, 10, default));
        Assert.Equal((WindowState.Done, 2), (window.State, window.Attempt));
        Assert.Single(await _sink.StoredAsync());
    }

    [Fact]
    public async Task EvaluateDue_DetectorFails_RetriesWithBackoffAndShowsItsError()
    {
        var (evaluator, ledger, catalog) = await StartAsync();
        _store.Fault = static () => new EventQueryException("the store is away");
        await LookAsync(evaluator, Start.AddSeconds(66));
        await LookAsync(evaluator, Start.AddSeconds(67));
        var window = Assert.Single(await ledger.WindowsAsync(RuleId, 10, default));
        Assert.Equal((WindowState.Failed, 1, "the store is away"), (window.State, window.Attempt, window.Reason));
        Assert.Equal(1, catalog.Find(RuleId)!.Errors);
        var gap = Assert.Single((await ledger.SummariseAsync(TimeSpan.FromHours(1), default)).Single(static s => s.RuleId == RuleId).Gaps);
        Assert.Equal("the store is away", gap.Reason);
        _store.Fault = static () => null;
        await LookAsync(evaluator, Start.AddSeconds(72));
        window = Assert.Single(await ledger.WindowsAsync(RuleId, 10, default));
        Assert.Equal((WindowState.Done, 2, ""), (window.State, window.Attempt, window.Reason));
    }

    [Fact]
    public async Task EvaluateDue_DetectorFailsForGood_GivesUpAndGoesOnWithLaterWindows()
    {
        var (evaluator, ledger, _) = await StartAsync();
        var first = true;
        _store.Fault = () => first ? new EventQueryException("no") : null;
        for (var i = 0; i < WindowEvaluator.MaxAttempts; i++)
        {
            first = true;
            await LookAsync(evaluator, Start.AddSeconds(66).AddMinutes(11 * i));
        }
        var oldest = (await ledger.WindowsAsync(RuleId, 1000, default))[^1];
        Assert.Equal((WindowState.Failed, null, WindowEvaluator.MaxAttempts), (oldest.State, oldest.RetryAt, oldest.Attempt));
        first = false;
        await LookAsync(evaluator, Start.AddHours(3));
        Assert.True(await ledger.RetryAsync(RuleId, oldest.Start, default));
        await LookAsync(evaluator, Start.AddHours(3).AddSeconds(1));
        Assert.All(await ledger.WindowsAsync(RuleId, 1000, default), static w => Assert.Equal(WindowState.Done, w.State));
    }

    [Fact]
    public async Task EvaluateDue_RuleOff_MarksOneGrowingSkippedSpanAndGoesOnWhenOn()
    {
        var (evaluator, ledger, catalog) = await StartAsync();
        await catalog.SetEnabledAsync(RuleId, false, "test", default);
        Failures("203.0.113.9", Start.AddSeconds(10), 3);
        await LookAsync(evaluator, Start.AddMinutes(5).AddSeconds(6));
        await LookAsync(evaluator, Start.AddMinutes(9).AddSeconds(6));
        var skipped = Assert.Single(await ledger.WindowsAsync(RuleId, 10, default));
        Assert.Equal((WindowState.Skipped, Start, Start.AddMinutes(9), "the rule was off"), (skipped.State, skipped.Start, skipped.End, skipped.Reason));
        await catalog.SetEnabledAsync(RuleId, true, "test", default);
        await LookAsync(evaluator, Start.AddMinutes(10).AddSeconds(6));
        Assert.Equal([WindowState.Done, WindowState.Skipped], (await ledger.WindowsAsync(RuleId, 10, default)).Select(static w => w.State));
        Assert.Empty(_sink.Taken);
        Assert.Equal(0.1, (await ledger.SummariseAsync(TimeSpan.FromDays(1), default)).Single(static s => s.RuleId == RuleId).EvaluatedShare, 3);
    }

    [Fact]
    public async Task EvaluateDue_StopLongerThanCatchUp_SkipsWhatIsTooOldWithItsReason()
    {
        var (evaluator, _, _) = await StartAsync();
        await LookAsync(evaluator, Start.AddMinutes(1).AddSeconds(6));
        (evaluator, var ledger, _) = await StartAsync();
        await LookAsync(evaluator, Start.AddDays(8));
        var windows = await ledger.WindowsAsync(RuleId, 1000, default);
        var skipped = Assert.Single(windows, static w => w.State == WindowState.Skipped);
        Assert.Contains("7 days", skipped.Reason, StringComparison.Ordinal);
        Assert.Equal(Start.AddDays(1).AddMinutes(1), skipped.End);
        Assert.Equal(120 - 1 + 1, windows.Count(static w => w.State == WindowState.Done));
    }

    [Fact]
    public async Task EvaluateDue_WindowsWithoutHoles_CoverTheTimeExactly()
    {
        var (evaluator, ledger, _) = await StartAsync();
        for (var second = 0; second < 600; second += 7) await LookAsync(evaluator, Start.AddSeconds(second));
        var windows = (await ledger.WindowsAsync(RuleId, 100, default)).OrderBy(static w => w.Start).ToArray();
        Assert.Equal(Start, windows[0].Start);
        for (var i = 1; i < windows.Length; i++) Assert.Equal(windows[i - 1].End, windows[i].Start);
    }

    [Fact]
    public async Task SilentSource_GoesSilentOnce_OneDetectionAndNoneForTheTimeNobodyListened()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "rules", "scheduled", "silent.yml"), $"""
            title: Silent
            id: {SilentId}
            level: medium
            detector: silent-source
            window: 30s
            lateness: 0s
            settings:
              factor: 4
              at-least: 1m
            """);
        var (evaluator, _, _) = await StartAsync();
        _activity.Known.Add(new SourceActivity("plc", "PLC hall", Start, Start.AddSeconds(30), TimeSpan.FromSeconds(20), 40));
        for (var second = 0; second <= 300; second += 10) await LookAsync(evaluator, Start.AddSeconds(second));
        var detection = Assert.Single(_sink.Taken);
        Assert.Equal((new Entity(EntityKind.Source, "plc"), Start.AddSeconds(110)), (detection.Entity, detection.Time));

        // A day without the program: the silence is the same one, and its id too.
        _time.SetUtcNow(Start.AddDays(1));
        _watermark.CompleteUpTo = Start.AddDays(1);
        (evaluator, var ledger, _) = await StartAsync();
        for (var second = 0; second <= 300; second += 10) await LookAsync(evaluator, Start.AddDays(1).AddSeconds(second));
        Assert.Equal(("1", 1), (_sink.Taken.Select(static d => d.Id).Distinct().Count().ToString(System.Globalization.CultureInfo.InvariantCulture), (await _sink.StoredAsync()).Count));
        Assert.Contains(await ledger.WindowsAsync(SilentId, 100, default), static w => w.State == WindowState.Skipped && w.Reason.Contains("not running", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SilentSource_StillSends_NoDetection()
    {
        var detector = new SilentSourceDetector(_activity, _time);
        _activity.Known.Add(new SourceActivity("plc", "PLC hall", Start, Start.AddSeconds(290), TimeSpan.FromSeconds(20), 40));
        _activity.Known.Add(new SourceActivity("new", "New", Start, Start, null, 1));
        var rule = new ScheduledRule
        {
            Id = SilentId, Title = "Silent", Level = Severity.Medium, Detector = "silent-source", Window = TimeSpan.FromMinutes(5), Interval = TimeSpan.FromMinutes(5),
            Lateness = TimeSpan.Zero, Settings = new SilentSourceSettings(4, TimeSpan.FromMinutes(1), []), File = "", Source = "",
        };
        var result = await detector.EvaluateAsync(new EvaluationWindow(rule, new TimeRange(Start, Start.AddMinutes(5))), [], default);
        Assert.Empty(result.Detections);
        Assert.Equal(1, result.Rows);
    }

    private async Task<(WindowEvaluator Evaluator, EvaluationLedger Ledger, RuleCatalog Catalog)> StartAsync()
    {
        IScheduledDetector[] detectors = [new ThresholdDetector(_store, _time), new SilentSourceDetector(_activity, _time)];
        var options = Options.Create(new DetectionOptions { ShippedRules = Path.Combine(_folder.FullName, "rules"), UserRules = Path.Combine(_folder.FullName, "user") });
        var metrics = new DetectionMetrics(new TestMeters());
        var catalog = new RuleCatalog(options, new RuleFiles(new ScheduledRuleReader(detectors)), new RuleStateStore(_database, _time), metrics, NullLogger<RuleCatalog>.Instance);
        await catalog.ReloadAsync(default);
        var ledger = new EvaluationLedger(_database, _time);
        var evaluator = new WindowEvaluator(catalog, detectors, ledger, _store, _watermark, _sink, options, metrics, _time, NullLogger<WindowEvaluator>.Instance);
        await evaluator.EvaluateDueAsync(default);
        return (evaluator, ledger, catalog);
    }

    private Task LookAsync(WindowEvaluator evaluator, DateTimeOffset at)
    {
        if (at > _time.GetUtcNow()) _time.SetUtcNow(at);
        _watermark.CompleteUpTo = at;
        return evaluator.EvaluateDueAsync(default);
    }

    private void Failures(string address, DateTimeOffset from, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var e = new SecurityEvent { Id = SecurityEventId.From(1, _store.Events.Count + 1), Timestamp = from.AddSeconds(i) };
            e.Add(Field.SourceIp, address);
            e.Add(Field.EventOutcome, "failure");
            _store.Events.Add(e);
        }
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Delete(recursive: true);
    }
}
