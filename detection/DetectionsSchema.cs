using Beacon.Events;

namespace Beacon.Detections;

/// <summary>Tables of this room in the state database.</summary>
internal static class DetectionsSchema
{
    public static readonly StateSchema Schema = new("detections",
    [
        "CREATE TABLE detection_rule_states(rule_id TEXT PRIMARY KEY, enabled INTEGER NOT NULL, changed BIGINT NOT NULL, changed_by TEXT NOT NULL)",
        "CREATE TABLE detection_rule_counts(rule_id TEXT PRIMARY KEY, matches BIGINT NOT NULL, errors BIGINT NOT NULL, last_match BIGINT, last_error TEXT NOT NULL)",
        // The next window of a scheduled rule; everything before it stands in detection_windows.
        "CREATE TABLE detection_schedules(rule_id TEXT PRIMARY KEY, next_start BIGINT NOT NULL)",
        """
        CREATE TABLE detection_windows(rule_id TEXT NOT NULL, window_start BIGINT NOT NULL, window_end BIGINT NOT NULL, state INTEGER NOT NULL,
            attempt INTEGER NOT NULL, result_rows BIGINT NOT NULL, detections INTEGER NOT NULL, started BIGINT NOT NULL, finished BIGINT, retry_at BIGINT,
            reason TEXT NOT NULL, PRIMARY KEY(rule_id, window_start))
        """,
        "CREATE INDEX detection_windows_by_state ON detection_windows(state, rule_id, window_start)",
        "CREATE INDEX detection_windows_by_end ON detection_windows(window_end)",
        // What correlations remember, in the order in which it was written.
        "CREATE TABLE detection_correlation_journal(id BIGINT PRIMARY KEY, chunk BYTEA NOT NULL)",
    ]);
}
