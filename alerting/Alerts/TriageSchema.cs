using Beacon.Events;

namespace Beacon.Alerting.Alerts;

/// <summary>What triage adds to alerts: exceptions, entity risk, causes, and the indices that keep a million open alerts quick. Steps are never edited after a release.</summary>
internal static class TriageSchema
{
    public static StateSchema Schema { get; } = new("alerting-triage",
    [
        """
        ALTER TABLE alerting_alerts ADD COLUMN cause INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE alerting_alerts ADD COLUMN risk_points INTEGER NOT NULL DEFAULT 0;

        CREATE INDEX alerting_alerts_open_order ON alerting_alerts(score DESC, last_seen DESC, id DESC, severity) WHERE status <> 3;
        CREATE INDEX alerting_alerts_open_seen ON alerting_alerts(last_seen DESC, id DESC) WHERE status <> 3;
        CREATE INDEX alerting_alerts_open_severity ON alerting_alerts(severity, status) WHERE status <> 3;
        CREATE INDEX alerting_alerts_open_rule ON alerting_alerts(rule_id, score DESC, last_seen DESC, id DESC) WHERE status <> 3;
        CREATE INDEX alerting_alerts_open_owner ON alerting_alerts(owner, score DESC, last_seen DESC, id DESC) WHERE status <> 3 AND owner IS NOT NULL;
        CREATE INDEX alerting_alerts_entity_name ON alerting_alerts(lower(entity), entity_kind);
        CREATE INDEX alerting_alerts_ended ON alerting_alerts(rule_id, disposition, cause) WHERE status = 3;
        CREATE INDEX alerting_alerts_load ON alerting_alerts(created_at, severity, rule_id, owner);

        CREATE TABLE alerting_exceptions(
            id BIGINT PRIMARY KEY, version INTEGER NOT NULL, kind INTEGER NOT NULL, rule_id TEXT, conditions TEXT NOT NULL, owner TEXT NOT NULL, reason TEXT NOT NULL,
            created_by TEXT NOT NULL, created_at BIGINT NOT NULL, starts_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, ended_at BIGINT, ended_by TEXT,
            hidden BIGINT NOT NULL, last_hidden BIGINT);
        CREATE INDEX alerting_exceptions_expiry ON alerting_exceptions(expires_at) WHERE ended_at IS NULL;
        CREATE INDEX alerting_exceptions_rule ON alerting_exceptions(rule_id);

        CREATE TABLE alerting_hidden(
            exception_id BIGINT NOT NULL, ordinal BIGINT NOT NULL, detection_id TEXT NOT NULL, rule_id TEXT NOT NULL, rule_title TEXT NOT NULL, severity INTEGER NOT NULL,
            entity_kind INTEGER NOT NULL, entity TEXT NOT NULL, at BIGINT NOT NULL, hidden_at BIGINT NOT NULL, summary TEXT NOT NULL, event_id TEXT, PRIMARY KEY(exception_id, ordinal));
        CREATE INDEX alerting_hidden_at ON alerting_hidden(hidden_at);

        CREATE TABLE alerting_risk(
            entity_key TEXT PRIMARY KEY, entity_kind INTEGER NOT NULL, entity TEXT NOT NULL, asset_id TEXT, asset_name TEXT, importance INTEGER NOT NULL,
            points DOUBLE PRECISION NOT NULL, at BIGINT NOT NULL, rank DOUBLE PRECISION NOT NULL);
        CREATE INDEX alerting_risk_rank ON alerting_risk(rank);

        CREATE TABLE alerting_risk_parts(
            entity_key TEXT NOT NULL, alert_id BIGINT NOT NULL, rule_title TEXT NOT NULL, severity INTEGER NOT NULL, points DOUBLE PRECISION NOT NULL, at BIGINT NOT NULL,
            PRIMARY KEY(entity_key, alert_id));
        CREATE INDEX alerting_risk_parts_alert ON alerting_risk_parts(alert_id);
        CREATE INDEX alerting_risk_parts_at ON alerting_risk_parts(entity_key, at);
        """,
    ]);
}
