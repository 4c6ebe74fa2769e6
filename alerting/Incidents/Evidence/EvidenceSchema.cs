using Beacon.Events;

namespace Beacon.Alerting.Incidents.Evidence;

/// <summary>Tables of evidence and its chain of custody. Steps are never edited after a release.</summary>
internal static class EvidenceSchema
{
    public static StateSchema Schema { get; } = new("alerting-evidence",
    [
        """
        CREATE TABLE alerting_incident_evidence(
            id BIGINT PRIMARY KEY, version INTEGER NOT NULL, incident_id BIGINT NOT NULL, kind INTEGER NOT NULL, name TEXT NOT NULL, media_type TEXT NOT NULL,
            description TEXT NOT NULL, reference TEXT NOT NULL, size BIGINT NOT NULL, sha256 TEXT NOT NULL, holder TEXT NOT NULL, added_by TEXT NOT NULL, added_at BIGINT NOT NULL,
            removed_by TEXT, removed_at BIGINT, removed_reason TEXT NOT NULL);
        CREATE INDEX alerting_incident_evidence_incident ON alerting_incident_evidence(incident_id, id);
        CREATE INDEX alerting_incident_evidence_content ON alerting_incident_evidence(sha256);

        CREATE TABLE alerting_custody(
            sequence BIGINT PRIMARY KEY, at BIGINT NOT NULL, evidence_id BIGINT NOT NULL, incident_id BIGINT NOT NULL, action INTEGER NOT NULL, actor TEXT NOT NULL,
            note TEXT NOT NULL, sha256 TEXT NOT NULL, size BIGINT NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL);
        CREATE INDEX alerting_custody_evidence ON alerting_custody(evidence_id, sequence);
        """,
    ]);
}
