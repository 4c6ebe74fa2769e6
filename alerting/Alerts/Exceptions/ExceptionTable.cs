using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Beacon.Alerting.Changes;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Alerts.Exceptions;

/// <summary>Reads and writes exceptions; every change grows the version, tells the change feed, and has the intake load them anew.</summary>
internal static class ExceptionTable
{
    /// <summary>Counter that intake compares with what it has loaded.</summary>
    public const string Counter = "exceptions";

    private const string Columns =
        "id, version, kind, rule_id, conditions, owner, reason, created_by, created_at, starts_at, expires_at, ended_at, ended_by, hidden, last_hidden";

    public const string Select = "SELECT " + Columns + " FROM alerting_exceptions";

    public static ExceptionEntry? Find(DbTransaction t, long id, DateTimeOffset now) => t.Query(Select + " WHERE id = @p0", r => Read(r, now), id).FirstOrDefault();
    public static ExceptionEntry? Find(DbConnection c, long id, DateTimeOffset now) => c.Query(Select + " WHERE id = @p0", r => Read(r, now), id).FirstOrDefault();

    public static void Save(AlertingTransaction unit, ExceptionEntry e)
    {
        unit.Db.Execute(
            $"""
            INSERT INTO alerting_exceptions({Columns}) VALUES (@p0,@p1,@p2,@p3,@p4,@p5,@p6,@p7,@p8,@p9,@p10,@p11,@p12,0,NULL)
            ON CONFLICT(id) DO UPDATE SET version = excluded.version, kind = excluded.kind, rule_id = excluded.rule_id, conditions = excluded.conditions, owner = excluded.owner,
              reason = excluded.reason, starts_at = excluded.starts_at, expires_at = excluded.expires_at, ended_at = excluded.ended_at, ended_by = excluded.ended_by
            """,
            e.Id, e.Version, e.Kind, e.RuleId, Json(e.Conditions), e.Owner, e.Reason, e.CreatedBy, e.CreatedAt, e.StartsAt, e.ExpiresAt, e.EndedAt, e.EndedBy);
        unit.Next(Counter);
        unit.Changed(ChangeKind.Exception, e.Id.ToString(CultureInfo.InvariantCulture), () => Find(unit.Db, e.Id, unit.Now), x => x.Version, ExceptionJson.Default.ExceptionEntry);
    }

    public static ExceptionEntry Read(DbDataReader r, DateTimeOffset now) => new()
    {
        Id = r.GetInt64(0), Version = r.GetInt32(1), Kind = (ExceptionKind)r.GetInt32(2), RuleId = r.TextOrNull(3),
        Conditions = JsonSerializer.Deserialize(r.GetString(4), ExceptionJson.Default.ExceptionConditionArray) ?? [], Owner = r.GetString(5), Reason = r.GetString(6),
        CreatedBy = r.GetString(7), CreatedAt = r.Instant(8), StartsAt = r.Instant(9), ExpiresAt = r.Instant(10), EndedAt = r.InstantOrNull(11), EndedBy = r.TextOrNull(12),
        Hidden = r.GetInt64(13), LastHidden = r.InstantOrNull(14), Active = r.IsDBNull(11) && r.Instant(10) > now,
    };

    public static string Json(IReadOnlyList<ExceptionCondition> conditions) => JsonSerializer.Serialize([.. conditions], ExceptionJson.Default.ExceptionConditionArray);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ExceptionCondition[]))]
[JsonSerializable(typeof(ExceptionEntry))]
internal sealed partial class ExceptionJson : JsonSerializerContext;
