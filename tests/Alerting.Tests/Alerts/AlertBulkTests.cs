using Beacon.Alerting.Alerts;
using Beacon.Alerting.Alerts.Bulk;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Alerts;

public sealed class AlertBulkTests
{
    private static readonly Actor Ann = new("ann", [RoleNames.Operator]);

    private static async Task<IReadOnlyList<AlertSummary>> SomeAsync(TestHouse house, int count)
    {
        await house.TakeAsync([.. Enumerable.Range(0, count).Select(i => Detections.Of(rule: "r" + i, host: "h" + i, severity: Severity.Low))]);
        return [.. (await house.Alerts.ListAsync(new AlertQuery())).Items.OrderBy(a => a.Id)];
    }

    [Fact]
    public async Task Run_OneChangedMeanwhile_OthersAreDoneAndItIsNamed()
    {
        using var house = new TestHouse();
        var alerts = await SomeAsync(house, 4);
        await house.Alerts.AssignAsync(alerts[1].Id, alerts[1].Version, "ben", Ann);
        var outcome = await house.Get<IAlertBulk>().RunAsync(new BulkRequest(AlertAct.Dismiss, [.. alerts.Select(a => new BulkItem(a.Id, a.Version))], "the scanner", Disposition: Disposition.Benign, Cause: DispositionCause.AuthorisedTest), Ann);
        Assert.True(outcome.Done);
        Assert.Equal([alerts[0].Id, alerts[2].Id, alerts[3].Id], outcome.Value.Done.Select(a => a.Id));
        Assert.All(outcome.Value.Done, a => Assert.Equal((AlertStatus.Closed, Disposition.Benign, DispositionCause.AuthorisedTest), (a.Status, a.Disposition, a.Cause)));
        Assert.Equal((alerts[1].Id, RefusalKind.Conflict), (outcome.Value.Refused[0].Id, outcome.Value.Refused[0].Kind));
        Assert.Equal(alerts[1].Id, (await house.OnlyOpenAsync()).Id);

        var undone = await house.Get<IAlertBulk>().RunAsync(new BulkRequest(AlertAct.Undo, [.. outcome.Value.Done.Select(a => new BulkItem(a.Id, a.Version))]), Ann);
        Assert.Empty(undone.Value!.Refused);
        Assert.Equal(4, (await house.Alerts.ListAsync(new AlertQuery())).Total);
    }

    [Fact]
    public async Task Run_EveryAct_DoesWhatTheSingleOneDoes()
    {
        using var house = new TestHouse();
        var alert = (await SomeAsync(house, 1))[0];
        async Task<AlertSummary> Do(AlertAct act, string? owner = null, DateTimeOffset? until = null) =>
            alert = Assert.Single((await house.Get<IAlertBulk>().RunAsync(new BulkRequest(act, [new BulkItem(alert.Id, alert.Version)], "because", owner, Until: until), Ann)).Value!.Done);
        Assert.Equal(AlertStatus.Acknowledged, (await Do(AlertAct.Acknowledge)).Status);
        Assert.Equal("ben", (await Do(AlertAct.Assign, "ben")).Owner);
        Assert.Equal("because", (await Do(AlertAct.Shelve, until: house.Clock.GetUtcNow().AddHours(1))).ShelvedReason);
        Assert.Null((await Do(AlertAct.Unshelve)).ShelvedUntil);
        Assert.NotNull((await Do(AlertAct.Escalate)).IncidentId);
        Assert.Equal(AlertStatus.Acknowledged, (await Do(AlertAct.Undo)).Status);
    }

    [Fact]
    public async Task Run_WhatMakesNoSense_IsRefusedWhole()
    {
        using var house = new TestHouse();
        var bulk = house.Get<IAlertBulk>();
        var alert = (await SomeAsync(house, 1))[0];
        BulkItem item = new(alert.Id, alert.Version);
        BulkRequest[] bad =
        [
            new(AlertAct.Acknowledge, []), new(AlertAct.Acknowledge, [item, item]), new(AlertAct.Dismiss, [item], "x"), new(AlertAct.Dismiss, [item], Disposition: Disposition.Benign), new(AlertAct.Shelve, [item], "x"), new((AlertAct)99, [item]),
            new(AlertAct.Acknowledge, [.. Enumerable.Range(1, IAlertBulk.MaxAlerts + 1).Select(i => new BulkItem(i, 1))]),
        ];
        foreach (var request in bad) Assert.Equal(RefusalKind.Invalid, (await bulk.RunAsync(request, Ann)).Refusal!.Kind);
        Assert.Equal(alert.Version, (await house.OnlyOpenAsync()).Version);
    }
}
