using Beacon.Alerting.Notifications;
using Beacon.Alerting.Storage;
using Beacon.Alerting.Warnings;
using Beacon.Events;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Alerts.Exceptions;

/// <summary>Tells the owners of exceptions that end soon, once each.</summary>
internal sealed class ExceptionTicking(AlertingDatabase database, IOptions<AlertingOptions> options, TimeProvider time)
{
    private const int Batch = 200;

    public async Task<int> TickAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var soon = await database.ReadAsync(c => c.Query(
            $"""
            {ExceptionTable.Select} e WHERE ended_at IS NULL AND kind = 0 AND expires_at > @p0 AND expires_at <= @p1
              AND NOT EXISTS (SELECT 1 FROM alerting_notices n WHERE n.key = 'exception:' || CAST(e.id AS TEXT) || '/' || CAST(e.expires_at AS TEXT)) LIMIT {Batch}
            """, r => ExceptionTable.Read(r, now), now, now + options.Value.Exceptions.NoticeBeforeExpiry), cancellation).ConfigureAwait(false);
        if (soon.Count == 0) return 0;
        return await database.WriteAsync(unit => soon.Count(e => NoticeQueue.Add(unit, new Notice(
            NoticeKind.ExceptionExpiring, "person:" + e.Owner, WarningLevel.None, $"The exception on rule {e.RuleId} ends {Clocks.ClockDesk.Stamp(e.ExpiresAt)}",
            $"It hid {e.Hidden} detections so far. Afterwards they are alerts again. Reason: {e.Reason}", $"exception:{e.Id}", $"exception:{e.Id}/{StateTime.ToMicroseconds(e.ExpiresAt)}"))), cancellation).ConfigureAwait(false);
    }
}
