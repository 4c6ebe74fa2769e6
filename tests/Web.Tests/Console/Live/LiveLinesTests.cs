using Beacon.Alerting.Alerts;
using Beacon.Events;
using Beacon.Web.Console.Pages.Live;

namespace Beacon.Web.Tests.Console.Live;

public sealed class LiveLinesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly HashSet<string> Closed = [];

    [Fact]
    public void Of_ManyAlikeNobodyHas_StandAsOneLineAtTheMostUrgent()
    {
        var alerts = new[] { Alert(1, "a", 90) }.Concat(Enumerable.Range(2, 5).Select(i => Alert(i, "scan", 60))).Append(Alert(9, "b", 55)).ToList();
        var lines = LiveLines.Of(alerts, Closed, gather: true);
        Assert.Equal(["a1", "f:ThisHour:scan", "a9"], lines.Select(l => l.Key));
        Assert.Equal([UrgencyBand.ActNow, UrgencyBand.ThisHour, null], lines.Select(l => l.Band));
        Assert.Equal(5, lines[1].Flood!.Alerts.Count);
    }

    [Fact]
    public void Of_OpenedFlood_ShowsItsAlertsBelow()
    {
        var lines = LiveLines.Of([.. Enumerable.Range(1, 5).Select(i => Alert(i, "scan", 60))], new HashSet<string> { "f:ThisHour:scan" }, gather: true);
        Assert.Equal(6, lines.Count);
        Assert.True(lines[0].Flood!.Open);
        Assert.All(lines.Skip(1), l => Assert.True(l.Inside));
    }

    [Fact]
    public void Of_AlikeButTakenOrFew_StandByThemselves()
    {
        var taken = Enumerable.Range(1, 6).Select(i => Alert(i, "scan", 60) with { Owner = "ann", Status = AlertStatus.Acknowledged }).ToList();
        Assert.All(LiveLines.Of(taken, Closed, gather: true), l => Assert.Null(l.Flood));
        Assert.All(LiveLines.Of([.. Enumerable.Range(1, 4).Select(i => Alert(i, "scan", 60))], Closed, gather: true), l => Assert.Null(l.Flood));
        Assert.All(LiveLines.Of([.. Enumerable.Range(1, 9).Select(i => Alert(i, "scan", 60))], Closed, gather: false), l => Assert.Null(l.Flood));
    }

    [Fact]
    public void WindowFrom_EndOfOneRowLines_BeginsAtTheirHeader()
    {
        // Two of this hour, each of its own height; then this shift, one row each, a flood among them.
        var lines = LiveLines.Of([Alert(1, "a", 60), Alert(2, "b", 60), Alert(3, "c", 10), .. Enumerable.Range(4, 5).Select(i => Alert(i, "scan", 10)), Alert(9, "d", 10)], Closed, gather: true);
        Assert.Equal(5, lines.Count);
        Assert.Equal(2, LiveLines.WindowFrom(lines));
        Assert.NotNull(lines[2].Band);
        Assert.All(lines.Skip(2), l => Assert.True(LiveLines.IsOneRow(l)));
        Assert.Equal(0, LiveLines.WindowFrom([.. lines.Skip(2)]));
        Assert.Equal(2, LiveLines.WindowFrom([.. lines.Take(2)]));
        Assert.Equal(0, LiveLines.WindowFrom([]));
    }

    [Fact]
    public void Chattering_ThreeOfARuleInAMinute_NamesTheRule()
    {
        List<AlertSummary> alerts = [Alert(1, "a", 60), Alert(2, "a", 60) with { CreatedAt = Noon.AddSeconds(20) }, Alert(3, "a", 60) with { CreatedAt = Noon.AddSeconds(59) }, Alert(4, "b", 60), Alert(5, "b", 60), Alert(6, "b", 60) with { CreatedAt = Noon.AddSeconds(61) }];
        Assert.Equal(["a"], LiveLines.Chattering(alerts));
    }

    [Fact]
    public void Picked_RangeToggleAndGroup_MarkWhatIsShown()
    {
        var picked = new Picked();
        long[] shown = [5, 3, 9, 7];
        picked.Toggle(3);
        picked.Range(shown, 7);
        Assert.Equal([3, 7, 9], picked.Ids.Order());
        picked.Toggle(9);
        Assert.False(picked.Has(9));
        picked.All(shown);
        Assert.Equal(4, picked.Count);
        picked.All(shown);
        Assert.Equal(0, picked.Count);
        picked.Range(shown, 42);
        Assert.Equal(0, picked.Count);
        picked.Range(shown, 9);
        picked.Keep([5]);
        Assert.Equal(0, picked.Count);
    }

    private static AlertSummary Alert(long id, string rule, int score) => new()
    {
        Id = id, Number = "A-" + id, Version = 1, RuleId = rule, RuleTitle = rule, RuleKind = "sigma", Entity = Entity.Of(EntityKind.Host, "h" + id), Title = rule, Severity = Severity.High, Status = AlertStatus.New,
        Urgency = new Urgency(score, Urgency.BandOf(score), null, []), Count = 1, FirstSeen = Noon, LastSeen = Noon, LastReceived = Noon, CreatedAt = Noon, UpdatedAt = Noon,
    };
}
