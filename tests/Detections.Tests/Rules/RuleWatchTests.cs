using Beacon.Detections.Rules;
using Beacon.Detections.Rules.Stages;
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
        await there.Catalog.MoveAsync([LedgerHouse.RuleId], RuleStage.Retired, new("kim", "a test"), default);
        Assert.True(here.Catalog.Find(LedgerHouse.RuleId)!.Enabled);
        await watch.LookAsync(default);
        Assert.False(here.Catalog.Find(LedgerHouse.RuleId)!.Enabled);
        house.Time.Advance(TimeSpan.FromSeconds(1));
        await there.Catalog.MoveAsync([LedgerHouse.RuleId], RuleStage.Live, new("kim", "a test"), default);
        await watch.LookAsync(default);
        Assert.True(here.Catalog.Find(LedgerHouse.RuleId)!.Enabled);
    }
}
