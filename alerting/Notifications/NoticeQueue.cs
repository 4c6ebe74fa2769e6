using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Notifications;

/// <summary>Puts notices where the senders find them. A key is queued once, so that what is done again tells nobody twice.</summary>
internal static class NoticeQueue
{
    /// <summary>False where a notice with that key was queued before.</summary>
    public static bool Add(AlertingTransaction unit, Notice notice) => unit.Db.Execute(
        """
        INSERT INTO alerting_notices(id, key, kind, audience, level, subject, text, reference, at) VALUES (@p0,@p1,@p2,@p3,@p4,@p5,@p6,@p7,@p8)
        ON CONFLICT(key) DO NOTHING
        """,
        unit.Next("notice"), Text.Cut(notice.Key, 300), notice.Kind, Text.Cut(notice.Audience, 200), notice.Level,
        Text.Cut(notice.Subject, Notice.MaxSubjectLength), Text.Cut(notice.Text, Notice.MaxTextLength), Text.Cut(notice.Reference, 300), unit.Now) > 0;
}
