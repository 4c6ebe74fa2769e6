using Beacon.Alerting.Alerts;
using Beacon.Alerting.Incidents;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Incidents;

public sealed class IncidentTests
{
    private static readonly DateTimeOffset T = TestHouse.Start;
    private static readonly Actor Ann = new("ann", [RoleNames.Responder]);

    private static Task<IncidentPage> AllAsync(TestHouse house) => house.Incidents.ListAsync(new IncidentQuery { Statuses = Enum.GetValues<IncidentStatus>() });

    [Fact]
    public async Task Consider_UnrelatedHighAlerts_OpenTwoIncidents()
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of(host: "a"), Detections.Of(host: "b"));
        Assert.Equal(2, (await AllAsync(house)).Total);
    }

    [Fact]
    public async Task Consider_SharedUserSystemOrLoopback_TiesNothing()
    {
        using var house = new TestHouse();
        Entity[] common = [new(EntityKind.User, @"NT AUTHORITY\SYSTEM"), new(EntityKind.Address, "127.0.0.1"), new(EntityKind.User, "root")];
        await house.TakeAsync(Detections.Of(host: "a", related: common), Detections.Of(host: "b", related: common));
        Assert.Equal(2, (await AllAsync(house)).Total);
    }

    [Fact]
    public async Task Consider_VeryCommonEntity_TiesNothing()
    {
        using var house = new TestHouse(o => o.HubAlerts = 5);
        Entity[] proxy = [new(EntityKind.Address, "10.0.0.1")];
        for (var i = 0; i < 6; i++) await house.TakeAsync(Detections.Of(rule: "noise" + i, host: "n" + i, severity: Severity.Low, related: proxy));
        await house.TakeAsync(Detections.Of(host: "a", related: proxy), Detections.Of(host: "b", related: proxy));
        Assert.Equal(2, (await AllAsync(house)).Total);
    }

    [Fact]
    public async Task Consider_OutsideTheWindow_OpensAnother()
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of(at: T));
        await house.TakeAsync(Detections.Of(rule: "other", at: T.AddHours(25)));
        Assert.Equal(2, (await AllAsync(house)).Total);
    }

    [Fact]
    public async Task Consider_TwoMediumStagesOnOneHost_OpenOneIncident()
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of(rule: "scan", severity: Severity.Medium, tags: ["attack.discovery"]));
        await house.TakeAsync(Detections.Of(rule: "scan-2", severity: Severity.Medium, tags: ["attack.discovery"]));
        Assert.Equal(0, (await AllAsync(house)).Total);
        await house.TakeAsync(Detections.Of(rule: "task", severity: Severity.Medium, tags: ["attack.persistence"], at: T.AddMinutes(5)));
        Assert.Equal(3, Assert.Single((await AllAsync(house)).Items).AlertCount);
    }

    [Fact]
    public async Task Consider_FullIncident_OpensAnother()
    {
        using var house = new TestHouse(o => o.AlertsPerIncident = 10);
        for (var i = 0; i < 12; i++) await house.TakeAsync(Detections.Of(rule: "r" + i));
        Assert.Equal([2, 10], (await AllAsync(house)).Items.Select(i => i.AlertCount).Order());
    }

    [Fact]
    public async Task Verify_ChangedByte_NamesTheFirstBrokenEntry()
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of());
        var incident = (await AllAsync(house)).Items[0];
        for (var i = 0; i < 5; i++) await house.Incidents.AddNoteAsync(incident.Id, "note " + i, Ann);
        var before = await house.Incidents.VerifyTimelineAsync(incident.Id);
        Assert.True(before.Intact);
        await house.Database.WriteAsync(t => t.Execute("UPDATE alerting_timeline SET text = 'note X' WHERE incident_id = @p0 AND text = 'note 1'", incident.Id));
        var after = await house.Incidents.VerifyTimelineAsync(incident.Id);
        Assert.Equal((await house.Incidents.TimelineAsync(incident.Id)).Single(e => e.Text == "note X").Sequence, after.FirstBroken);
        await house.Database.WriteAsync(t => t.Execute("UPDATE alerting_timeline SET text = 'note 1' WHERE text = 'note X'"));
        await house.Database.WriteAsync(t => t.Execute("DELETE FROM alerting_timeline WHERE incident_id = @p0 AND sequence = 2", incident.Id));
        Assert.Equal(2, (await house.Incidents.VerifyTimelineAsync(incident.Id)).FirstBroken);
    }

    [Fact]
    public async Task SetStatus_Closed_ClosesItsAlertsAndWantsAReason()
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of());
        var incident = (await AllAsync(house)).Items[0];
        Assert.Equal(RefusalKind.Invalid, (await house.Incidents.SetStatusAsync(incident.Id, incident.Version, IncidentStatus.Closed, Ann, "")).Refusal!.Kind);
        var closed = (await house.Incidents.SetStatusAsync(incident.Id, incident.Version, IncidentStatus.Closed, Ann, "rebuilt")).Value!;
        Assert.Equal(IncidentStatus.Closed, closed.Status);
        Assert.Equal(0, (await house.Alerts.ListAsync(new AlertQuery())).Total);
        await house.TakeAsync(Detections.Of(rule: "again", at: T.AddMinutes(5)));
        Assert.Equal(2, (await AllAsync(house)).Total);
    }

    [Fact]
    public async Task Edit_ByTwoAtOnce_LosesNothing()
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of());
        var incident = (await AllAsync(house)).Items[0];
        Assert.True((await house.Incidents.AssignAsync(incident.Id, incident.Version, "ann", Ann)).Done);
        // Another field of the same version: both get their way. The same field: both values are told.
        var bo = new Actor("bo", [RoleNames.Responder]);
        Assert.True((await house.Incidents.RenameAsync(incident.Id, incident.Version, "Bastion entered", bo)).Done);
        var refused = (await house.Incidents.EditAsync(incident.Id, incident.Version, new IncidentEdit { Owner = "bo" }, bo)).Refusal!;
        Assert.Equal(RefusalKind.Conflict, refused.Kind);
        Assert.Contains("“ann”", refused.Message.ToString(), StringComparison.Ordinal);
        Assert.Contains("“bo”", refused.Message.ToString(), StringComparison.Ordinal);
        // One field of several in conflict: nothing of it is done.
        Assert.False((await house.Incidents.EditAsync(incident.Id, incident.Version, new IncidentEdit { Owner = "bo", Status = IncidentStatus.Respond }, bo)).Done);
        var again = (await AllAsync(house)).Items[0];
        Assert.Equal(IncidentStatus.Detect, again.Status);
        await house.TakeAsync(Detections.Of(rule: "graver", severity: Severity.Critical));
        again = (await AllAsync(house)).Items[0];
        Assert.Equal(("Bastion entered", "ann", 2), (again.Title, again.Owner, again.AlertCount));
    }

    [Fact]
    public async Task EditAsync_SeverityLowered_HoldsUntilSomethingGraverComes()
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of());
        var incident = (await AllAsync(house)).Items[0];
        Assert.Equal(RefusalKind.Invalid, (await house.Incidents.EditAsync(incident.Id, incident.Version, new IncidentEdit { Severity = Severity.Low }, Ann)).Refusal!.Kind);
        Assert.Equal(Severity.Low, (await house.Incidents.EditAsync(incident.Id, incident.Version, new IncidentEdit { Severity = Severity.Low }, Ann, "a test machine")).Value!.Severity);
        await house.TakeAsync(Detections.Of(at: T.AddMinutes(1)), Detections.Of(rule: "as-grave", at: T.AddMinutes(1)));
        Assert.Equal(Severity.Low, (await AllAsync(house)).Items[0].Severity);
        await house.TakeAsync(Detections.Of(rule: "graver", severity: Severity.Critical, at: T.AddMinutes(2)));
        Assert.Equal(Severity.Critical, (await AllAsync(house)).Items[0].Severity);
    }

    [Fact]
    public async Task AssignAsync_ToAnother_MakesItKnownAndTellsThem()
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of());
        var incident = (await AllAsync(house)).Items[0];
        Assert.True((await house.Incidents.AssignAsync(incident.Id, incident.Version, "bo", Ann)).Done);
        Assert.Equal("ann", await house.Database.ReadAsync(c => c.Scalar<string>("SELECT actor FROM alerting_awareness WHERE incident_id = @p0", incident.Id)));
        Assert.Equal(1, await house.Database.ReadAsync(c => c.Scalar<long>("SELECT count(*) FROM alerting_notices WHERE audience = 'person:bo'")));
    }

    [Fact]
    public async Task Tasks_AddedAndDone_AreCountedAndTold()
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of());
        var id = (await AllAsync(house)).Items[0].Id;
        var task = (await house.Incidents.AddTaskAsync(id, "ring the owner", null, Ann)).Value!;
        Assert.Equal(1, (await house.Incidents.FindAsync(id))!.Summary.TasksOpen);
        Assert.True((await house.Incidents.CompleteTaskAsync(id, task.Id, Ann)).Value!.Done);
        Assert.Equal(RefusalKind.NotFound, (await house.Incidents.CompleteTaskAsync(id, task.Id, Ann)).Refusal!.Kind);
        Assert.Equal(1, (await house.Incidents.FindAsync(id))!.Summary.TasksDone);
        Assert.False((await house.Incidents.AddNoteAsync(id, "  ", Ann)).Done);
    }
}
