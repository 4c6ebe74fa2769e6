using Beacon.Detections.Rules;
using Beacon.Detections.Tests.Scheduled;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beacon.Detections.Tests.Rules;

public sealed class RuleWatchTests
{
    [Fact]
    public async Task Look_RuleSwitchedByAnotherNode_IsSwitchedHereToo()
    {
        using var house = new LedgerHouse();
        var (here, there) = (await house.StartAsync(), await house.StartAsync("two"));
        using var watch = new RuleWatch(here.Catalog, house.Database, house.Time, NullLogger<RuleWatch>.Instance);
        await watch.LookAsync(default);
        await there.Catalog.SetEnabledAsync(LedgerHouse.RuleId, false, "kim", default);
        Assert.True(here.Catalog.Find(LedgerHouse.RuleId)!.Enabled);
        await watch.LookAsync(default);
        Assert.False(here.Catalog.Find(LedgerHouse.RuleId)!.Enabled);
        house.Time.Advance(TimeSpan.FromSeconds(1));
        await there.Catalog.SetEnabledAsync(LedgerHouse.RuleId, true, "kim", default);
        await watch.LookAsync(default);
        Assert.True(here.Catalog.Find(LedgerHouse.RuleId)!.Enabled);
    }
}
