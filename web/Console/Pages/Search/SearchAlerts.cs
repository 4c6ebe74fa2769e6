using Beacon.Alerting.Alerts;
using Beacon.Events;

namespace Beacon.Web.Console.Pages.Search;

/// <summary>Which of the events that were found an alert keeps as evidence. It holds as much as the table it stands beside.</summary>
public sealed class SearchAlerts(IAlertService alerts)
{
    private readonly Dictionary<SecurityEventId, IReadOnlyList<EventAlert>> _of = [];

    /// <summary>True where any of them does.</summary>
    public bool Any => _of.Count > 0;

    /// <summary>The alerts of an event, gravest first.</summary>
    public IReadOnlyList<EventAlert> Of(SecurityEventId id) => _of.GetValueOrDefault(id) ?? [];

    public void Clear() => _of.Clear();

    /// <summary>Asks about these; what is known of others stays.</summary>
    public async Task ReadAsync(IEnumerable<SecurityEventId> events, CancellationToken cancellation = default)
    {
        foreach (var part in events.Distinct().Chunk(EventAlert.MaxEvents))
        {
            var found = (await alerts.OfEventsAsync([.. part.Select(id => id.ToString())], cancellation)).ToLookup(a => a.EventId, StringComparer.Ordinal);
            foreach (var id in part)
                if (found[id.ToString()].ToList() is { Count: > 0 } its) _of[id] = its;
                else _of.Remove(id);
        }
    }
}
