using System.Data.Common;
using System.Globalization;
using Beacon.Alerting.Changes;
using Beacon.Alerting.Storage;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Incidents;

/// <summary>Reads and writes incidents; every write grows the version and tells the change feed.</summary>
internal static class IncidentTable
{
    public const string SelectSummary =
        """
        SELECT i.id, i.number, i.version, i.title, i.severity, i.status, i.owner, i.started_at, i.opened_at, i.updated_at, i.closed_at, i.alerts,
          (SELECT count(*) FROM alerting_incident_entities e WHERE e.incident_id = i.id), i.warning_id, w.number,
          CASE WHEN w.state = 3 OR w.state IS NULL THEN 0 ELSE w.level END,
          (SELECT count(*) FROM alerting_tasks t WHERE t.incident_id = i.id AND t.done_at IS NULL),
          (SELECT count(*) FROM alerting_tasks t WHERE t.incident_id = i.id AND t.done_at IS NOT NULL), i.merged_into
        FROM alerting_incidents i LEFT JOIN alerting_warnings w ON w.id = i.warning_id
        """;

    public static IncidentSummary? Find(DbConnection c, long id) => c.Query(SelectSummary + " WHERE i.id = @p0", Read, id).FirstOrDefault();
    public static IncidentSummary? Find(DbTransaction t, long id) => t.Query(SelectSummary + " WHERE i.id = @p0", Read, id).FirstOrDefault();

    public static IncidentSummary Existing(AlertingTransaction unit, long id) => Find(unit.Db, id) ?? throw RefusedException.NotFound("there is no such incident");

    /// <summary>The incident, if people may still work on it: what was merged into another is worked on there.</summary>
    public static IncidentSummary Writable(AlertingTransaction unit, long id) => Existing(unit, id) is { MergedInto: { } other } merged
        ? throw RefusedException.Invalid($"{merged.Number} was merged into {Find(unit.Db, other)?.Number}: work goes on there") : Existing(unit, id);

    /// <summary>Grows the version and has the change told.</summary>
    public static void Touch(AlertingTransaction unit, long id)
    {
        unit.Db.Execute("UPDATE alerting_incidents SET version = version + 1, updated_at = @p1 WHERE id = @p0", id, unit.Now);
        unit.Changed(ChangeKind.Incident, id.ToString(CultureInfo.InvariantCulture), () => Find(unit.Db, id), s => s.Version, AlertingJson.Default.IncidentSummary);
    }

    public static IncidentSummary Read(DbDataReader r) => new()
    {
        Id = r.GetInt64(0), Number = r.GetString(1), Version = r.GetInt32(2), Title = r.GetString(3), Severity = (Severity)r.GetInt32(4),
        Status = (IncidentStatus)r.GetInt32(5), Owner = r.TextOrNull(6), StartedAt = r.Instant(7), OpenedAt = r.Instant(8), UpdatedAt = r.Instant(9),
        ClosedAt = r.InstantOrNull(10), AlertCount = r.GetInt32(11), EntityCount = r.GetInt32(12), WarningId = r.IsDBNull(13) ? null : r.GetInt64(13),
        WarningNumber = r.TextOrNull(14), WarningLevel = (WarningLevel)r.GetInt32(15), TasksOpen = r.GetInt32(16), TasksDone = r.GetInt32(17), MergedInto = r.IsDBNull(18) ? null : r.GetInt64(18),
    };
}
