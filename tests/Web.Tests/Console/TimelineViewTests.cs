using Beacon.Alerting.Incidents;
using Beacon.Web.Console.Pages.Incidents;

namespace Beacon.Web.Tests.Console;

public sealed class TimelineViewTests
{
    private readonly List<TimelineEntry> _kept = [];
    private readonly TimelineView _view = new();
    private int _asked;

    [Fact]
    public async Task FollowAsync_FirstTime_ReadsTheNewestPartNewestFirst()
    {
        Add(TimelineView.Most + 250);

        Assert.True(await FollowAsync());

        Assert.Equal(TimelineView.Most, _view.Entries.Count);
        Assert.Equal(TimelineView.Most + 250, _view.Last);
        Assert.Equal(250, _view.Before);
        Assert.Equal(_view.Entries.Select(e => e.Sequence).OrderDescending(), _view.Entries.Select(e => e.Sequence));
    }

    [Fact]
    public async Task FollowAsync_Again_ReadsOnlyWhatIsNew()
    {
        Add(40);
        await FollowAsync();
        _asked = 0;

        Assert.False(await FollowAsync());
        Add(3);
        Assert.True(await FollowAsync());

        Assert.Equal(43, _view.Entries.Count);
        Assert.Equal([43, 42, 41, 40], _view.Entries.Take(4).Select(e => e.Sequence));
        Assert.Equal(3, _asked);
    }

    [Fact]
    public async Task EarlierAsync_PartByPart_ReachesTheBeginningWithoutGapOrCopy()
    {
        Add(TimelineView.Most + 1_250);
        await FollowAsync();

        await _view.EarlierAsync(Read);
        Assert.Equal(250, _view.Before);
        await _view.EarlierAsync(Read);
        await _view.EarlierAsync(Read);

        Assert.Equal(0, _view.Before);
        Assert.Equal(Enumerable.Range(1, TimelineView.Most + 1_250).Reverse().Select(i => (long)i), _view.Entries.Select(e => e.Sequence));
    }

    [Theory]
    [InlineData("all", "", 5)]
    [InlineData("facts", "", 2)]
    [InlineData("people", "", 1)]
    [InlineData("steps", "", 1)]
    [InlineData("evidence", "", 1)]
    [InlineData("all", "BAS-01", 1)]
    [InlineData("facts", "wei", 0)]
    [InlineData("nonsense", "", 5)]
    public async Task Filter_GroupAndWords_ShowsThose(string group, string words, int count)
    {
        foreach (var (kind, actor, text) in new[] { (TimelineKind.Alert, "Beacon", "login on bas-01"), (TimelineKind.Warning, "Beacon", "orange"), (TimelineKind.Comment, "wei", "seen"), (TimelineKind.Playbook, "wei", "step 1"), (TimelineKind.Custody, "wei", "looked at") })
            _kept.Add(Entry(_kept.Count + 1, kind, actor, text));
        await FollowAsync();

        Assert.Equal(count, _view.Filter(group, words, e => e.Text).Count);
    }

    [Fact]
    public async Task Filter_EveryKind_IsInOneGroupBesideAll()
    {
        foreach (var kind in Enum.GetValues<TimelineKind>()) _kept.Add(Entry(_kept.Count + 1, kind, "wei", "x"));
        await FollowAsync();
        Assert.Equal(_kept.Count, TimelineView.Groups.Where(g => g != "all").Sum(g => _view.Filter(g, "", e => e.Text).Count));
    }

    private Task<bool> FollowAsync() => _view.FollowAsync(() => Task.FromResult((long)_kept.Count), Read);

    private Task<IReadOnlyList<TimelineEntry>> Read(long after, int limit)
    {
        _asked++;
        return Task.FromResult<IReadOnlyList<TimelineEntry>>([.. _kept.Where(e => e.Sequence > after).Take(limit)]);
    }

    private void Add(int count)
    {
        for (var i = 0; i < count; i++) _kept.Add(Entry(_kept.Count + 1, TimelineKind.Alert, "Beacon", "alert"));
    }

    private static TimelineEntry Entry(long sequence, TimelineKind kind, string actor, string text) => new(sequence, default, default, kind, actor, text, "", "", "");
}
