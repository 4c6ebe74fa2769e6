using Beacon.Events;

namespace Beacon.Alerting.Notifications;

/// <summary>Tables of notices, of who is told, and of what was sent. Steps are never edited after a release.</summary>
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
        """
        CREATE TABLE alerting_notification_setups(
            version INTEGER PRIMARY KEY, document TEXT NOT NULL, changed_by TEXT NOT NULL, changed_at BIGINT NOT NULL, reason TEXT NOT NULL);

        CREATE TABLE alerting_deliveries(
            id BIGINT PRIMARY KEY, notice_id BIGINT NOT NULL, channel TEXT NOT NULL, person TEXT NOT NULL, route TEXT NOT NULL, step INTEGER NOT NULL,
            reference TEXT NOT NULL, level INTEGER NOT NULL, status INTEGER NOT NULL, attempt INTEGER NOT NULL, due_at BIGINT NOT NULL, message TEXT,
            lease_owner TEXT, lease_until BIGINT, said TEXT NOT NULL, created_at BIGINT NOT NULL, ended_at BIGINT, UNIQUE(notice_id, channel, step));
        CREATE INDEX alerting_deliveries_due ON alerting_deliveries(channel, due_at) WHERE status = 0;
        CREATE INDEX alerting_deliveries_sending ON alerting_deliveries(lease_until) WHERE status = 1;
        CREATE INDEX alerting_deliveries_ended ON alerting_deliveries(channel, ended_at) WHERE status = 2;
        CREATE INDEX alerting_deliveries_message ON alerting_deliveries(message);

        CREATE TABLE alerting_escalations(
            notice_id BIGINT NOT NULL, route TEXT NOT NULL, step INTEGER NOT NULL, due_at BIGINT NOT NULL, PRIMARY KEY(notice_id, route));
        CREATE INDEX alerting_escalations_due ON alerting_escalations(due_at);
        """,
    ]);
}
