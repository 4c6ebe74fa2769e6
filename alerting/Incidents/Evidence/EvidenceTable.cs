using System.Data.Common;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Incidents.Evidence;

/// <summary>Reads and writes records of evidence.</summary>
internal static class EvidenceTable
{
    public const string Select =
        "SELECT id, version, incident_id, kind, name, media_type, description, reference, size, sha256, holder, added_by, added_at, removed_by, removed_at, removed_reason FROM alerting_incident_evidence";

    private const string SelectTotal = "SELECT CAST(coalesce(sum(size), 0) AS BIGINT) FROM (SELECT DISTINCT sha256, size FROM alerting_incident_evidence WHERE removed_at IS NULL) AS kept";

    public static List<EvidenceItem> OfIncident(DbConnection c, long incident) => c.Query(Select + " WHERE incident_id = @p0 ORDER BY id", Read, incident);

    public static EvidenceItem? Find(DbConnection c, long incident, long id) => c.Query(Select + " WHERE incident_id = @p0 AND id = @p1", Read, incident, id).FirstOrDefault();

    public static EvidenceItem? Find(DbTransaction t, long incident, long id) => t.Query(Select + " WHERE incident_id = @p0 AND id = @p1", Read, incident, id).FirstOrDefault();

    public static void Insert(AlertingTransaction unit, EvidenceItem e) => unit.Db.Execute(
        """
        INSERT INTO alerting_incident_evidence(id, version, incident_id, kind, name, media_type, description, reference, size, sha256, holder, added_by, added_at, removed_by, removed_at, removed_reason)
        VALUES (@p0,@p1,@p2,@p3,@p4,@p5,@p6,@p7,@p8,@p9,@p10,@p11,@p12,NULL,NULL,'')
        """, e.Id, e.Version, e.IncidentId, e.Kind, e.Name, e.MediaType, e.Description, e.Reference, e.Size, e.Sha256, e.Holder, e.AddedBy, e.AddedAt);

    public static long Total(DbConnection c) => c.Scalar<long>(SelectTotal);

    public static long Total(DbTransaction t) => t.Scalar<long>(SelectTotal);

    /// <summary>Whether the content is wanted by anybody.</summary>
    public static bool IsKept(DbConnection c, string sha256) => c.Scalar<long>("SELECT count(*) FROM alerting_incident_evidence WHERE sha256 = @p0 AND removed_at IS NULL", sha256) > 0;

    public static EvidenceItem Read(DbDataReader r) => new(
        r.GetInt64(0), r.GetInt32(1), r.GetInt64(2), (EvidenceKind)r.GetInt32(3), r.GetString(4), r.GetString(5), r.GetString(6), r.GetString(7), r.GetInt64(8), r.GetString(9), r.GetString(10),
        r.GetString(11), r.Instant(12), r.TextOrNull(13), r.InstantOrNull(14), r.GetString(15));
}
