using Beacon.Alerting.Alerts;
using Beacon.Collectors.Pipeline;
using Beacon.Collectors.Sources;
using Beacon.Events;

namespace Beacon.Web.Console.Pages.Sources;

/// <summary>What the page knows: read anew when the address changes, and with the clock.</summary>
public partial class Sources
{
    private async Task LoadAsync()
    {
        var now = Viewer.Now;
        var totals = await Ledger.TotalsAsync(new TimeRange(now.AddDays(-1), now.AddMinutes(1)), CancellationToken.None);
        var recent = (await Ledger.MinutesAsync(null, new TimeRange(now.AddMinutes(-30), now.AddMinutes(1)), CancellationToken.None)).ToLookup(r => r.Source);
        var activity = Activity.Sources.ToDictionary(s => s.Id);
        var statuses = Service.Statuses.ToDictionary(s => s.Definition.Id);
        _rows = [.. statuses.Keys.Union(totals.Keys).Union(activity.Keys).Select(id => SourceRow.Of(id, statuses.GetValueOrDefault(id), activity.GetValueOrDefault(id), totals.GetValueOrDefault(id), recent[id], now))
            .OrderBy(r => r.Mark).ThenByDescending(r => r.Counts.Received).ThenBy(r => r.Id, StringComparer.Ordinal)];
        _sum = totals.Values.Aggregate(default(LedgerCounts), LedgerCounts.Add);
        _status = await Store.StatusAsync(CancellationToken.None);
        if (Service.Statuses.FirstOrDefault(s => s.Definition.Kind == "syslog-tcp")?.Endpoint is { Length: > 0 } endpoint) _port = endpoint[(endpoint.LastIndexOf(':') + 1)..];
        if (Current is { } row) await LoadPickedAsync(row, now);
    }

    private async Task LoadPickedAsync(SourceRow row, DateTimeOffset now)
    {
        _hours = await Ledger.HoursAsync(row.Id, new TimeRange(now.AddDays(-15), now.AddMinutes(1)), CancellationToken.None);
        _recent = [.. (await Ledger.MinutesAsync(row.Id, new TimeRange(now.AddHours(-1), now.AddMinutes(1)), CancellationToken.None)).Reverse().Take(15)];
        _held = (await Quarantine.ListAsync(row.Id, null, 1_000, CancellationToken.None)).Count;
        _clockOff = await ClockAsync(row);
        (_silence, _alert) = (null, null);
        if (!row.IsQuiet) return;
        IReadOnlyList<LedgerRow> ending = row.Last is { } last ? await Ledger.MinutesAsync(row.Id, new TimeRange(last.AddMinutes(-75), last.AddMinutes(1)), CancellationToken.None) : [];
        _silence = SilenceReading.Of(row.Activity ?? new SourceActivity(row.Id, row.Name, null, null, null, 0), row.Status, Activity.Sources, _hours, ending, _clockOff, now);
        _alert = (await Alerts.ListAsync(new AlertQuery { Text = row.Id, Limit = 50 }, CancellationToken.None)).Items.FirstOrDefault(a => a.RuleKind == "silent-source" && a.Entity.Value == row.Id)?.Id;
    }

    private async Task<TimeSpan?> ClockAsync(SourceRow row)
    {
        if (row.Last is not { } last) return null;
        if (_clockOf == (row.Id, last)) return _clockOff;
        _clockOf = (row.Id, last);
        try
        {
            var page = await Store.SearchAsync(new EventQuery { Filter = EventFilter.Equal("beacon.source", row.Id), Range = TimeRange.Unbounded, Limit = 1 }, CancellationToken.None);
            return page.Events is [{ } newest] && newest.Timestamp != newest.Received ? newest.Timestamp - newest.Received : null;
        }
        catch (EventQueryException)
        {
            return null;
        }
    }
}
