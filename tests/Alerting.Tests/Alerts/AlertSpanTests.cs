using Beacon.Alerting.Alerts;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Alerts;

public sealed class AlertSpanTests
{
    private static readonly DateTimeOffset T = TestHouse.Start;
    private static readonly Entity Web = new(EntityKind.Host, "web-7");

    [Fact]
    public async Task Spans_AlertsOfAnEntity_AreCountedByQuarterWithTheWorst()
    {
        using var house = new TestHouse();
        await house.TakeAsync(
            Detections.Of(rule: "a", severity: Severity.Low, at: T), Detections.Of(rule: "b", severity: Severity.Critical, at: T.AddMinutes(14)), Detections.Of(rule: "c", severity: Severity.Low, at: T.AddMinutes(15)),
            Detections.Of(rule: "d", host: "web-8", at: T), Detections.Of(rule: "e", severity: Severity.Low, at: T.AddDays(-3)));
        var spans = await house.Alerts.SpansAsync(Web, T.AddDays(-1), TestContext.Current.CancellationToken);
        Assert.Equal([new(T, 2, Severity.Critical), new AlertSpan(T.AddMinutes(15), 1, Severity.Low)], spans);
        Assert.Equal(3, (await house.Alerts.SpansAsync(Web, T.AddDays(-30), TestContext.Current.CancellationToken)).Count);
    }

    [Fact]
    public async Task Spans_FurtherBackThanAtMost_BeginsThere()
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of(at: T.AddDays(-AlertSpan.MaxDays - 1)), Detections.Of(rule: "b", at: T.AddDays(1 - AlertSpan.MaxDays)));
        Assert.Single(await house.Alerts.SpansAsync(Web, DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken));
    }

    // The same machine by its name and by its address.
    [Fact]
    public async Task Spans_AssetUnderAnotherName_IsTheSame()
    {
        using var house = new TestHouse(assets: [new Asset("web-7", "web-7", ["web-7", "10.0.0.7"], AssetImportance.General, "", "", "", "", "")]);
        await house.TakeAsync(Detections.Of(rule: "a"), Detections.Of(rule: "b", entity: new Entity(EntityKind.Address, "10.0.0.7")));
        Assert.Equal(2, Assert.Single(await house.Alerts.SpansAsync(Web, T.AddDays(-1), TestContext.Current.CancellationToken)).Alerts);
    }
}
