using System.Data.Common;
using System.Text;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Notifications.Sending;

/// <summary>A delivery as the sender takes it.</summary>
internal sealed record DueDelivery(long Id, long NoticeId, string Person, string Reference, WarningLevel Level, int Attempt, string? Message);

internal static class DeliveryTable
{
    public static List<DueDelivery> Due(DbTransaction t, string channel, DateTimeOffset now, int limit) => t.Query(
        "SELECT id, notice_id, person, reference, level, attempt, message FROM alerting_deliveries WHERE channel = @p0 AND status = 0 AND due_at <= @p1 ORDER BY level DESC, id LIMIT @p2",
        r => new DueDelivery(r.GetInt64(0), r.GetInt64(1), r.GetString(2), r.GetString(3), (WarningLevel)r.GetInt32(4), r.GetInt32(5), r.TextOrNull(6)), channel, now, limit);

    public static IReadOnlyList<Delivery> List(DbConnection c, DeliveryQuery query)
    {
        var sql = new StringBuilder(Select).Append(" WHERE 1=1");
        var values = new List<object?>();
        void Where(string condition, object value)
        {
            sql.Append(" AND ").Append(condition).Append(" @p").Append(values.Count);
            values.Add(value);
        }
        if (query.Status is { } status) Where("d.status =", status);
        if (query.Channel is { } channel) Where("d.channel =", channel);
        if (query.Before is { } before) Where("d.id <", before);
        sql.Append(" ORDER BY d.id DESC LIMIT ").Append(Math.Clamp(query.Limit, 1, 500));
        return c.Query(sql.ToString(), Read, values.ToArray());
    }

    public static Delivery? Find(DbTransaction t, long id) => t.Query(Select + " WHERE d.id = @p0", Read, id).FirstOrDefault();

    private const string Select =
        "SELECT d.id, d.notice_id, n.kind, n.subject, d.reference, d.channel, d.person, d.route, d.step, d.status, d.attempt, d.due_at, d.said, d.created_at, d.ended_at FROM alerting_deliveries d JOIN alerting_notices n ON n.id = d.notice_id";

    private static Delivery Read(DbDataReader r) => new(
        r.GetInt64(0), r.GetInt64(1), (NoticeKind)r.GetInt32(2), r.GetString(3), r.GetString(4), r.GetString(5), r.GetString(6), r.GetString(7), r.GetInt32(8),
        (DeliveryStatus)r.GetInt32(9), r.GetInt32(10), r.Instant(11), r.GetString(12), r.Instant(13), r.InstantOrNull(14));
}
