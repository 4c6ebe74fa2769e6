using Beacon.Events;

namespace Beacon.Alerting;

/// <summary>Tables of this room. Steps are never edited after a release.</summary>
internal static class AlertingSchema
{
    public static StateSchema Schema { get; } = new("alerting",
    [
        """
        CREATE TABLE alerting_counters(name TEXT PRIMARY KEY, value BIGINT NOT NULL);

        CREATE TABLE alerting_seen(id TEXT PRIMARY KEY, at BIGINT NOT NULL);
        CREATE INDEX alerting_seen_at ON alerting_seen(at);

        CREATE TABLE alerting_alerts(
            id BIGINT PRIMARY KEY, version INTEGER NOT NULL,
            rule_id TEXT NOT NULL, rule_title TEXT NOT NULL, rule_kind TEXT NOT NULL, rule_description TEXT NOT NULL,
            false_positives TEXT NOT NULL, tags TEXT NOT NULL,
            entity_kind INTEGER NOT NULL, entity TEXT NOT NULL, entity_key TEXT NOT NULL,
            title TEXT NOT NULL, severity INTEGER NOT NULL, status INTEGER NOT NULL,
            score INTEGER NOT NULL, confidence INTEGER NOT NULL, age_points INTEGER NOT NULL,
            detections BIGINT NOT NULL, first_seen BIGINT NOT NULL, last_seen BIGINT NOT NULL,
            first_received BIGINT NOT NULL, last_received BIGINT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
            owner TEXT, disposition INTEGER NOT NULL, shelved_until BIGINT, shelved_reason TEXT,
            asset_id TEXT, asset_name TEXT, importance INTEGER NOT NULL,
            incident_id BIGINT, incident_number TEXT);
        CREATE INDEX alerting_alerts_group ON alerting_alerts(rule_id, entity_key, last_seen);
        CREATE INDEX alerting_alerts_open ON alerting_alerts(score, last_seen) WHERE status <> 3;
        CREATE INDEX alerting_alerts_seen ON alerting_alerts(last_seen);
        CREATE INDEX alerting_alerts_created ON alerting_alerts(created_at);
        CREATE INDEX alerting_alerts_entity ON alerting_alerts(entity_key, last_seen);
        CREATE INDEX alerting_alerts_incident ON alerting_alerts(incident_id);
        CREATE INDEX alerting_alerts_asset ON alerting_alerts(asset_id);
        CREATE INDEX alerting_alerts_aging ON alerting_alerts(age_points) WHERE status <> 3 AND age_points > 0;
        CREATE INDEX alerting_alerts_shelved ON alerting_alerts(shelved_until) WHERE shelved_until IS NOT NULL;

        CREATE TABLE alerting_alert_entities(
            alert_id BIGINT NOT NULL, entity_key TEXT NOT NULL, entity_kind INTEGER NOT NULL, entity TEXT NOT NULL,
            last_seen BIGINT NOT NULL, PRIMARY KEY(alert_id, entity_key));
        CREATE INDEX alerting_alert_entities_key ON alerting_alert_entities(entity_key, last_seen);

        CREATE TABLE alerting_evidence(alert_id BIGINT NOT NULL, ordinal BIGINT NOT NULL, detection TEXT NOT NULL, PRIMARY KEY(alert_id, ordinal));

        CREATE TABLE alerting_alert_operations(
            id BIGINT PRIMARY KEY, alert_id BIGINT NOT NULL, action TEXT NOT NULL, actor TEXT NOT NULL, reason TEXT NOT NULL,
            at BIGINT NOT NULL, before_state TEXT NOT NULL, undone INTEGER NOT NULL);
        CREATE INDEX alerting_alert_operations_alert ON alerting_alert_operations(alert_id, id);

        CREATE TABLE alerting_incidents(
            id BIGINT PRIMARY KEY, version INTEGER NOT NULL, number TEXT NOT NULL UNIQUE, title TEXT NOT NULL, named INTEGER NOT NULL,
            severity INTEGER NOT NULL, status INTEGER NOT NULL, owner TEXT,
            started_at BIGINT NOT NULL, opened_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, closed_at BIGINT,
            active_at BIGINT NOT NULL, alerts INTEGER NOT NULL, warning_id BIGINT);
        CREATE INDEX alerting_incidents_open ON alerting_incidents(status, updated_at);

        CREATE TABLE alerting_incident_entities(
            incident_id BIGINT NOT NULL, entity_key TEXT NOT NULL, entity_kind INTEGER NOT NULL, entity TEXT NOT NULL,
            asset_id TEXT, asset_name TEXT, importance INTEGER NOT NULL,
            first_seen BIGINT NOT NULL, last_seen BIGINT NOT NULL, PRIMARY KEY(incident_id, entity_key));
        CREATE INDEX alerting_incident_entities_key ON alerting_incident_entities(entity_key);

        CREATE TABLE alerting_timeline(
            incident_id BIGINT NOT NULL, sequence BIGINT NOT NULL, at BIGINT NOT NULL, recorded_at BIGINT NOT NULL, kind INTEGER NOT NULL,
            actor TEXT NOT NULL, text TEXT NOT NULL, reference TEXT NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL,
            PRIMARY KEY(incident_id, sequence));

        CREATE TABLE alerting_tasks(
            id BIGINT PRIMARY KEY, incident_id BIGINT NOT NULL, text TEXT NOT NULL, assignee TEXT,
            created_by TEXT NOT NULL, created_at BIGINT NOT NULL, done_by TEXT, done_at BIGINT);
        CREATE INDEX alerting_tasks_incident ON alerting_tasks(incident_id);

        CREATE TABLE alerting_warnings(
            id BIGINT PRIMARY KEY, version INTEGER NOT NULL, number TEXT NOT NULL UNIQUE, state INTEGER NOT NULL, level INTEGER NOT NULL,
            proposed_level INTEGER, proposed_by TEXT, proposed_at BIGINT, clause TEXT NOT NULL, category TEXT NOT NULL,
            title TEXT NOT NULL, started_at BIGINT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
            issued_at BIGINT, lifted_at BIGINT, issuer TEXT, incident_id BIGINT, incident_number TEXT, tlp TEXT NOT NULL,
            playbook_id TEXT, acknowledgements INTEGER NOT NULL, body TEXT NOT NULL);
        CREATE INDEX alerting_warnings_state ON alerting_warnings(state, level);
        CREATE INDEX alerting_warnings_incident ON alerting_warnings(incident_id);

        CREATE TABLE alerting_warning_steps(
            id BIGINT PRIMARY KEY, warning_id BIGINT NOT NULL, action TEXT NOT NULL, actor TEXT NOT NULL, reason TEXT NOT NULL,
            at BIGINT NOT NULL, from_level INTEGER NOT NULL, to_level INTEGER NOT NULL);
        CREATE INDEX alerting_warning_steps_warning ON alerting_warning_steps(warning_id, id);

        CREATE TABLE alerting_warning_acknowledgements(
            warning_id BIGINT NOT NULL, actor TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY(warning_id, actor));

        CREATE TABLE alerting_matrices(
            version INTEGER PRIMARY KEY, document TEXT NOT NULL, changed_by TEXT NOT NULL, changed_at BIGINT NOT NULL, reason TEXT NOT NULL);

        CREATE TABLE alerting_runs(
            id TEXT PRIMARY KEY, version INTEGER NOT NULL, playbook_id TEXT NOT NULL, playbook_name TEXT NOT NULL, document TEXT NOT NULL,
            incident_id BIGINT NOT NULL, incident_number TEXT NOT NULL, status INTEGER NOT NULL, started_by TEXT NOT NULL,
            started_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, ended_at BIGINT, variables TEXT NOT NULL);
        CREATE INDEX alerting_runs_incident ON alerting_runs(incident_id);
        CREATE INDEX alerting_runs_status ON alerting_runs(status);

        CREATE TABLE alerting_run_steps(
            run_id TEXT NOT NULL, step_id TEXT NOT NULL, parent TEXT, status INTEGER NOT NULL, attempt INTEGER NOT NULL,
            branches_done INTEGER NOT NULL, branch_failed INTEGER NOT NULL, due_at BIGINT, started_at BIGINT, ended_at BIGINT,
            lease_owner TEXT, lease_until BIGINT, note TEXT NOT NULL, error TEXT NOT NULL, actor TEXT,
            PRIMARY KEY(run_id, step_id));
        CREATE INDEX alerting_run_steps_ready ON alerting_run_steps(status, due_at);

        CREATE TABLE alerting_changes(
            sequence BIGINT PRIMARY KEY, kind INTEGER NOT NULL, object_id TEXT NOT NULL, version INTEGER NOT NULL,
            at BIGINT NOT NULL, payload TEXT NOT NULL);
        CREATE INDEX alerting_changes_at ON alerting_changes(at);

        CREATE TABLE alerting_audit(
            sequence BIGINT PRIMARY KEY, at BIGINT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, object TEXT NOT NULL,
            before_state TEXT NOT NULL, after_state TEXT NOT NULL, reason TEXT NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL);
        CREATE INDEX alerting_audit_object ON alerting_audit(object, sequence);
        CREATE INDEX alerting_audit_actor ON alerting_audit(actor, sequence);
        """,
    ]);
}
