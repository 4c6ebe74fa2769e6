using Beacon.Events;

namespace Beacon.Alerting.Notifications;

/// <summary>Tables of notices. Steps are never edited after a release.</summary>
internal static class NotificationSchema
{
    public static StateSchema Schema { get; } = new("alerting-notifications",
    [
        """
        CREATE TABLE alerting_notices(
            id BIGINT PRIMARY KEY, key TEXT NOT NULL UNIQUE, kind INTEGER NOT NULL, audience TEXT NOT NULL, level INTEGER NOT NULL,
            subject TEXT NOT NULL, text TEXT NOT NULL, reference TEXT NOT NULL, at BIGINT NOT NULL);
        CREATE INDEX alerting_notices_at ON alerting_notices(at);
        """,
    ]);
}
