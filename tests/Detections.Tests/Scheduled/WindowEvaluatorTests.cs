using Beacon.Detections.Rules.Stages;
using Beacon.Detections.Scheduled;
using Beacon.Detections.Scheduled.Ledger;
using Beacon.Events;

namespace Beacon.Detections.Tests.Scheduled;

public sealed class WindowEvaluatorTests
{
    private const string OtherId = "6a3c2a52-3f0c-4a39-9d4e-2f6f0c1b7a03";
    private static readonly DateTimeOffset Start = LedgerHouse.Start;

    [Fact]
    public async Task Live_WindowNotYetComplete_WaitsForLateness()
    {
        using var house = new LedgerHouse();
        var process = await house.StartAsync();
        house.Failures("203.0.113.9", Start.AddSeconds(10), 3);
        await house.LookAsync(process, Start.AddSeconds(64));
        Assert.Empty(await house.WindowsAsync());
        await house.LookAsync(process, Start.AddSeconds(65));
        var window = Assert.Single(await house.WindowsAsync());
        Assert.Equal((WindowState.Done, 1, Start, Start.AddMinutes(1), 3L), (window.State, window.Detections, window.Start, window.End, window.Rows));
        var detection = Assert.Single(house.Sink.Taken);
        Assert.Equal(new Entity(EntityKind.Address, "203.0.113.9"), detection.Entity);
        Assert.Equal("3", detection.Facts["count"]);
        Assert.Contains("203.0.113.9", detection.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Live_SourceWithLatenessOfItsOwn_IsWaitedForOnceItHasSent()
    {
        using var house = new LedgerHouse();
        house.WriteRule("window: 1m\nsource-lateness:\n  plc-*: 10m");
        var process = await house.StartAsync();
        await house.LookAsync(process, Start.AddSeconds(65));
        Assert.Single(await house.WindowsAsync());
        house.Activity.Known.Add(new SourceActivity("plc-7", "PLC", Start, Start, null, 1));
        await house.LookAsync(process, Start.AddMinutes(11).AddSeconds(59));
        Assert.Single(await house.WindowsAsync());
        await house.LookAsync(process, Start.AddMinutes(12));
        Assert.Equal(2, (await house.WindowsAsync()).Length);
    }

    [Fact]
    public async Task Live_TwiceOverTheSameTime_EvaluatesEachWindowOnce()
    {
        using var house = new LedgerHouse();
        var process = await house.StartAsync();
        await house.LookAsync(process, Start.AddMinutes(10));
        await house.LookAsync(process, Start.AddMinutes(10));
        Assert.Equal(9, (await house.WindowsAsync()).Length);
        Assert.Equal(9, house.Store.Queries);
    }

    [Fact]
    public async Task Live_WindowsWithoutHoles_CoverTheTimeExactly()
    {
        using var house = new LedgerHouse();
        var process = await house.StartAsync();
        for (var second = 0; second < 600; second += 7) await house.LookAsync(process, Start.AddSeconds(second));
        var windows = await house.WindowsAsync();
        Assert.Equal(Start, windows[0].Start);
        for (var i = 1; i < windows.Length; i++) Assert.Equal(windows[i - 1].End, windows[i].Start);
    }

    [Fact]
    public async Task Live_WindowLongerThanInterval_LooksBackAndTellsOfABurstOnce()
    {
        using var house = new LedgerHouse();
        house.WriteRule("window: 5m");
        var process = await house.StartAsync();
        house.Failures("203.0.113.9", Start.AddMinutes(5).AddSeconds(-10), 4);
        for (var minute = 5; minute <= 15; minute++) await house.LookAsync(process, Start.AddMinutes(minute).AddSeconds(6));
        Assert.Equal(11, (await house.WindowsAsync()).Length);
        Assert.Equal(Start.AddMinutes(5), (await house.WindowsAsync())[0].End);
        Assert.Single(house.Sink.Taken);
    }

    [Fact]
    public async Task Live_RulesOfTheSameWindow_ShareOneScan()
    {
        using var house = new LedgerHouse();
        house.WriteRule(id: OtherId, outcome: "success");
        var process = await house.StartAsync();
        house.Failures("203.0.113.9", Start.AddSeconds(10), 3);
        await house.LookAsync(process, Start.AddSeconds(66));
        Assert.Equal(1, house.Store.Scans);
        Assert.Equal(1, (await house.WindowsAsync()).Single().Detections);
        Assert.Equal(0, (await house.WindowsAsync(OtherId)).Single().Detections);
    }

    [Fact]
    public async Task Live_OneRuleOfASharedScanFails_TheOtherIsEvaluated()
    {
        using var house = new LedgerHouse();
        house.WriteRule(id: OtherId, outcome: "success");
        var process = await house.StartAsync();
        house.Failures("203.0.113.9", Start.AddSeconds(10), 3);
        house.Store.FaultOf = static query => query.Filter.ToString().Contains("success", StringComparison.Ordinal) ? new EventQueryException("that one") : null;
        await house.LookAsync(process, Start.AddSeconds(66));
        Assert.Equal(WindowState.Done, (await house.WindowsAsync()).Single().State);
        Assert.Equal((WindowState.Failed, "that one"), ((await house.WindowsAsync(OtherId)).Single().State, (await house.WindowsAsync(OtherId)).Single().Reason));
    }

    [Fact]
    public async Task Overdue_AfterAStop_MakesUpEveryWindowAndTheEdgeComesFirst()
    {
        using var house = new LedgerHouse();
        var process = await house.StartAsync();
        await house.LookAsync(process, Start.AddMinutes(2).AddSeconds(6));
        house.Failures("203.0.113.9", Start.AddMinutes(30), 5);
        house.Failures("203.0.113.10", Start.AddMinutes(50), 5);
        house.Failures("203.0.113.11", Start.AddMinutes(59), 5);
        house.MoveTo(Start.AddHours(1).AddSeconds(6));
        process = await house.StartAsync();
        var windows = await house.WindowsAsync();
        Assert.Equal(60, windows.Length);
        Assert.All(windows, static w => Assert.Equal(WindowState.Done, w.State));
        Assert.Equal(60, windows.Select(static w => w.Start).Distinct().Count());
        Assert.Equal(["203.0.113.11", "203.0.113.9", "203.0.113.10"], house.Sink.Taken.Select(static d => d.Entity.Value));
        Assert.Equal(1, (await house.SummaryAsync()).EvaluatedShare);
    }

    [Fact]
    public async Task Overdue_StopOfWeeks_NothingIsLeftOutUnlessTheAdministratorSaysSo()
    {
        using var house = new LedgerHouse(configure: static o => o.WindowsPerLook = 10_000);
        house.WriteRule("window: 1h\ninterval: 1h");
        await house.LookAsync(await house.StartAsync(), Start.AddHours(1).AddSeconds(6));
        house.MoveTo(Start.AddDays(40));
        await house.StartAsync();
        var windows = await house.WindowsAsync();
        Assert.Equal(40 * 24, windows.Count(static w => w.State == WindowState.Done) + 1);

        using var bounded = new LedgerHouse(configure: static o => (o.CatchUpDays, o.WindowsPerLook) = (7, 10_000));
        bounded.WriteRule("window: 1h\ninterval: 1h");
        await bounded.LookAsync(await bounded.StartAsync(), Start.AddHours(1).AddSeconds(6));
        bounded.MoveTo(Start.AddDays(40));
        await bounded.StartAsync();
        var skipped = Assert.Single(await bounded.WindowsAsync(), static w => w.State == WindowState.Skipped);
        Assert.Equal((Start.AddHours(1), Start.AddDays(33), (32L * 24) + 23), (skipped.Start, skipped.End, skipped.Windows));
        Assert.Contains("Detection:CatchUpDays", skipped.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Overdue_RuleWasOff_IsMadeUpWhenItIsOnAgain()
    {
        using var house = new LedgerHouse();
        var process = await house.StartAsync();
        await house.LookAsync(process, Start.AddMinutes(1).AddSeconds(6));
        await process.Catalog.MoveAsync([LedgerHouse.RuleId], RuleStage.Retired, new("test", "a test"), default);
        house.Failures("203.0.113.9", Start.AddMinutes(4), 3);
        await house.LookAsync(process, Start.AddMinutes(10).AddSeconds(6));
        Assert.Single(await house.WindowsAsync());
        var gap = Assert.Single((await house.SummaryAsync()).Gaps);
        Assert.Equal((WindowState.Paused, 8L, "the rule is off"), (gap.State, gap.Windows, gap.Reason));
        Assert.Equal(1.0 / 9, (await house.SummaryAsync()).EvaluatedShare, 3);
        await process.Catalog.MoveAsync([LedgerHouse.RuleId], RuleStage.Live, new("test", "a test"), default);
        await house.LookAsync(process, Start.AddMinutes(11).AddSeconds(6));
        Assert.Equal(11, (await house.WindowsAsync()).Length);
        Assert.Equal("203.0.113.9", Assert.Single(house.Sink.Taken).Entity.Value);
    }

    [Fact]
    public async Task Overdue_RuleThatIsOffHasMuchOpen_DoesNotHoldUpAnother()
    {
        using var house = new LedgerHouse(configure: static o => o.WindowsPerLook = 2);
        house.WriteRule(id: OtherId, outcome: "success");
        var process = await house.StartAsync();
        house.Store.Fault = static () => new EventQueryException("away");
        await house.LookAsync(process, Start.AddMinutes(10).AddSeconds(6));
        Assert.Contains(await house.WindowsAsync(), static w => w.State == WindowState.Failed);
        await process.Catalog.MoveAsync([LedgerHouse.RuleId], RuleStage.Retired, new("test", "a test"), default);
        house.Store.Fault = static () => null;
        for (var look = 0; look < 20; look++) await house.LookAsync(process, Start.AddMinutes(20).AddSeconds(6 + look));
        Assert.Equal(20, (await house.WindowsAsync(OtherId)).Count(static w => w.State == WindowState.Done));
        Assert.Contains(await house.WindowsAsync(), static w => w.State == WindowState.Failed);
    }

    [Fact]
    public async Task Overdue_GivenUpByAPerson_StandsAsSkippedWithTheName()
    {
        using var house = new LedgerHouse(configure: static o => o.WindowsPerLook = 1);
        await house.StartAsync();
        house.MoveTo(Start.AddHours(1).AddSeconds(6));
        var process = await LedgerProcess.CreateAsync(house, "one", []);
        await process.Look.LiveAsync(default);
        Assert.Equal(59, (await house.SummaryAsync(TimeSpan.FromDays(1))).Waiting);
        Assert.Equal(30, await house.Report.AbandonAsync(LedgerHouse.RuleId, Start.AddMinutes(30), "kim", default));
        Assert.Equal(29, (await house.SummaryAsync(TimeSpan.FromDays(1))).Waiting);
        var skipped = Assert.Single(await house.WindowsAsync(), static w => w.State == WindowState.Skipped);
        Assert.Equal(("given up by kim", 30L), (skipped.Reason, skipped.Windows));
    }

    [Fact]
    public async Task Overdue_DetectorFails_RetriesWithBackoffAndShowsItsError()
    {
        using var house = new LedgerHouse();
        var process = await house.StartAsync();
        house.Store.Fault = static () => new EventQueryException("the store is away");
        await house.LookAsync(process, Start.AddSeconds(66));
        await house.LookAsync(process, Start.AddSeconds(67));
        var window = Assert.Single(await house.WindowsAsync());
        Assert.Equal((WindowState.Failed, 1, "the store is away"), (window.State, window.Attempt, window.Reason));
        Assert.Equal(1, process.Catalog.Find(LedgerHouse.RuleId)!.Errors);
        Assert.Equal("the store is away", Assert.Single((await house.SummaryAsync()).Gaps).Reason);
        house.Store.Fault = static () => null;
        await house.LookAsync(process, Start.AddSeconds(72));
        window = Assert.Single(await house.WindowsAsync());
        Assert.Equal((WindowState.Done, 2, ""), (window.State, window.Attempt, window.Reason));
    }

    [Fact]
    public async Task Overdue_DetectorFailsForDays_IsNeverGivenUpAndLaterWindowsGoOn()
    {
        using var house = new LedgerHouse();
        house.WriteRule("window: 1h\ninterval: 1h");
        var process = await house.StartAsync();
        var bad = true;
        house.Store.FaultOf = query => bad && query.Range.From == Start ? new EventQueryException("no") : null;
        await house.LookAsync(process, Start.AddHours(1).AddSeconds(6));
        for (var day = 0; day < 20; day++) await house.LookAsync(process, Start.AddHours(1 + (day * 25)).AddSeconds(6));
        var oldest = (await house.WindowsAsync()).Single(static w => w.Start == Start);
        Assert.Equal(WindowState.Failed, oldest.State);
        Assert.InRange(oldest.RetryAt!.Value - house.Time.GetUtcNow(), TimeSpan.FromHours(1), TimeSpan.FromDays(1));
        bad = false;
        Assert.True(await house.Report.RetryAsync(LedgerHouse.RuleId, Start, default));
        await process.LookAsync();
        Assert.Equal(WindowState.Done, (await house.WindowsAsync()).Single(static w => w.Start == Start).State);
    }

    [Fact]
    public async Task Live_DetectorThatBuildsOnThePast_TakesWindowsInOrderAndAFailureHoldsTheRest()
    {
        using var house = new LedgerHouse();
        var detector = new CountingDetector();
        house.Write("counting", "title: Counting\nid: 6a3c2a52-3f0c-4a39-9d4e-2f6f0c1b7a09\nlevel: low\ndetector: counting\nlateness: 0s\n");
        var process = await house.StartAsync(more: [detector]);
        await house.LookAsync(process, Start.AddMinutes(6));
        detector.Fails = true;
        await house.LookAsync(process, Start.AddMinutes(8));
        detector.Fails = false;
        await house.LookAsync(process, Start.AddMinutes(20));
        await process.LookAsync();
        Assert.Equal(Enumerable.Range(0, 20).Select(static m => Start.AddMinutes(m)), detector.Seen);
    }

    [Fact]
    public async Task SilentSource_GoesSilentOnce_OneDetectionAndNoneForTheTimeNobodyListened()
    {
        const string SilentId = "6a3c2a52-3f0c-4a39-9d4e-2f6f0c1b7a02";
        using var house = new LedgerHouse();
        house.Write("silent", $"title: Silent\nid: {SilentId}\nlevel: medium\ndetector: silent-source\nwindow: 30s\nlateness: 0s\nsettings:\n  factor: 4\n  at-least: 1m\n");
        var process = await house.StartAsync();
        house.Activity.Known.Add(new SourceActivity("plc", "PLC hall", Start, Start.AddSeconds(30), TimeSpan.FromSeconds(20), 40));
        for (var second = 0; second <= 300; second += 10) await house.LookAsync(process, Start.AddSeconds(second));
        var detection = Assert.Single(house.Sink.Taken);
        Assert.Equal((new Entity(EntityKind.Source, "plc"), Start.AddSeconds(110)), (detection.Entity, detection.Time));

        // A day without the program: the silence is the same one, and its id too.
        house.MoveTo(Start.AddDays(1));
        process = await house.StartAsync();
        for (var second = 0; second <= 300; second += 10) await house.LookAsync(process, Start.AddDays(1).AddSeconds(second));
        Assert.Single(house.Sink.Taken.Select(static d => d.Id).Distinct());
        Assert.Single(await house.Sink.StoredAsync());
        Assert.Contains(await house.WindowsAsync(SilentId), static w => w.State == WindowState.Skipped && w.Reason.Contains("not running", StringComparison.Ordinal));
    }

    /// <summary>Remembers the order of its windows.</summary>
    private sealed class CountingDetector : IScheduledDetector
    {
        public List<DateTimeOffset> Seen { get; } = [];
        public bool Fails { get; set; }
        public string Name => "counting";
        public bool LooksBack => true;
        public bool InOrder => true;
        public object? ReadSettings(SettingsReader settings) => this;

        public Task<EvaluationResult> EvaluateAsync(EvaluationWindow window, IReadOnlyList<IReadOnlyList<GroupCount>> answers, CancellationToken cancellation)
        {
            if (Fails) throw new InvalidOperationException("not now");
            Seen.Add(window.Range.From);
            return Task.FromResult(new EvaluationResult([], 1));
        }
    }
}
