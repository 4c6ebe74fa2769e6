using Beacon.Alerting.Alerts;

namespace Beacon.Web.Console.Pages.Live;

/// <summary>What stands in the list: read by its filter, arranged in lines, and brought up to date in place while a hand is on it.</summary>
internal sealed class LiveBoard(IAlertService alerts)
{
    private readonly HashSet<string> _open = [];
    private long _total;
    private int _asked;

    /// <summary>Null until it was read for the first time.</summary>
    public IReadOnlyList<AlertSummary>? Items { get; private set; }
    public IReadOnlyList<LiveLine>? Lines { get; private set; }
    public IReadOnlySet<string> Chattering { get; private set; } = new HashSet<string>();
    public AlertCounts? Counts { get; private set; }

    /// <summary>There may be more of them than that.</summary>
    public bool AtLeast { get; private set; }

    /// <summary>Alerts that came while the rows stayed put.</summary>
    public int Waiting { get; private set; }

    /// <summary>Alerts of the filter that are not in the list.</summary>
    public long More => _total - (Items?.Count ?? 0);

    /// <summary>Reads the list anew; an answer that a later question overtook is dropped.</summary>
    public async Task LoadAsync(LiveFilter filter, string person)
    {
        var asked = ++_asked;
        var page = await alerts.ListAsync(filter.ToQuery(person));
        var counts = await alerts.CountAsync(person);
        if (asked != _asked) return;
        (Items, _total, AtLeast, Waiting, Counts) = (page.Items, page.Total, page.AtLeast, 0, counts);
        if (filter.Tab == LiveFilter.Needs) Items = [.. page.Items.OrderByDescending(a => a.Urgency.Band).ThenByDescending(a => a.Urgency.Score).ThenByDescending(a => a.LastSeen)];
        Arrange(filter);
    }

    /// <summary>Rows stay where they are and say what is so now; what is new is counted.</summary>
    public async Task UpdateInPlaceAsync(LiveFilter filter, string person)
    {
        var fresh = (await alerts.ListAsync(filter.ToQuery(person))).Items.ToDictionary(a => a.Id);
        Items = [.. Items!.Select(a => fresh.TryGetValue(a.Id, out var now) ? now with { Urgency = now.Urgency with { Band = a.Urgency.Band } } : a)];
        Waiting = fresh.Keys.Except(Items.Select(a => a.Id)).Count();
        Counts = await alerts.CountAsync(person);
        Arrange(filter);
    }

    /// <summary>Opens a flood, or closes it.</summary>
    public void Turn(string flood, LiveFilter filter)
    {
        if (!_open.Remove(flood)) _open.Add(flood);
        Arrange(filter);
    }

    private void Arrange(LiveFilter filter)
    {
        Lines = LiveLines.Of(Items!, _open, filter is { Tab: LiveFilter.Needs, Rule: null });
        Chattering = LiveLines.Chattering(Items!);
    }
}
