using System.Data.Common;
using System.Text.Json;
using Beacon.Events;

namespace Beacon.Alerting.Incidents.Work;

/// <summary>Reads what people added to an incident.</summary>
internal static class WorkReader
{
    private const string SelectHandOver = "SELECT id, from_person, to_person, note, tasks, waits, at, acknowledged_at, acknowledgement FROM alerting_handovers WHERE incident_id = @p0";
    private const string SelectComment = "SELECT id, version, author, text, at FROM alerting_incident_comments c";

    public static List<IncidentComment> Comments(DbConnection c, long id, int limit) => c.Query(
        SelectComment + " WHERE incident_id = @p0 AND version = (SELECT max(l.version) FROM alerting_incident_comments l WHERE l.id = c.id) ORDER BY id LIMIT @p1", ReadComment, id, limit);

    public static List<IncidentComment> History(DbConnection c, long id, long comment) => c.Query(SelectComment + " WHERE incident_id = @p0 AND id = @p1 ORDER BY version LIMIT 1000", ReadComment, id, comment);

    public static IncidentComment? Latest(DbTransaction t, long id, long comment) =>
        t.Query(SelectComment + " WHERE incident_id = @p0 AND id = @p1 ORDER BY version DESC LIMIT 1", ReadComment, id, comment).FirstOrDefault();

    /// <summary>Each tie stands once in the table; from the other end it reads the other way round.</summary>
    public static List<RelatedIncident> Related(DbConnection c, long id) => c.Query(
        """
        SELECT i.id, i.number, i.title, i.status, l.kind, l.reason, l.linked_by, l.at, l.incident_id FROM alerting_incident_links l
        JOIN alerting_incidents i ON i.id = CASE WHEN l.incident_id = @p0 THEN l.other_id ELSE l.incident_id END
        WHERE l.incident_id = @p0 OR l.other_id = @p0 ORDER BY l.at, i.id LIMIT 200
        """,
        r => new RelatedIncident(r.GetInt64(0), r.GetString(1), r.GetString(2), (IncidentStatus)r.GetInt32(3),
            r.GetInt64(8) == id ? (IncidentLinkKind)r.GetInt32(4) : Reverse((IncidentLinkKind)r.GetInt32(4)), r.GetString(5), r.GetString(6), r.Instant(7)), id);

    public static List<HandOver> HandOvers(DbConnection c, long id) => c.Query(SelectHandOver + " ORDER BY id DESC LIMIT 50", ReadHandOver, id);

    public static HandOver? HandOver(DbTransaction t, long id, long handOver) => t.Query(SelectHandOver + " AND id = @p1", ReadHandOver, id, handOver).FirstOrDefault();

    public static List<RemovedEntity> Removed(DbConnection c, long id) => c.Query(
        "SELECT entity_kind, entity, removed_by, removed_at, reason FROM alerting_removed_entities WHERE incident_id = @p0 ORDER BY removed_at, entity_key LIMIT 200",
        r => new RemovedEntity(new Entity((EntityKind)r.GetInt32(0), r.GetString(1)), r.GetString(2), r.Instant(3), r.GetString(4)), id);

    private static IncidentLinkKind Reverse(IncidentLinkKind kind) => kind switch { IncidentLinkKind.Caused => IncidentLinkKind.CausedBy, IncidentLinkKind.CausedBy => IncidentLinkKind.Caused, _ => kind };

    private static IncidentComment ReadComment(DbDataReader r) => new(r.GetInt64(0), r.GetInt32(1), r.GetString(2), r.GetString(3), r.Instant(4));

    private static HandOver ReadHandOver(DbDataReader r) => new(
        r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetString(3), Lines(r.GetString(4)), Lines(r.GetString(5)), r.Instant(6), r.InstantOrNull(7), r.GetString(8));

    private static string[] Lines(string json) => JsonSerializer.Deserialize(json, AlertingJson.Default.StringArray) ?? [];
}
