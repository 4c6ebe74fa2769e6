using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Beacon.Alerting.Changes;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Alerts;

/// <summary>Reads and writes alerts; every write grows the version and tells the change feed.</summary>
internal static class AlertTable
{
    public static AlertRow? Find(DbTransaction t, long id) => t.Query($"SELECT {AlertRow.Columns} FROM alerting_alerts WHERE id = @p0", AlertRow.Read, id).FirstOrDefault();
    public static AlertRow? Find(DbConnection c, long id) => c.Query($"SELECT {AlertRow.Columns} FROM alerting_alerts WHERE id = @p0", AlertRow.Read, id).FirstOrDefault();

    /// <summary>The open alert of the rule and entity that a detection at <paramref name="time"/> joins.</summary>
    public static AlertRow? FindOpen(DbTransaction t, string ruleId, string entityKey, DateTimeOffset time, TimeSpan window) => t.Query(
        $"""
        SELECT {AlertRow.Columns} FROM alerting_alerts
        WHERE rule_id = @p0 AND entity_key = @p1 AND status <> 3 AND last_seen >= @p2 AND first_seen <= @p3 ORDER BY last_seen DESC LIMIT 1
        """, AlertRow.Read, ruleId, entityKey, time - window, time + window).FirstOrDefault();

    public static void Insert(AlertingTransaction unit, AlertRow a)
    {
        unit.Db.Execute(
            $"INSERT INTO alerting_alerts({AlertRow.Columns}) VALUES (@p0,@p1,@p2,@p3,@p4,@p5,@p6,@p7,@p8,@p9,@p10,@p11,@p12,@p13,@p14,@p15,@p16,@p17,@p18,@p19,@p20,@p21,@p22,@p23,@p24,@p25,@p26,@p27,@p28,@p29,@p30,@p31,@p32,@p33,@p34)",
            a.Id, a.Version, a.RuleId, a.RuleTitle, a.RuleKind, a.RuleDescription, Json(a.FalsePositives), Json(a.Tags), a.Entity.Kind, a.Entity.Value, a.EntityKey,
            a.Title, a.Severity, a.Status, a.Score, a.Confidence, a.AgePoints, a.Count, a.FirstSeen, a.LastSeen, a.FirstReceived, a.LastReceived,
            a.CreatedAt, a.UpdatedAt, a.Owner, a.Disposition, a.ShelvedUntil, a.ShelvedReason, a.AssetId, a.AssetName, a.Importance, a.IncidentId, a.IncidentNumber, a.Cause, a.RiskPoints);
        Tell(unit, a);
    }

    /// <summary>Writes what may change, as version + 1.</summary>
    public static void Update(AlertingTransaction unit, AlertRow a)
    {
        a.Version++;
        a.UpdatedAt = unit.Now;
        unit.Db.Execute(
            """
            UPDATE alerting_alerts SET version=@p1, rule_title=@p2, rule_description=@p3, false_positives=@p4, tags=@p5, title=@p6, severity=@p7, status=@p8,
              score=@p9, confidence=@p10, age_points=@p11, detections=@p12, first_seen=@p13, last_seen=@p14, last_received=@p15, updated_at=@p16, owner=@p17,
              disposition=@p18, shelved_until=@p19, shelved_reason=@p20, asset_id=@p21, asset_name=@p22, importance=@p23, incident_id=@p24, incident_number=@p25, cause=@p26, risk_points=@p27
            WHERE id=@p0
            """,
            a.Id, a.Version, a.RuleTitle, a.RuleDescription, Json(a.FalsePositives), Json(a.Tags), a.Title, a.Severity, a.Status,
            a.Score, a.Confidence, a.AgePoints, a.Count, a.FirstSeen, a.LastSeen, a.LastReceived, a.UpdatedAt, a.Owner,
            a.Disposition, a.ShelvedUntil, a.ShelvedReason, a.AssetId, a.AssetName, a.Importance, a.IncidentId, a.IncidentNumber, a.Cause, a.RiskPoints);
        Tell(unit, a);
    }

    private static void Tell(AlertingTransaction unit, AlertRow a) => unit.Changed(
        ChangeKind.Alert, a.Id.ToString(CultureInfo.InvariantCulture),
        () => Find(unit.Db, a.Id)?.Summarise(unit.Now), s => s.Version, AlertingJson.Default.AlertSummary);

    private static string Json(IReadOnlyList<string> values) => JsonSerializer.Serialize([.. values], AlertingJson.Default.StringArray);
}
