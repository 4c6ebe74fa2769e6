using Beacon.Detections.Scheduled.Ledger;
using Beacon.Events;

namespace Beacon.Detections.Tests.Scheduled;

public sealed class LateEventsTests
{
    private static readonly DateTimeOffset Start = LedgerHouse.Start;

    [Fact]
    public async Task Late_EventsAfterTheWindowClosed_OpenARevisionThatTellsWhatIsNew()
    {
        using var house = new LedgerHouse();
        var process = await house.StartAsync();
        await process.Look.LateAsync(default);
        house.Failures("203.0.113.9", Start.AddSeconds(10), 3);
        house.Failures("203.0.113.10", Start.AddSeconds(20), 2);
        await house.LookAsync(process, Start.AddMinutes(3).AddSeconds(6));
        Assert.Equal(["203.0.113.9"], house.Sink.Taken.Select(static d => d.Entity.Value));
        await process.Look.LateAsync(default);
        // One more of the second address: three now. The first has nothing new and is not told of again.
        house.Failures("203.0.113.10", Start.AddSeconds(40), 1, received: Start.AddMinutes(3).AddSeconds(30));
        house.MoveTo(Start.AddMinutes(4).AddSeconds(6));
        await process.Look.LateAsync(default);
        await process.LookAsync();
        var windows = await house.WindowsAsync();
        var revision = Assert.Single(windows, static w => w.Revision > 0);
        Assert.Equal((1, Start, WindowState.Done, 1), (revision.Revision, revision.Start, revision.State, revision.Detections));
        Assert.Equal(["203.0.113.9", "203.0.113.10"], house.Sink.Taken.Select(static d => d.Entity.Value));
        Assert.Equal(1, (await house.SummaryAsync()).Revisions);

        // And again: a second revision, whose news is only what came since the first.
        house.Failures("203.0.113.9", Start.AddSeconds(50), 1, received: Start.AddMinutes(4).AddSeconds(30));
        house.MoveTo(Start.AddMinutes(5).AddSeconds(6));
        await process.Look.LateAsync(default);
        await process.LookAsync();
        Assert.Equal([0, 1, 2], (await house.WindowsAsync()).Where(static w => w.Start == Start).Select(static w => w.Revision));
        Assert.All(await house.Sink.StoredAsync(), static t => Assert.InRange(t.Times, 1, 2));
    }

    [Fact]
    public async Task Late_EventsInTime_OpenNoRevision()
    {
        using var house = new LedgerHouse();
        var process = await house.StartAsync();
        await process.Look.LateAsync(default);
        for (var minute = 1; minute <= 10; minute++)
        {
            house.Failures("203.0.113.9", Start.AddMinutes(minute).AddSeconds(-30), 3);
            await house.LookAsync(process, Start.AddMinutes(minute).AddSeconds(6));
            await process.Look.LateAsync(default);
        }
        await process.LookAsync();
        Assert.DoesNotContain(await house.WindowsAsync(), static w => w.Revision > 0);
        Assert.Equal(0, (await house.SummaryAsync()).LateWaiting);
    }

    [Fact]
    public async Task Late_EventBetweenEvaluationAndLook_IsFoundByCounting()
    {
        using var house = new LedgerHouse();
        var process = await house.StartAsync();
        await process.Look.LateAsync(default);
        house.Failures("203.0.113.9", Start.AddSeconds(10), 2);
        await house.LookAsync(process, Start.AddSeconds(66));
        house.Failures("203.0.113.9", Start.AddSeconds(30), 1, received: Start.AddSeconds(70));
        house.MoveTo(Start.AddSeconds(90));
        await process.Look.LateAsync(default);
        await process.LookAsync();
        Assert.Single(house.Sink.Taken);
        Assert.Equal(1, house.Store.Counts);
    }

    [Fact]
    public async Task Late_DaysOfOldEvents_AreLookedAtAgainAndAsFewSpans()
    {
        using var house = new LedgerHouse(configure: static o => o.WindowsPerLook = 10_000);
        house.WriteRule("window: 10m\ninterval: 10m");
        var process = await house.StartAsync();
        await process.Look.LateAsync(default);
        await house.LookAsync(process, Start.AddDays(3));
        await process.Look.LateAsync(default);
        var before = (await house.WindowsAsync()).Length;
        for (var hour = 0; hour < 60; hour++) house.Failures("203.0.113.9", Start.AddHours(hour), 3, received: Start.AddDays(3).AddSeconds(10));
        house.MoveTo(Start.AddDays(3).AddMinutes(1));
        await process.Look.LateAsync(default);
        Assert.InRange((await house.SummaryAsync(TimeSpan.FromDays(7))).LateWaiting, 1, 40);
        await process.LookAsync();
        Assert.Equal(60, (await house.Sink.StoredAsync()).Count);
        Assert.InRange((await house.WindowsAsync()).Length - before, 60, 400);
        Assert.Equal(0, (await house.SummaryAsync(TimeSpan.FromDays(7))).LateWaiting);
    }

    [Fact]
    public async Task Late_WindowsBeforeTheRuleBegan_StayUntouched()
    {
        using var house = new LedgerHouse();
        var process = await house.StartAsync();
        await process.Look.LateAsync(default);
        await house.LookAsync(process, Start.AddMinutes(3));
        house.Failures("203.0.113.9", Start.AddMinutes(-30), 5, received: Start.AddMinutes(3));
        house.MoveTo(Start.AddMinutes(4));
        await process.Look.LateAsync(default);
        await process.LookAsync();
        Assert.Empty(house.Sink.Taken);
        Assert.DoesNotContain(await house.WindowsAsync(), static w => w.Start < Start);
    }

    [Fact]
    public async Task Late_NodeBackWithOldData_IsLookedThroughFromWhereItStood()
    {
        using var house = new LedgerHouse();
        var process = await house.StartAsync();
        await process.Look.LateAsync(default);
        await house.LookAsync(process, Start.AddMinutes(10));
        await process.Look.LateAsync(default);
        // Received long ago by a node that was away until now: no time of receipt tells that it is new here.
        house.Failures("203.0.113.9", Start.AddMinutes(2), 3, received: Start.AddMinutes(2));
        await house.Database.WriteAsync(static t =>
        {
            LateLooks.Rewind(t, Start.AddMinutes(1));
            return 0;
        });
        house.MoveTo(Start.AddMinutes(11));
        await process.Look.LateAsync(default);
        await process.LookAsync();
        Assert.Equal("203.0.113.9", Assert.Single(house.Sink.Taken).Entity.Value);
    }
}
