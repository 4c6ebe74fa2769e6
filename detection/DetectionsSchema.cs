using Beacon.Events;

namespace Beacon.Detections;

/// <summary>Tables of this room in the state database.</summary>
internal static class DetectionsSchema
{
    /// <summary>What correlations remember follows the events of a node's own spool. Alone, it is the table that has always been there.</summary>
    public static readonly StateSchema NodeSchema = new("correlations", ["CREATE TABLE IF NOT EXISTS detection_correlation_journal(id BIGINT PRIMARY KEY, chunk BYTEA NOT NULL)"]) { PerNode = true };

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
        // The ledger with leases and revisions. A window that was running is taken over at once: its lease has ended.
        """
        CREATE TABLE detection_ledger(rule_id TEXT NOT NULL, window_start BIGINT NOT NULL, revision INTEGER NOT NULL, window_end BIGINT NOT NULL, windows BIGINT NOT NULL,
            state INTEGER NOT NULL, attempt INTEGER NOT NULL, token BIGINT NOT NULL, node TEXT NOT NULL, process TEXT NOT NULL, lease_until BIGINT NOT NULL,
            new_since BIGINT, seen_up_to BIGINT NOT NULL, result_rows BIGINT NOT NULL, detections INTEGER NOT NULL, suppressed INTEGER NOT NULL,
            started BIGINT NOT NULL, finished BIGINT, took BIGINT NOT NULL, retry_at BIGINT, reason TEXT NOT NULL, PRIMARY KEY(rule_id, window_start, revision));
        INSERT INTO detection_ledger SELECT rule_id, window_start, 0, window_end, 1, state, attempt, attempt, '', '', 0, CAST(NULL AS BIGINT), started, result_rows, detections, 0, started, finished,
            coalesce(finished - started, 0), CASE WHEN state = 2 THEN coalesce(retry_at, 0) END, reason FROM detection_windows;
        DROP TABLE detection_windows;
        CREATE INDEX detection_ledger_by_state ON detection_ledger(state, window_start);
        CREATE INDEX detection_ledger_by_end ON detection_ledger(window_end);
        ALTER TABLE detection_schedules ADD COLUMN title TEXT NOT NULL DEFAULT '';
        ALTER TABLE detection_schedules ADD COLUMN step BIGINT NOT NULL DEFAULT 60000000;
        ALTER TABLE detection_schedules ADD COLUMN span BIGINT NOT NULL DEFAULT 60000000;
        ALTER TABLE detection_schedules ADD COLUMN state INTEGER NOT NULL DEFAULT 0;
        """,
        // Spans of windows to be made up (kind 0) or looked at again for late events (kind 1), from next_start on.
        "CREATE TABLE detection_backlog(id BIGINT PRIMARY KEY, rule_id TEXT NOT NULL, kind INTEGER NOT NULL, next_start BIGINT NOT NULL, end_start BIGINT NOT NULL, new_since BIGINT, reason TEXT NOT NULL)",
        "CREATE INDEX detection_backlog_by_start ON detection_backlog(next_start)",
        "CREATE TABLE detection_nodes(node TEXT PRIMARY KEY, complete_up_to BIGINT NOT NULL, heard BIGINT NOT NULL)",
        "CREATE TABLE detection_late_looks(name TEXT PRIMARY KEY, looked_up_to BIGINT NOT NULL, rewound_from BIGINT)",
        "CREATE TABLE detection_suppressions(rule_id TEXT NOT NULL, suppression_key TEXT NOT NULL, since BIGINT NOT NULL, until BIGINT NOT NULL, PRIMARY KEY(rule_id, suppression_key))",
        "CREATE INDEX detection_suppressions_by_until ON detection_suppressions(rule_id, until)",
        // Indicators by node and file; "added" is when a value came first, and "seen" the number of the last reading of its file that had it.
        "CREATE TABLE detection_indicators(node TEXT NOT NULL, source TEXT NOT NULL, kind INTEGER NOT NULL, value TEXT NOT NULL, name TEXT NOT NULL, reference TEXT NOT NULL, valid_until BIGINT, added BIGINT NOT NULL, seen BIGINT NOT NULL, PRIMARY KEY(node, source, kind, value))",
        "CREATE TABLE detection_indicator_files(node TEXT NOT NULL, source TEXT NOT NULL, fingerprint TEXT NOT NULL, PRIMARY KEY(node, source))",
        "CREATE TABLE detection_indicator_version(id INTEGER PRIMARY KEY, version BIGINT NOT NULL)",
        // Stages of rules: what was on is live (3), what was switched off is retired (4).
        """
        ALTER TABLE detection_rule_states ADD COLUMN stage INTEGER NOT NULL DEFAULT 3;
        UPDATE detection_rule_states SET stage = 4 WHERE enabled = 0;
        ALTER TABLE detection_rule_states DROP COLUMN enabled;
        """,
        "CREATE TABLE detection_rule_moves(rule_id TEXT NOT NULL, number BIGINT NOT NULL, from_stage INTEGER NOT NULL, to_stage INTEGER NOT NULL, at BIGINT NOT NULL, by_whom TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY(rule_id, number))",
        // What rules found by day (since 1970), live or staged, and the newest of what staged ones would have raised.
        "CREATE TABLE detection_rule_days(rule_id TEXT NOT NULL, day INTEGER NOT NULL, staged INTEGER NOT NULL, found BIGINT NOT NULL, PRIMARY KEY(rule_id, day, staged))",
        "CREATE INDEX detection_rule_days_by_day ON detection_rule_days(day)",
        "CREATE TABLE detection_rule_examples(rule_id TEXT NOT NULL, number BIGINT NOT NULL, at BIGINT NOT NULL, entity TEXT NOT NULL, summary TEXT NOT NULL, event_id TEXT NOT NULL, PRIMARY KEY(rule_id, number))",
        "CREATE TABLE detection_rule_versions(rule_id TEXT NOT NULL, number BIGINT NOT NULL, at BIGINT NOT NULL, by_whom TEXT NOT NULL, reason TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY(rule_id, number))",
        // When a text of a rule was last tried, and how: kind 0 over its cases, 1 over stored events.
        "CREATE TABLE detection_rule_trials(rule_id TEXT NOT NULL, kind INTEGER NOT NULL, text_hash TEXT NOT NULL, at BIGINT NOT NULL, by_whom TEXT NOT NULL, passed INTEGER NOT NULL, result TEXT NOT NULL, PRIMARY KEY(rule_id, kind))",
        // Texts that still have faults: kept for who writes them, and never loaded.
        "CREATE TABLE detection_rule_unfinished(id TEXT PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL, at BIGINT NOT NULL, by_whom TEXT NOT NULL)",
    ]);
}
