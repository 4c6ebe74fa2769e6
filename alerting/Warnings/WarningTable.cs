using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Beacon.Alerting.Changes;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Warnings;

/// <summary>Reads and writes warnings; every write grows the version and tells the change feed.</summary>
internal static class WarningTable
{
    private const string Columns =
        "id, version, number, state, level, proposed_level, proposed_by, proposed_at, clause, category, title, started_at, created_at, updated_at, " +
        "issued_at, lifted_at, issuer, incident_id, incident_number, tlp, playbook_id, acknowledgements, body, raised_at";

    public const string Select = "SELECT " + Columns + " FROM alerting_warnings";

    public static (WarningSummary Summary, WarningBody Body)? Find(DbTransaction t, long id) => Single(t.Query(Select + " WHERE id = @p0", Read, id));
    public static (WarningSummary Summary, WarningBody Body)? Find(DbConnection c, long id) => Single(c.Query(Select + " WHERE id = @p0", Read, id));

    /// <summary>The incident's newest warning.</summary>
    public static (WarningSummary Summary, WarningBody Body)? OfIncident(DbTransaction t, long incidentId) =>
        Single(t.Query(Select + " WHERE incident_id = @p0 ORDER BY id DESC LIMIT 1", Read, incidentId));

    public static void Insert(AlertingTransaction unit, WarningSummary w, WarningBody body)
    {
        unit.Db.Execute(
            $"INSERT INTO alerting_warnings({Columns}) VALUES (@p0,@p1,@p2,@p3,@p4,@p5,@p6,@p7,@p8,@p9,@p10,@p11,@p12,@p13,@p14,@p15,@p16,@p17,@p18,@p19,@p20,@p21,@p22,@p23)",
            w.Id, w.Version, w.Number, w.State, w.Level, w.ProposedLevel, w.ProposedBy, w.ProposedAt, w.Clause, w.Category, w.Title, w.StartedAt, w.CreatedAt, w.UpdatedAt,
            w.IssuedAt, w.LiftedAt, w.Issuer, w.IncidentId, w.IncidentNumber, w.Tlp, w.PlaybookId, w.Acknowledgements, Json(body), w.RaisedAt);
        Tell(unit, w.Id);
    }

    public static WarningSummary Update(AlertingTransaction unit, WarningSummary w, WarningBody body)
    {
        w = w with { Version = w.Version + 1, UpdatedAt = unit.Now };
        unit.Db.Execute(
            """
            UPDATE alerting_warnings SET version=@p1, state=@p2, level=@p3, proposed_level=@p4, proposed_by=@p5, proposed_at=@p6, clause=@p7, category=@p8, title=@p9,
              started_at=@p10, updated_at=@p11, issued_at=@p12, lifted_at=@p13, issuer=@p14, playbook_id=@p15, acknowledgements=@p16, body=@p17, tlp=@p18, raised_at=@p19 WHERE id=@p0
            """,
            w.Id, w.Version, w.State, w.Level, w.ProposedLevel, w.ProposedBy, w.ProposedAt, w.Clause, w.Category, w.Title,
            w.StartedAt, w.UpdatedAt, w.IssuedAt, w.LiftedAt, w.Issuer, w.PlaybookId, w.Acknowledgements, Json(body), w.Tlp, w.RaisedAt);
        Tell(unit, w.Id);
        return w;
    }

    public static void Step(AlertingTransaction unit, long warningId, string action, Actor actor, string reason, WarningLevel from, WarningLevel to) => unit.Db.Execute(
        "INSERT INTO alerting_warning_steps(id, warning_id, action, actor, reason, at, from_level, to_level) VALUES (@p0,@p1,@p2,@p3,@p4,@p5,@p6,@p7)",
        unit.Next("warning-step"), warningId, action, actor.Name, Text.Cut(reason, 2_000), unit.Now, from, to);

    public static List<(Actor Actor, DateTimeOffset At)> Acknowledged(DbTransaction t, long id) => t.Query(SelectAcknowledged, ReadAcknowledged, id);
    public static List<(Actor Actor, DateTimeOffset At)> Acknowledged(DbConnection c, long id) => c.Query(SelectAcknowledged, ReadAcknowledged, id);

    private const string SelectAcknowledged = "SELECT actor, roles, at FROM alerting_warning_acknowledgements WHERE warning_id = @p0 ORDER BY at LIMIT 1000";

    private static (Actor, DateTimeOffset) ReadAcknowledged(DbDataReader r) => (new Actor(r.GetString(0), r.GetString(1).Split(' ', StringSplitOptions.RemoveEmptyEntries)), r.Instant(2));

    public static (WarningSummary, WarningBody) Read(DbDataReader r) => (new WarningSummary
    {
        Id = r.GetInt64(0), Version = r.GetInt32(1), Number = r.GetString(2), State = (WarningState)r.GetInt32(3), Level = (WarningLevel)r.GetInt32(4),
        ProposedLevel = r.IsDBNull(5) ? null : (WarningLevel)r.GetInt32(5), ProposedBy = r.TextOrNull(6), ProposedAt = r.InstantOrNull(7),
        Clause = r.GetString(8), Category = r.GetString(9), Title = r.GetString(10), StartedAt = r.Instant(11), CreatedAt = r.Instant(12), UpdatedAt = r.Instant(13),
        IssuedAt = r.InstantOrNull(14), LiftedAt = r.InstantOrNull(15), Issuer = r.TextOrNull(16), IncidentId = r.IsDBNull(17) ? null : r.GetInt64(17),
        IncidentNumber = r.TextOrNull(18), Tlp = r.GetString(19), PlaybookId = r.TextOrNull(20), Acknowledgements = r.GetInt32(21), RaisedAt = r.InstantOrNull(23),
    }, JsonSerializer.Deserialize(r.GetString(22), DocumentJson.Default.WarningBody)!);

    private static (WarningSummary, WarningBody)? Single(List<(WarningSummary, WarningBody)> rows) => rows.Count == 0 ? null : rows[0];

    public static void Tell(AlertingTransaction unit, long id) => unit.Changed(
        ChangeKind.Warning, id.ToString(CultureInfo.InvariantCulture), () => Find(unit.Db, id)?.Summary, s => s.Version, AlertingJson.Default.WarningSummary);

    private static string Json(WarningBody body) => JsonSerializer.Serialize(body, DocumentJson.Default.WarningBody);
}
