using System.Data.Common;
using System.Globalization;
using Beacon.Events;

namespace Beacon.Alerting.Alerts;

/// <summary>Finds alerts by the events that they keep.</summary>
internal static class EventAlerts
{
    /// <param name="events">1 to <see cref="EventAlert.MaxEvents"/>.</param>
    public static List<EventAlert> Read(DbConnection c, IReadOnlyList<string> events)
    {
        var places = string.Join(',', Enumerable.Range(0, events.Count).Select(n => "@p" + n.ToString(CultureInfo.InvariantCulture)));
        return c.Query(
            $"""
            SELECT DISTINCT e.event_id, a.id, a.title, a.severity, a.status, a.incident_id, a.incident_number FROM alerting_evidence e JOIN alerting_alerts a ON a.id = e.alert_id
            WHERE e.event_id IN ({places}) ORDER BY a.severity DESC, a.id DESC LIMIT {EventAlert.MaxAlerts}
            """,
            r => new EventAlert(r.GetString(0), r.GetInt64(1), string.Create(CultureInfo.InvariantCulture, $"A-{r.GetInt64(1)}"), r.GetString(2), (Severity)r.GetInt32(3), (AlertStatus)r.GetInt32(4),
                r.IsDBNull(5) ? null : r.GetInt64(5), r.TextOrNull(6)), [.. events]);
    }
}

/// <summary>Which event each evidence is. Steps are never edited after a release.</summary>
internal static class EventAlertSchema
{
    // A start is not held up by a history of years: of what was kept before, the newest alerts' are learnt.
    private const string Newest = "alert_id > (SELECT coalesce(max(id), 0) - 20000 FROM alerting_alerts)";

    public static StateSchema Schema { get; } = new("alerting-event-alerts", [Step("json_extract(detection, '$.eventId')")]) { OnPostgres = [Step("detection::json ->> 'eventId'")] };

    private static string Step(string eventOf) =>
        $"""
        ALTER TABLE alerting_evidence ADD COLUMN event_id TEXT;
        UPDATE alerting_evidence SET event_id = {eventOf} WHERE {Newest};
        CREATE INDEX alerting_evidence_event ON alerting_evidence(event_id) WHERE event_id IS NOT NULL;
        """;
}
