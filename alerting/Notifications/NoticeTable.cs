using System.Data.Common;
using Beacon.Alerting.Notifications.Channels;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Notifications;

/// <summary>Reads notices.</summary>
internal static class NoticeTable
{
    private const string Select = "SELECT id, kind, audience, level, subject, text, reference, at FROM alerting_notices";

    public static QueuedNotice? Find(DbTransaction t, long id) => t.Query(Select + " WHERE id = @p0", Read, id).FirstOrDefault();

    public static QueuedNotice? Find(DbConnection c, long id) => c.Query(Select + " WHERE id = @p0", Read, id).FirstOrDefault();

    /// <summary>Those behind a number, in order.</summary>
    public static List<QueuedNotice> After(DbTransaction t, long id, int limit) => t.Query(Select + " WHERE id > @p0 ORDER BY id LIMIT @p1", Read, id, limit);

    private static QueuedNotice Read(DbDataReader r) =>
        new(r.GetInt64(0), (NoticeKind)r.GetInt32(1), r.GetString(2), (WarningLevel)r.GetInt32(3), r.GetString(4), r.GetString(5), r.GetString(6), r.Instant(7));
}
