using Beacon.Alerting.Incidents;
using Beacon.Alerting.Incidents.Work;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Incidents.Work;

public sealed class IncidentWorkTests : IDisposable
{
    private static readonly Actor Ann = new("ann", [RoleNames.Responder]);
    private static readonly Actor Bo = new("bo", [RoleNames.Responder]);

    private readonly TestHouse _house = new();

    private IIncidentWork Work => _house.Get<IIncidentWork>();

    private async Task<IncidentSummary> IncidentAsync(string host = "web-7")
    {
        await _house.TakeAsync(Detections.Of(rule: "r-" + host, host: host));
        return (await _house.Incidents.ListAsync(new IncidentQuery())).Items.Single(i => i.Title.Contains(host, StringComparison.Ordinal));
    }

    [Fact]
    public async Task EditCommentAsync_Changed_KeepsEveryVersion()
    {
        var id = (await IncidentAsync()).Id;
        var comment = (await Work.CommentAsync(id, "it is the backup", Ann)).Value!;
        Assert.Equal(RefusalKind.Forbidden, (await Work.EditCommentAsync(id, comment.Id, 1, "no", Bo)).Refusal!.Kind);
        Assert.Equal(2, (await Work.EditCommentAsync(id, comment.Id, 1, "it is not the backup", Ann)).Value!.Version);
        Assert.Equal(RefusalKind.Conflict, (await Work.EditCommentAsync(id, comment.Id, 1, "again", Ann)).Refusal!.Kind);
        Assert.Equal(["it is the backup", "it is not the backup"], (await Work.CommentHistoryAsync(id, comment.Id)).Select(c => c.Text));
        Assert.Equal("it is not the backup", Assert.Single((await _house.Incidents.FindAsync(id))!.Comments).Text);
        Assert.Equal(2, (await _house.Incidents.TimelineAsync(id)).Count(e => e.Kind == TimelineKind.Comment));
        Assert.False((await Work.CommentAsync(id, " ", Ann)).Done);
    }

    [Fact]
    public async Task EditTaskAsync_StaleVersion_SaysWhatItIsNow()
    {
        var id = (await IncidentAsync()).Id;
        var task = (await _house.Incidents.AddTaskAsync(id, "ring the owner", null, Ann, TestHouse.Start.AddHours(1))).Value!;
        Assert.Equal(TestHouse.Start.AddHours(1), task.DueAt);
        var edited = (await Work.EditTaskAsync(id, task.Id, task.Version, new TaskEdit(Assignee: "bo"), Ann)).Value!;
        Assert.Equal(("bo", 2), (edited.Assignee, edited.Version));
        Assert.Contains("bo", (await Work.EditTaskAsync(id, task.Id, task.Version, new TaskEdit(Assignee: "cy"), Ann)).Refusal!.Message.ToString(), StringComparison.Ordinal);
        var done = (await _house.Incidents.CompleteTaskAsync(id, task.Id, Bo)).Value!;
        Assert.False((await Work.ReopenTaskAsync(id, task.Id, done.Version, Ann, "")).Done);
        var open = (await Work.ReopenTaskAsync(id, task.Id, done.Version, Ann, "nobody answered")).Value!;
        Assert.False(open.Done);
        Assert.Equal(1, (await _house.Incidents.FindAsync(id))!.Summary.TasksOpen);
    }

    [Fact]
    public async Task RemoveEntityAsync_AlertNamesItAgain_StaysOut()
    {
        var id = (await IncidentAsync()).Id;
        var host = new Entity(EntityKind.Host, "web-7");
        Assert.False((await Work.RemoveEntityAsync(id, host, Ann, " ")).Done);
        Assert.True((await Work.RemoveEntityAsync(id, host, Ann, "only a scanner")).Done);
        await _house.TakeAsync(Detections.Of(rule: "r-web-7", host: "web-7", at: TestHouse.Start.AddMinutes(1)));
        var detail = (await _house.Incidents.FindAsync(id))!;
        Assert.Empty(detail.Entities);
        Assert.Equal("only a scanner", Assert.Single(detail.RemovedEntities).Reason);
        Assert.Equal(1, (await Work.AddEntityAsync(id, host, Ann)).Value!.EntityCount);
        Assert.False((await Work.AddEntityAsync(id, host, Ann)).Done);
        Assert.Empty((await _house.Incidents.FindAsync(id))!.RemovedEntities);
    }

    [Fact]
    public async Task LinkAsync_Caused_ReadsTheOtherWayRoundFromThere()
    {
        var (one, two) = ((await IncidentAsync("a-1")).Id, (await IncidentAsync("b-2")).Id);
        Assert.True((await Work.LinkAsync(one, two, IncidentLinkKind.Caused, Ann, "same key")).Done);
        Assert.False((await Work.LinkAsync(two, one, IncidentLinkKind.Related, Ann, "again")).Done);
        Assert.False((await Work.LinkAsync(one, one, IncidentLinkKind.Related, Ann, "itself")).Done);
        Assert.False((await Work.LinkAsync(one, two, IncidentLinkKind.Merged, Ann, "not by hand")).Done);
        Assert.Equal(IncidentLinkKind.CausedBy, Assert.Single((await _house.Incidents.FindAsync(two))!.Related).Kind);
        Assert.True((await Work.UnlinkAsync(two, one, Ann, "it was not")).Done);
        Assert.Empty((await _house.Incidents.FindAsync(one))!.Related);
    }

    [Fact]
    public async Task HandOverAsync_Acknowledged_OwnsFromThenOn()
    {
        var incident = await IncidentAsync();
        var id = incident.Id;
        await _house.Incidents.AddTaskAsync(id, "ring the owner", "cy", Ann);
        incident = (await _house.Incidents.AssignAsync(id, incident.Version, "ann", Ann)).Value!;
        Assert.Equal(RefusalKind.Conflict, (await Work.HandOverAsync(id, incident.Version - 1, "bo", "all quiet", Ann)).Refusal!.Kind);
        var given = (await Work.HandOverAsync(id, incident.Version, "bo", "wait for the vendor", Ann)).Value!;
        Assert.Contains("ring the owner", Assert.Single(given.Tasks), StringComparison.Ordinal);
        Assert.Equal("ann", (await _house.Incidents.FindAsync(id))!.Summary.Owner);
        Assert.Equal(1, await _house.Database.ReadAsync(c => c.Scalar<long>("SELECT count(*) FROM alerting_notices WHERE kind = @p0 AND audience = 'person:bo'", Beacon.Alerting.Notifications.NoticeKind.HandOver)));
        Assert.Equal(RefusalKind.Forbidden, (await Work.AcknowledgeAsync(id, given.Id, "", new Actor("cy"))).Refusal!.Kind);
        Assert.NotNull((await Work.AcknowledgeAsync(id, given.Id, "understood", Bo)).Value!.AcknowledgedAt);
        Assert.False((await Work.AcknowledgeAsync(id, given.Id, "", Bo)).Done);
        Assert.Equal("bo", (await _house.Incidents.FindAsync(id))!.Summary.Owner);
        Assert.True((await _house.Incidents.VerifyTimelineAsync(id)).Intact);
    }

    public void Dispose() => _house.Dispose();
}
