using Beacon.Events;

namespace Beacon.Alerting.Clocks;

/// <summary>Tables of statutory clocks. Steps are never edited after a release.</summary>
internal static class ClockSchema
{
    public static StateSchema Schema { get; } = new("alerting-clocks",
    [
        """
        CREATE TABLE alerting_clock_rules(
            version INTEGER PRIMARY KEY, document TEXT NOT NULL, changed_by TEXT NOT NULL, changed_at BIGINT NOT NULL, reason TEXT NOT NULL);

        CREATE TABLE alerting_awareness(incident_id BIGINT PRIMARY KEY, at BIGINT NOT NULL, actor TEXT NOT NULL, why TEXT NOT NULL, recorded_at BIGINT NOT NULL);

        CREATE TABLE alerting_clocks(
            id BIGINT PRIMARY KEY, version INTEGER NOT NULL, incident_id BIGINT NOT NULL, incident_number TEXT NOT NULL, regime TEXT NOT NULL, report TEXT NOT NULL,
            definition TEXT NOT NULL, basis INTEGER NOT NULL, state INTEGER NOT NULL, aware_at BIGINT NOT NULL, starts_at BIGINT, due_at BIGINT, told INTEGER NOT NULL, next_at BIGINT,
            sent_at BIGINT, sent_by TEXT, reference TEXT NOT NULL, note TEXT NOT NULL, rules_version INTEGER NOT NULL, sent_text TEXT, UNIQUE(incident_id, regime, report));
        CREATE INDEX alerting_clocks_next ON alerting_clocks(next_at) WHERE next_at IS NOT NULL;
        CREATE INDEX alerting_clocks_state ON alerting_clocks(state, due_at);
        CREATE INDEX alerting_clocks_basis ON alerting_clocks(basis, state);
        """,
    ]);
}
