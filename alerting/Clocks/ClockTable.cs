using System.Data.Common;
using System.Text.Json;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Clocks;

/// <summary>Reads and writes clocks; a change is told of as a change of the incident.</summary>
internal static class ClockTable
{
    private const string Columns =
        "id, version, incident_id, incident_number, regime, report, definition, state, aware_at, starts_at, due_at, told, next_at, sent_at, sent_by, reference, note, rules_version";

    public const string Select = "SELECT " + Columns + " FROM alerting_clocks";

    public static ClockRow? Find(DbConnection c, long id) => c.Query(Select + " WHERE id = @p0", Read, id).FirstOrDefault();
    public static ClockRow? Find(DbTransaction t, long id) => t.Query(Select + " WHERE id = @p0", Read, id).FirstOrDefault();
    public static List<ClockRow> OfIncident(DbTransaction t, long incidentId) => t.Query(Select + " WHERE incident_id = @p0 ORDER BY id", Read, incidentId);

    public static void Insert(AlertingTransaction unit, ClockRow c) => unit.Db.Execute(
        $"INSERT INTO alerting_clocks({Columns}, basis) VALUES (@p0,@p1,@p2,@p3,@p4,@p5,@p6,@p7,@p8,@p9,@p10,@p11,@p12,@p13,@p14,@p15,@p16,@p17,@p18)",
        c.Id, c.Version, c.IncidentId, c.IncidentNumber, c.RegimeId, c.ReportId, JsonSerializer.Serialize(c.Definition, ClockJson.Default.ClockDefinition), c.State, c.AwareAt,
        c.StartsAt, c.DueAt, c.Told, c.NextAt, c.SentAt, c.SentBy, c.Reference, c.Note, c.RulesVersion, c.Definition.Report.Basis);

    public static void Update(AlertingTransaction unit, ClockRow c)
    {
        c.Version++;
        unit.Db.Execute(
            """
            UPDATE alerting_clocks SET version=@p1, state=@p2, aware_at=@p3, starts_at=@p4, due_at=@p5, told=@p6, next_at=@p7, sent_at=@p8, sent_by=@p9, reference=@p10, note=@p11
            WHERE id=@p0
            """, c.Id, c.Version, c.State, c.AwareAt, c.StartsAt, c.DueAt, c.Told, c.NextAt, c.SentAt, c.SentBy, c.Reference, c.Note);
        IncidentTable.Touch(unit, c.IncidentId);
    }

    public static ClockRow Read(DbDataReader r) => new()
    {
        Id = r.GetInt64(0), Version = r.GetInt32(1), IncidentId = r.GetInt64(2), IncidentNumber = r.GetString(3), RegimeId = r.GetString(4), ReportId = r.GetString(5),
        Definition = JsonSerializer.Deserialize(r.GetString(6), ClockJson.Default.ClockDefinition)!, State = (ClockState)r.GetInt32(7), AwareAt = r.Instant(8),
        StartsAt = r.InstantOrNull(9), DueAt = r.InstantOrNull(10), Told = r.GetInt32(11), NextAt = r.InstantOrNull(12), SentAt = r.InstantOrNull(13), SentBy = r.TextOrNull(14),
        Reference = r.GetString(15), Note = r.GetString(16), RulesVersion = r.GetInt32(17),
    };
}
