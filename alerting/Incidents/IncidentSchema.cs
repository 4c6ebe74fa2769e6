using Beacon.Events;

namespace Beacon.Alerting.Incidents;

/// <summary>What people's work on incidents adds: who changed which field last, comments, links, hand-overs, merges. Steps are never edited after a release.</summary>
internal static class IncidentSchema
{
    public static StateSchema Schema { get; } = new("alerting-incidents",
    [
        """
        ALTER TABLE alerting_incidents ADD COLUMN merged_into BIGINT;
        ALTER TABLE alerting_incidents ADD COLUMN severity_floor INTEGER NOT NULL DEFAULT -1;
        ALTER TABLE alerting_tasks ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE alerting_tasks ADD COLUMN due_at BIGINT;
        ALTER TABLE alerting_incident_entities ADD COLUMN added_by TEXT;

        CREATE TABLE alerting_incident_fields(
            incident_id BIGINT NOT NULL, field TEXT NOT NULL, version INTEGER NOT NULL, actor TEXT NOT NULL, PRIMARY KEY(incident_id, field));

        CREATE TABLE alerting_incident_comments(
            id BIGINT NOT NULL, version INTEGER NOT NULL, incident_id BIGINT NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY(id, version));
        CREATE INDEX alerting_incident_comments_incident ON alerting_incident_comments(incident_id, id);

        CREATE TABLE alerting_removed_entities(
            incident_id BIGINT NOT NULL, entity_key TEXT NOT NULL, entity_kind INTEGER NOT NULL, entity TEXT NOT NULL,
            removed_by TEXT NOT NULL, removed_at BIGINT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY(incident_id, entity_key));

        CREATE TABLE alerting_incident_links(
            incident_id BIGINT NOT NULL, other_id BIGINT NOT NULL, kind INTEGER NOT NULL, reason TEXT NOT NULL, linked_by TEXT NOT NULL, at BIGINT NOT NULL,
            PRIMARY KEY(incident_id, other_id));
        CREATE INDEX alerting_incident_links_other ON alerting_incident_links(other_id);

        CREATE TABLE alerting_handovers(
            id BIGINT PRIMARY KEY, incident_id BIGINT NOT NULL, from_person TEXT NOT NULL, to_person TEXT NOT NULL, note TEXT NOT NULL, tasks TEXT NOT NULL, waits TEXT NOT NULL,
            at BIGINT NOT NULL, acknowledged_at BIGINT, acknowledgement TEXT NOT NULL);
        CREATE INDEX alerting_handovers_incident ON alerting_handovers(incident_id, id);
        """,
    ]);
}
