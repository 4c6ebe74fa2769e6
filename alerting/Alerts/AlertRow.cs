using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Beacon.Events;

namespace Beacon.Alerting.Alerts;

/// <summary>An alert as its table has it.</summary>
internal sealed class AlertRow
{
    public const string Columns =
        "id, version, rule_id, rule_title, rule_kind, rule_description, false_positives, tags, entity_kind, entity, entity_key, title, severity, status, " +
        "score, confidence, age_points, detections, first_seen, last_seen, first_received, last_received, created_at, updated_at, owner, disposition, " +
        "shelved_until, shelved_reason, asset_id, asset_name, importance, incident_id, incident_number, cause, risk_points";

    public long Id { get; init; }
    public int Version { get; set; }
    public required string RuleId { get; init; }
    public required string RuleTitle { get; set; }
    public required string RuleKind { get; init; }
    public required string RuleDescription { get; set; }
    public required IReadOnlyList<string> FalsePositives { get; set; }
    public required IReadOnlyList<string> Tags { get; set; }
    public Entity Entity { get; init; }
    public required string EntityKey { get; init; }
    public required string Title { get; set; }
    public Severity Severity { get; set; }
    public AlertStatus Status { get; set; }
    public int Confidence { get; set; }
    public int AgePoints { get; set; }
    public long Count { get; set; }
    public DateTimeOffset FirstSeen { get; set; }
    public DateTimeOffset LastSeen { get; set; }
    public DateTimeOffset FirstReceived { get; set; }
    public DateTimeOffset LastReceived { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
    public string? Owner { get; set; }
    public Disposition Disposition { get; set; }
    public DispositionCause Cause { get; set; }
    /// <summary>Points for what else gathered about the entity.</summary>
    public int RiskPoints { get; set; }
    public DateTimeOffset? ShelvedUntil { get; set; }
    public string? ShelvedReason { get; set; }
    public string? AssetId { get; set; }
    public string? AssetName { get; set; }
    public AssetImportance Importance { get; set; }
    public long? IncidentId { get; set; }
    public string? IncidentNumber { get; set; }

    public int Score => UrgencyScore.Score(Severity, AssetId is not null, Importance, Confidence, AgePoints, RiskPoints);
    public string Number => string.Create(CultureInfo.InvariantCulture, $"A-{Id}");

    public AlertState State => new(Status, Owner, Disposition, ShelvedUntil, ShelvedReason, IncidentId, IncidentNumber) { Cause = Cause };

    public AlertSummary Summarise(DateTimeOffset now) => new()
    {
        Id = Id, Number = Number, Version = Version, RuleId = RuleId, RuleTitle = RuleTitle, RuleKind = RuleKind, Entity = Entity, Title = Title,
        Severity = Severity, Status = Status, Count = Count, FirstSeen = FirstSeen, LastSeen = LastSeen, LastReceived = LastReceived,
        CreatedAt = CreatedAt, UpdatedAt = UpdatedAt, Owner = Owner, Disposition = Disposition, Cause = Cause,
        ShelvedUntil = ShelvedUntil, ShelvedReason = ShelvedReason, AssetId = AssetId, AssetName = AssetName, Importance = Importance,
        IncidentId = IncidentId, IncidentNumber = IncidentNumber, Tags = Tags,
        Urgency = UrgencyScore.Explain(Severity, AssetId is not null, Importance, Confidence, AgePoints, RiskPoints, LastSeen, FirstReceived, now),
    };

    public static AlertRow Read(DbDataReader r) => new()
    {
        Id = r.GetInt64(0), Version = r.GetInt32(1), RuleId = r.GetString(2), RuleTitle = r.GetString(3), RuleKind = r.GetString(4),
        RuleDescription = r.GetString(5), FalsePositives = Strings(r.GetString(6)), Tags = Strings(r.GetString(7)),
        Entity = new Entity((EntityKind)r.GetInt32(8), r.GetString(9)), EntityKey = r.GetString(10), Title = r.GetString(11),
        Severity = (Severity)r.GetInt32(12), Status = (AlertStatus)r.GetInt32(13), Confidence = r.GetInt32(15), AgePoints = r.GetInt32(16),
        Count = r.GetInt64(17), FirstSeen = r.Instant(18), LastSeen = r.Instant(19), FirstReceived = r.Instant(20), LastReceived = r.Instant(21),
        CreatedAt = r.Instant(22), UpdatedAt = r.Instant(23), Owner = r.TextOrNull(24), Disposition = (Disposition)r.GetInt32(25),
        ShelvedUntil = r.InstantOrNull(26), ShelvedReason = r.TextOrNull(27), AssetId = r.TextOrNull(28), AssetName = r.TextOrNull(29),
        Importance = (AssetImportance)r.GetInt32(30), IncidentId = r.IsDBNull(31) ? null : r.GetInt64(31), IncidentNumber = r.TextOrNull(32),
        Cause = (DispositionCause)r.GetInt32(33), RiskPoints = r.GetInt32(34),
    };

    private static string[] Strings(string json) => JsonSerializer.Deserialize(json, AlertingJson.Default.StringArray) ?? [];
}
