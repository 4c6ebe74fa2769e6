using Beacon.Alerting.Changes;
using Beacon.Alerting.Desks;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Desks;

public sealed class AwayTests
{
    private static readonly Actor Ann = new("ann"), Ben = new("ben");

    [Fact]
    public async Task SinceLastLook_NeverLooked_SaysNothing()
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of());
        var away = await house.Get<IAwayService>().SinceLastLookAsync(Ann);
        Assert.Null(away.Since);
        Assert.Empty(away.Kinds);
    }

    [Fact]
    public async Task SinceLastLook_AlertsCameAndOneChanged_CountsObjectsNotChanges()
    {
        using var house = new TestHouse();
        var desk = house.Get<IAwayService>();
        await house.TakeAsync(Detections.Of(rule: "old", host: "a", severity: Severity.Low));
        var old = await house.OnlyOpenAsync();
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        await desk.SeenAsync(Ann, house.Clock.GetUtcNow());
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        var taken = (await house.Alerts.AcknowledgeAsync(old.Id, old.Version, Ben)).Value!;
        await house.Alerts.AssignAsync(taken.Id, taken.Version, "cai", Ben);
        await house.TakeAsync(Detections.Of(rule: "new", host: "b", severity: Severity.Low));
        await house.TakeAsync(Detections.Of(rule: "new", host: "b", severity: Severity.Low));

        var away = await desk.SinceLastLookAsync(Ann);
        var alerts = Assert.Single(away.Kinds, k => k.Kind == ChangeKind.Alert);
        Assert.Equal((2, 1), (alerts.Changed, alerts.New));
        Assert.Equal(2, alerts.Latest.Count);
        Assert.NotEqual(old.Number, alerts.Latest[0].Number);
        Assert.Equal((old.Number, old.Title), (alerts.Latest[1].Number, alerts.Latest[1].Title));
        Assert.False(away.Incomplete);
    }

    [Fact]
    public async Task Seen_EarlierOrToCome_NeverGoesBackNorAhead()
    {
        using var house = new TestHouse();
        var desk = house.Get<IAwayService>();
        var now = house.Clock.GetUtcNow();
        await desk.SeenAsync(Ann, now.AddDays(3));
        Assert.Equal(now, (await desk.SinceLastLookAsync(Ann)).Since);
        await desk.SeenAsync(Ann, now.AddDays(-3));
        Assert.Equal(now, (await desk.SinceLastLookAsync(Ann)).Since);
        Assert.Null((await desk.SinceLastLookAsync(Ben)).Since);
    }

    [Fact]
    public async Task SinceLastLook_FeedWasPruned_SaysThatTheCountsAreAtLeast()
    {
        using var house = new TestHouse();
        var desk = house.Get<IAwayService>();
        await desk.SeenAsync(Ann, house.Clock.GetUtcNow());
        for (var i = 0; i < 5; i++)
        {
            house.Clock.Advance(TimeSpan.FromSeconds(1));
            await house.Feed.PublishAsync(ChangeKind.Source, "s" + i, 1, i == 4 ? "no json" : "{\"name\":\"src\"}");
        }
        Assert.False((await desk.SinceLastLookAsync(Ann)).Incomplete);
        await house.Get<ChangeFeed>().PruneAsync(2, TimeSpan.FromDays(7), TestContext.Current.CancellationToken);
        var away = await desk.SinceLastLookAsync(Ann);
        Assert.True(away.Incomplete);
        Assert.Equal(2, Assert.Single(away.Kinds).Changed);
        Assert.Equal(["s4", "s3"], away.Kinds[0].Latest.Select(i => i.Id));
    }
}
