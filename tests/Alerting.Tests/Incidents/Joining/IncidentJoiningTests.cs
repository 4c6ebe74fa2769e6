using Beacon.Alerting.Alerts;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Incidents.Joining;
using Beacon.Alerting.Incidents.Work;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Incidents.Joining;

public sealed class IncidentJoiningTests : IDisposable
{
    private static readonly Actor Ann = new("ann", [RoleNames.Responder]);

    private readonly TestHouse _house = new();

    private IIncidentJoining Joining => _house.Get<IIncidentJoining>();

    private async Task<IncidentSummary> NowAsync(long id) => (await _house.Incidents.FindAsync(id))!.Summary;

    private async Task<(IncidentSummary One, IncidentSummary Two)> TwoAsync()
    {
        await _house.TakeAsync(Detections.Of(host: "a-1"), Detections.Of(host: "b-2", severity: Severity.Critical), Detections.Of(rule: "second", host: "b-2"));
        var all = (await _house.Incidents.ListAsync(new IncidentQuery())).Items.OrderBy(i => i.AlertCount).ToList();
        return (all[0], all[1]);
    }

    [Fact]
    public async Task MergeAsync_Two_MovesEverythingAndKeepsBothChains()
    {
        var (into, from) = await TwoAsync();
        await _house.Incidents.AddTaskAsync(from.Id, "ring the owner", null, Ann);
        from = await NowAsync(from.Id);
        Assert.Equal(RefusalKind.Conflict, (await Joining.MergeAsync(into.Id, into.Version, from.Id, from.Version - 1, Ann, "one attack")).Refusal!.Kind);
        Assert.False((await Joining.MergeAsync(into.Id, into.Version, into.Id, into.Version, Ann, "itself")).Done);
        Assert.False((await Joining.MergeAsync(into.Id, into.Version, from.Id, from.Version, Ann, "")).Done);
        var merged = (await Joining.MergeAsync(into.Id, into.Version, from.Id, from.Version, Ann, "one attack")).Value!;
        Assert.Equal((3, 2, 1, Severity.Critical), (merged.AlertCount, merged.EntityCount, merged.TasksOpen, merged.Severity));
        var closed = await NowAsync(from.Id);
        Assert.Equal((IncidentStatus.Closed, into.Id, 0), (closed.Status, closed.MergedInto, closed.AlertCount));
        Assert.Equal(3, (await _house.Alerts.ListAsync(new AlertQuery())).Total);
        Assert.All((await _house.Incidents.FindAsync(into.Id))!.Alerts, a => Assert.Equal(into.Number, a.IncidentNumber));
        Assert.Equal(IncidentLinkKind.Merged, Assert.Single((await _house.Incidents.FindAsync(from.Id))!.Related).Kind);
        Assert.True((await _house.Incidents.VerifyTimelineAsync(into.Id)).Intact);
        var there = await _house.Incidents.VerifyTimelineAsync(from.Id);
        Assert.True(there.Intact);
        Assert.Contains(await _house.Incidents.TimelineAsync(into.Id), e => e.Text.Contains(there.Head, StringComparison.Ordinal));
        Assert.Contains(into.Number, (await _house.Incidents.AddNoteAsync(from.Id, "late", Ann)).Refusal!.Message.ToString(), StringComparison.Ordinal);
        await _house.TakeAsync(Detections.Of(rule: "third", host: "b-2", at: TestHouse.Start.AddMinutes(1)));
        Assert.Equal(4, (await NowAsync(into.Id)).AlertCount);
    }

    [Fact]
    public async Task SplitAsync_SomeAlerts_OpensAnotherAndLeavesTheRest()
    {
        Entity[] shared = [new(EntityKind.Address, "203.0.113.9")];
        await _house.TakeAsync(Detections.Of(host: "a-1", related: shared), Detections.Of(rule: "other", host: "b-2", related: shared));
        var incident = Assert.Single((await _house.Incidents.ListAsync(new IncidentQuery())).Items);
        var alerts = (await _house.Incidents.FindAsync(incident.Id))!.Alerts;
        var b = alerts.Single(a => a.Entity.Value == "b-2").Id;
        Assert.False((await Joining.SplitAsync(incident.Id, incident.Version, [.. alerts.Select(a => a.Id)], null, Ann, "all")).Done);
        Assert.Equal(RefusalKind.NotFound, (await Joining.SplitAsync(incident.Id, incident.Version, [999], null, Ann, "none")).Refusal!.Kind);
        var split = (await Joining.SplitAsync(incident.Id, incident.Version, [b], "Another attack", Ann, "another actor")).Value!;
        Assert.Equal(("Another attack", 1, 2), (split.Title, split.AlertCount, split.EntityCount));
        var left = await NowAsync(incident.Id);
        Assert.Equal((1, 2), (left.AlertCount, left.EntityCount));
        Assert.DoesNotContain((await _house.Incidents.FindAsync(incident.Id))!.Entities, e => e.Entity.Value == "b-2");
        Assert.True((await _house.Incidents.VerifyTimelineAsync(incident.Id)).Intact);
        Assert.True((await _house.Incidents.VerifyTimelineAsync(split.Id)).Intact);
        await _house.TakeAsync(Detections.Of(rule: "other", host: "b-2", at: TestHouse.Start.AddMinutes(1)));
        Assert.Equal(1, (await NowAsync(split.Id)).AlertCount);
    }

    public void Dispose() => _house.Dispose();
}
