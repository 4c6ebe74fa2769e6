using Beacon.Detections.Scheduled.Ledger;
using Beacon.Events;

namespace Beacon.Detections.Tests.Scheduled;

public sealed class SuppressionTests
{
    private static readonly DateTimeOffset Start = LedgerHouse.Start;

    [Fact]
    public async Task Suppression_SameKey_IsSilentForItsSpanAcrossRestarts()
    {
        using var house = new LedgerHouse();
        house.WriteRule("window: 1m\nsuppression: 10m");
        var process = await house.StartAsync();
        for (var minute = 0; minute < 25; minute++) house.Failures("203.0.113.9", Start.AddMinutes(minute).AddSeconds(10), 3);
        house.Failures("203.0.113.10", Start.AddMinutes(5), 3);
        for (var minute = 1; minute <= 25; minute++)
        {
            if (minute == 7) process = await house.StartAsync();
            await house.LookAsync(process, Start.AddMinutes(minute).AddSeconds(6));
        }
        Assert.Equal([0, 10, 20], house.Sink.Taken.Where(static d => d.Entity.Value == "203.0.113.9").Select(static d => (int)(d.Time - Start).TotalMinutes));
        Assert.Single(house.Sink.Taken, static d => d.Entity.Value == "203.0.113.10");
        Assert.Equal(22, (await house.WindowsAsync()).Sum(static w => w.Suppressed));
    }

    [Fact]
    public async Task Suppression_ByAnotherKey_TakesThatKey()
    {
        using var house = new LedgerHouse();
        house.WriteRule("window: 1m\nsuppression:\n  span: 1h\n  by: [event.outcome]");
        var process = await house.StartAsync();
        house.Failures("203.0.113.9", Start.AddSeconds(10), 3);
        house.Failures("203.0.113.10", Start.AddSeconds(20), 3);
        await house.LookAsync(process, Start.AddSeconds(66));
        Assert.Equal("203.0.113.9", Assert.Single(house.Sink.Taken).Entity.Value);
    }

    [Fact]
    public async Task Suppression_WindowMadeUpLate_SpeaksForItsOwnTime()
    {
        using var house = new LedgerHouse();
        house.WriteRule("window: 1m\nsuppression: 10m");
        var process = await house.StartAsync();
        await house.LookAsync(process, Start.AddMinutes(1).AddSeconds(6));
        house.Failures("203.0.113.9", Start.AddMinutes(5), 3);
        house.Failures("203.0.113.9", Start.AddMinutes(59), 3);
        house.MoveTo(Start.AddHours(1).AddSeconds(6));
        process = await house.StartAsync();
        for (var look = 0; look < 70; look++) await process.LookAsync();
        Assert.All(await house.WindowsAsync(), static w => Assert.Equal(WindowState.Done, w.State));
        Assert.Equal([5, 59], house.Sink.Taken.Select(static d => (int)(d.Time - Start).TotalMinutes).Order());
        // The later silence still holds.
        house.Failures("203.0.113.9", Start.AddMinutes(61), 3);
        await house.LookAsync(process, Start.AddMinutes(62).AddSeconds(6));
        Assert.Equal(2, house.Sink.Taken.Count);
    }

    [Fact]
    public async Task Suppression_KeysBeyondTheCeiling_ForgetsThoseThatEndFirst()
    {
        using var house = new LedgerHouse();
        house.WriteRule("window: 1m\nsuppression: 10m");
        var process = await house.StartAsync();
        await house.Database.WriteAsync(static t =>
        {
            for (var i = 0; i < Suppressions.MaxKeys; i++)
                t.Execute("INSERT INTO detection_suppressions(rule_id, suppression_key, since, until) VALUES (@p0, @p1, @p2, @p3)", LedgerHouse.RuleId, $"old {i}", Start, Start.AddSeconds(i));
            return 0;
        });
        house.Failures("203.0.113.9", Start.AddSeconds(10), 3);
        await house.LookAsync(process, Start.AddSeconds(66));
        var kept = await house.Database.ReadAsync(static c => c.Query("SELECT suppression_key FROM detection_suppressions ORDER BY until", static r => r.GetString(0)));
        Assert.Equal(Suppressions.MaxKeys, kept.Count);
        Assert.Equal("old 1", kept[0]);
    }
}
