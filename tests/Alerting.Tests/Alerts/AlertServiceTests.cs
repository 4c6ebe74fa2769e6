using Beacon.Alerting.Alerts;
using Beacon.Alerting.Audit;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Alerts;

public sealed class AlertServiceTests
{
    private static readonly Actor Ann = new("ann", [RoleNames.Operator]);

    private static async Task<(TestHouse House, AlertSummary Alert)> OneAsync(Severity severity = Severity.Low)
    {
        var house = new TestHouse();
        await house.TakeAsync(Detections.Of(severity: severity));
        return (house, await house.OnlyAlertAsync());
    }

    [Fact]
    public async Task Acknowledge_New_TakesItAndIsAudited()
    {
        var (house, alert) = await OneAsync();
        using (house)
        {
            var outcome = await house.Alerts.AcknowledgeAsync(alert.Id, alert.Version, Ann);
            Assert.True(outcome.Done);
            Assert.Equal((AlertStatus.Acknowledged, "ann", alert.Version + 1), (outcome.Value.Status, outcome.Value.Owner, outcome.Value.Version));
            var entry = Assert.Single(await house.Audit.QueryAsync(new AuditQuery { Object = $"alert:{alert.Id}" }));
            Assert.Equal(("ann", "alert.acknowledge"), (entry.Actor, entry.Action));
            Assert.Equal(1, (await house.Alerts.CountAsync("ann")).Mine);
        }
    }

    [Fact]
    public async Task Operation_OnAnOldVersion_IsAConflictAndChangesNothing()
    {
        var (house, alert) = await OneAsync();
        using (house)
        {
            await house.Alerts.AcknowledgeAsync(alert.Id, alert.Version, Ann);
            var latest = house.Feed.LatestSequence;
            var outcome = await house.Alerts.AssignAsync(alert.Id, alert.Version, "ben", Ann);
            Assert.Equal(RefusalKind.Conflict, outcome.Refusal!.Kind);
            Assert.Equal("ann", (await house.OnlyAlertAsync()).Owner);
            Assert.Equal(latest, house.Feed.LatestSequence);
            Assert.Equal(RefusalKind.NotFound, (await house.Alerts.AcknowledgeAsync(999, 1, Ann)).Refusal!.Kind);
        }
    }

    [Fact]
    public async Task Operation_ByManyAtOnce_OneWins()
    {
        var (house, alert) = await OneAsync();
        using (house)
        {
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => house.Alerts.AcknowledgeAsync(alert.Id, alert.Version, new Actor("p" + i)))));
            Assert.Single(outcomes, o => o.Done);
            Assert.All(outcomes.Where(o => !o.Done), o => Assert.Equal(RefusalKind.Conflict, o.Refusal!.Kind));
        }
    }

    [Theory]
    [InlineData("", Disposition.FalsePositive)]
    [InlineData("scanner", Disposition.Undetermined)]
    public async Task Dismiss_WithoutReasonOrDisposition_IsRefused(string reason, Disposition disposition)
    {
        var (house, alert) = await OneAsync();
        using (house) Assert.Equal(RefusalKind.Invalid, (await house.Alerts.DismissAsync(alert.Id, alert.Version, disposition, Ann, reason)).Refusal!.Kind);
    }

    [Fact]
    public async Task Shelve_UntilItsEnd_HidesAndComesBack()
    {
        var (house, alert) = await OneAsync();
        using (house)
        {
            Assert.False((await house.Alerts.ShelveAsync(alert.Id, alert.Version, TestHouse.Start, Ann, "why")).Done);
            Assert.False((await house.Alerts.ShelveAsync(alert.Id, alert.Version, TestHouse.Start.AddDays(91), Ann, "why")).Done);
            Assert.True((await house.Alerts.ShelveAsync(alert.Id, alert.Version, TestHouse.Start.AddHours(2), Ann, "patch window")).Done);
            Assert.Equal(0, (await house.Alerts.ListAsync(new AlertQuery())).Total);
            Assert.Equal(1, (await house.Alerts.ListAsync(new AlertQuery { Shelved = true })).Total);
            Assert.Equal(1, (await house.Alerts.CountAsync()).Shelved);
            house.Clock.Advance(TimeSpan.FromHours(2));
            Assert.Equal(1, await house.Get<AlertAging>().UnshelveAsync(default));
            Assert.Null((await house.OnlyAlertAsync()).ShelvedUntil);
            Assert.Equal(1, (await house.Alerts.ListAsync(new AlertQuery())).Total);
        }
    }

    [Fact]
    public async Task Undo_TakesBackOneOperationAtATime()
    {
        var (house, alert) = await OneAsync();
        using (house)
        {
            var a = (await house.Alerts.AcknowledgeAsync(alert.Id, alert.Version, Ann)).Value!;
            a = (await house.Alerts.DismissAsync(a.Id, a.Version, Disposition.Benign, Ann, "test")).Value!;
            a = (await house.Alerts.UndoAsync(a.Id, a.Version, Ann)).Value!;
            Assert.Equal((AlertStatus.Acknowledged, Disposition.Undetermined), (a.Status, a.Disposition));
            a = (await house.Alerts.UndoAsync(a.Id, a.Version, Ann)).Value!;
            Assert.Equal((AlertStatus.New, null), (a.Status, a.Owner));
            Assert.Equal(RefusalKind.Invalid, (await house.Alerts.UndoAsync(a.Id, a.Version, Ann)).Refusal!.Kind);
            Assert.False((await house.Alerts.FindAsync(a.Id))!.CanUndo);
        }
    }

    [Fact]
    public async Task Escalate_LowAlert_OpensAnIncidentAndUndoLeavesIt()
    {
        var (house, alert) = await OneAsync();
        using (house)
        {
            var a = (await house.Alerts.EscalateAsync(alert.Id, alert.Version, Ann, "odd hour")).Value!;
            Assert.Equal(AlertStatus.Escalated, a.Status);
            Assert.Equal("INC-2026-0001", a.IncidentNumber);
            a = (await house.Alerts.UndoAsync(a.Id, a.Version, Ann)).Value!;
            Assert.Null(a.IncidentId);
            Assert.Equal(0, (await house.Incidents.ListAsync(new())).Items.Single().AlertCount);
        }
    }

    [Fact]
    public async Task Similar_SaysHowTheyEnded()
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of(host: "a", severity: Severity.Low));
        var first = await house.OnlyAlertAsync();
        await house.Alerts.DismissAsync(first.Id, first.Version, Disposition.Benign, Ann, "maintenance");
        await house.TakeAsync(Detections.Of(host: "b", severity: Severity.Low));
        var similar = Assert.Single(await house.Alerts.SimilarAsync((await house.OnlyAlertAsync()).Id));
        Assert.Equal((true, false, "ann", "maintenance", Disposition.Benign), (similar.SameRule, similar.SameEntity, similar.ClosedBy, similar.ClosedReason, similar.Alert.Disposition));
    }

    [Fact]
    public async Task List_FiltersByTextOwnerSeverityAndPages()
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of(host: "a%b", severity: Severity.Low), Detections.Of(host: "axb", severity: Severity.Medium), Detections.Of(host: "c", severity: Severity.Low));
        Assert.Equal("a%b", Assert.Single((await house.Alerts.ListAsync(new AlertQuery { Text = "A%B" })).Items).Entity.Value);
        Assert.Equal(1, (await house.Alerts.ListAsync(new AlertQuery { AtLeast = Severity.Medium })).Total);
        Assert.Equal(3, (await house.Alerts.ListAsync(new AlertQuery { Owner = "" })).Total);
        Assert.Equal("axb", Assert.Single((await house.Alerts.ListAsync(new AlertQuery { Limit = 1 })).Items).Entity.Value);
        Assert.Single((await house.Alerts.ListAsync(new AlertQuery { Limit = 5, Offset = 2 })).Items);
        Assert.Equal(1, (await house.Alerts.ListAsync(new AlertQuery { Entity = new Entity(EntityKind.Host, "C") })).Total);
    }

    [Fact]
    public async Task Load_CountsFirstAppearancesOnly()
    {
        using var house = new TestHouse();
        await house.TakeAsync([.. Enumerable.Range(0, 12).Select(i => Detections.Of(host: "h" + i, severity: Severity.Low))]);
        await house.TakeAsync(Detections.Of(host: "h0", severity: Severity.Low));
        var load = await house.Alerts.MeasureLoadAsync();
        Assert.Equal((12, 12, 1 / 144.0), (load.LastHour, load.LastTenMinutes, load.TimeInFlood));
        Assert.Equal(13, Assert.Single(load.Noisiest).Detections);
        house.Clock.Advance(TimeSpan.FromMinutes(30));
        load = await house.Alerts.MeasureLoadAsync();
        Assert.Equal((12, 0), (load.LastHour, load.LastTenMinutes));
    }
}
