using Beacon.Alerting.Incidents;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Incidents;

public sealed class IncidentListTests : IDisposable
{
    private static readonly Actor Ann = new("ann", [RoleNames.Supervisor, RoleNames.Responder]);
    private readonly TestHouse _house = new();

    public void Dispose() => _house.Dispose();

    private Task<IncidentPage> ListAsync(IncidentQuery query) => _house.Incidents.ListAsync(query, TestContext.Current.CancellationToken);

    private async Task<string[]> HostsAsync(IncidentQuery query) => [.. (await ListAsync(query)).Items.Select(i => i.Title.Split(' ')[^1])];

    private async Task TakeAsync(int many)
    {
        for (var i = 0; i < many; i++)
        {
            await _house.TakeAsync(Detections.Of(rule: "rule-" + i % 3, host: $"h{i:000}", severity: i % 2 == 0 ? Severity.High : Severity.Critical));
            _house.Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task List_PageAfterPage_GivesEachOnceAndTheTrueTotal()
    {
        await TakeAsync(25);
        var seen = new List<long>();
        for (var offset = 0; offset < 25; offset += 10)
        {
            var page = await ListAsync(new IncidentQuery { Order = IncidentOrder.Severity, Offset = offset, Limit = 10 });
            Assert.Equal(25, page.Total);
            seen.AddRange(page.Items.Select(i => i.Id));
        }
        Assert.Equal(25, seen.Distinct().Count());
        Assert.Empty((await ListAsync(new IncidentQuery { Offset = 25 })).Items);
    }

    [Fact]
    public async Task List_EachOrder_IsThatAndItsReverse()
    {
        await TakeAsync(4);
        // Whose it is and how far it has come; the one that was touched last is the newest change.
        var all = (await ListAsync(new IncidentQuery())).Items.ToDictionary(i => i.Title.Split(' ')[^1]);
        await _house.Incidents.AssignAsync(all["h001"].Id, all["h001"].Version, "bob", Ann, cancellation: TestContext.Current.CancellationToken);
        _house.Clock.Advance(TimeSpan.FromSeconds(1));
        await _house.Incidents.AssignAsync(all["h000"].Id, all["h000"].Version, "Ann", Ann, cancellation: TestContext.Current.CancellationToken);
        _house.Clock.Advance(TimeSpan.FromSeconds(1));
        await _house.Incidents.SetStatusAsync(all["h002"].Id, all["h002"].Version, IncidentStatus.Recover, Ann, "contained", TestContext.Current.CancellationToken);
        _house.Clock.Advance(TimeSpan.FromSeconds(1));
        await _house.TakeAsync(Detections.Of(rule: "more", host: "h003"), Detections.Of(rule: "and-more", host: "h003"));

        Assert.Equal(["h003", "h002", "h000", "h001"], await HostsAsync(new IncidentQuery()));
        Assert.Equal(["h003", "h002", "h001", "h000"], await HostsAsync(new IncidentQuery { Order = IncidentOrder.Number }));
        Assert.Equal(["h000", "h001", "h002", "h003"], await HostsAsync(new IncidentQuery { Order = IncidentOrder.Number, Reversed = true }));
        Assert.Equal(["h003", "h001", "h002", "h000"], await HostsAsync(new IncidentQuery { Order = IncidentOrder.Severity }));
        Assert.Equal("h002", (await HostsAsync(new IncidentQuery { Order = IncidentOrder.Status, Reversed = true }))[0]);
        Assert.Equal("h003", (await HostsAsync(new IncidentQuery { Order = IncidentOrder.Alerts }))[0]);
        // Nobody's are last either way.
        Assert.Equal(["h000", "h001", "h003", "h002"], await HostsAsync(new IncidentQuery { Order = IncidentOrder.Owner }));
        Assert.Equal(["h001", "h000", "h003", "h002"], await HostsAsync(new IncidentQuery { Order = IncidentOrder.Owner, Reversed = true }));
        foreach (var order in Enum.GetValues<IncidentOrder>()) Assert.Equal(4, (await HostsAsync(new IncidentQuery { Order = order })).Distinct().Count());
    }

    [Fact]
    public async Task List_Terms_AreAllMetByTextOrByABeginning()
    {
        await TakeAsync(6);
        Assert.Equal(["h003", "h000"], await HostsAsync(new IncidentQuery { Terms = [new("口令", ["Title of rule-0", "Nothing like it"])] }));
        Assert.Equal(["h003"], await HostsAsync(new IncidentQuery { Terms = [new("口令", ["Title of rule-0"]), new("H003", [])] }));
        Assert.Empty(await HostsAsync(new IncidentQuery { Terms = [new("口令", ["of rule-0"])] }));
        Assert.Equal(2, (await ListAsync(new IncidentQuery { Limit = 1, Terms = [new("口令", ["Title of rule-0"])] })).Total);
        // As many as may be asked for, and some more.
        Assert.Equal(6, (await ListAsync(new IncidentQuery { Terms = [new("x", [.. Enumerable.Range(0, IncidentTerm.MostTitles - 1).Select(n => "no " + n), "Title"])] })).Total);
    }
}
