using Beacon.Alerting.Alerts;
using Beacon.Alerting.Alerts.Risk;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Alerts;

public sealed class RiskTests
{
    private static readonly Actor Ann = new("ann", [RoleNames.Operator]);
    private static readonly Asset Plc = new("plc-1", "PLC-1", ["plc-1", "10.0.0.1"], AssetImportance.EspeciallyImportant, "", "", "", "", "");

    private static Task<EntityRisk?> RiskOf(TestHouse house, string host) => house.Get<IRiskService>().FindAsync(new Entity(EntityKind.Host, host));

    [Fact]
    public async Task Points_BySeverityConfidenceAndImportance()
    {
        using var house = new TestHouse(assets: [Plc]);
        await house.TakeAsync(Detections.Of(host: "plc-1"), Detections.Of(host: "web-7"));
        // High 40 × 80 % × 2 for what is especially important.
        Assert.Equal(64, (await RiskOf(house, "plc-1"))!.Points);
        Assert.Equal(32, (await RiskOf(house, "web-7"))!.Points);
        Assert.Equal("PLC-1", (await house.Get<IRiskService>().TopAsync())[0].AssetName);
    }

    [Fact]
    public async Task Points_OfSeveralAlerts_AddUpAndFade()
    {
        using var house = new TestHouse(o => o.Risk.HalfLife = TimeSpan.FromHours(2));
        await house.TakeAsync(Detections.Of("one"));
        await house.TakeAsync(Detections.Of("one"));
        Assert.Equal(32, (await RiskOf(house, "web-7"))!.Points);
        house.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(16, (await RiskOf(house, "web-7"))!.Points, 2);
        await house.TakeAsync(Detections.Of("two", at: TestHouse.Start.AddHours(2)));
        var risk = (await RiskOf(house, "web-7"))!;
        Assert.Equal(48, risk.Points, 2);
        Assert.Equal([32, 16], risk.Contributions.Select(c => Math.Round(c.Points)));
        house.Clock.Advance(TimeSpan.FromHours(60));
        Assert.Empty(await house.Get<IRiskService>().TopAsync());
        await house.Get<AlertAging>().ForgetAsync(TestContext.Current.CancellationToken);
        Assert.Null(await RiskOf(house, "web-7"));
    }

    [Fact]
    public async Task Rise_GivesTheDifference()
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of(severity: Severity.Medium));
        Assert.Equal(12, (await RiskOf(house, "web-7"))!.Points);
        await house.TakeAsync(Detections.Of(severity: Severity.Critical));
        Assert.Equal(64, (await RiskOf(house, "web-7"))!.Points);
    }

    [Fact]
    public async Task NamedOnes_GetHalf_AndCommonOnesNothing()
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of(related: [new Entity(EntityKind.User, @"CORP\bob"), new Entity(EntityKind.User, "SYSTEM")]));
        Assert.Equal(16, (await house.Get<IRiskService>().FindAsync(new Entity(EntityKind.User, "bob@corp.example")))!.Points);
        Assert.Null(await house.Get<IRiskService>().FindAsync(new Entity(EntityKind.User, "SYSTEM")));
    }

    [Fact]
    public async Task FalsePositive_IsTakenAway_AndComesBackWithUndo()
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of("one"), Detections.Of("two"));
        var alert = (await house.Alerts.ListAsync(new AlertQuery())).Items[0];
        alert = (await house.Alerts.DismissAsync(alert.Id, alert.Version, Disposition.FalsePositive, Ann, "x")).Value!;
        Assert.Equal(32, (await RiskOf(house, "web-7"))!.Points);
        alert = (await house.Alerts.UndoAsync(alert.Id, alert.Version, Ann)).Value!;
        Assert.Equal(64, (await RiskOf(house, "web-7"))!.Points);
        Assert.True((await house.Alerts.DismissAsync(alert.Id, alert.Version, Disposition.TruePositive, Ann, "x")).Done);
        Assert.Equal(64, (await RiskOf(house, "web-7"))!.Points);
    }

    [Fact]
    public async Task Urgency_OfARiskyEntity_IsHigher()
    {
        using var house = new TestHouse();
        for (var i = 0; i < 6; i++) await house.TakeAsync(Detections.Of("rule-" + i, severity: Severity.Critical));
        await house.TakeAsync(Detections.Of("last", severity: Severity.Low), Detections.Of("last", "web-8", Severity.Low));
        var alerts = (await house.Alerts.ListAsync(new AlertQuery { RuleId = "last" })).Items;
        int Risk(string host) => alerts.Single(a => a.Entity.Value == host).Urgency.Parts.Single(p => p.Factor == UrgencyFactor.Risk).Points;
        Assert.Equal((8, 0), (Risk("web-7"), Risk("web-8")));
        Assert.Equal(8, alerts.Single(a => a.Entity.Value == "web-7").Urgency.Score - alerts.Single(a => a.Entity.Value == "web-8").Urgency.Score);
    }
}
