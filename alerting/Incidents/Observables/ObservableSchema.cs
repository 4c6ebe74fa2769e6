using Beacon.Events;

namespace Beacon.Alerting.Incidents.Observables;

/// <summary>Tables of observables. Steps are never edited after a release.</summary>
internal static class ObservableSchema
{
    public static StateSchema Schema { get; } = new("alerting-observables",
    [
        """
        CREATE TABLE alerting_observables(
            id BIGINT PRIMARY KEY, version INTEGER NOT NULL, incident_id BIGINT NOT NULL, kind INTEGER NOT NULL, value TEXT NOT NULL, source TEXT NOT NULL, first_at BIGINT NOT NULL,
            mark INTEGER NOT NULL, marked_by TEXT, reason TEXT NOT NULL, UNIQUE(incident_id, kind, value));
        CREATE INDEX alerting_observables_value ON alerting_observables(value);

        CREATE TABLE alerting_observable_progress(incident_id BIGINT PRIMARY KEY, version INTEGER NOT NULL, sequence BIGINT NOT NULL, evidence BIGINT NOT NULL, alerts BIGINT NOT NULL);
        """,
    ]);
}
