using System.Data.Common;
using System.Text.Json;
using Beacon.Alerting.Notifications.Channels;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Notifications.Setup;

internal sealed class NotificationSetups(AlertingDatabase database, Notifiers notifiers) : INotificationSetups
{
    private const string Columns = "version, document, changed_by, changed_at, reason";

    public Task<NotificationSetup> CurrentAsync(CancellationToken cancellation = default) =>
        database.ReadAsync(c => c.Query($"SELECT {Columns} FROM alerting_notification_setups ORDER BY version DESC LIMIT 1", Read).FirstOrDefault() ?? NotificationSetup.None, cancellation);

    public static NotificationSetup Current(DbTransaction t) =>
        t.Query($"SELECT {Columns} FROM alerting_notification_setups ORDER BY version DESC LIMIT 1", Read).FirstOrDefault() ?? NotificationSetup.None;

    public Task<IReadOnlyList<NotificationSetup>> HistoryAsync(int limit = 20, CancellationToken cancellation = default) =>
        database.ReadAsync<IReadOnlyList<NotificationSetup>>(c => c.Query($"SELECT {Columns} FROM alerting_notification_setups ORDER BY version DESC LIMIT @p0", Read, Math.Clamp(limit, 1, 200)), cancellation);

    public Task<Outcome<NotificationSetup>> SaveAsync(NotificationSetup setup, Actor actor, string reason, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        if (!actor.Holds(RoleNames.Administrator)) throw RefusedException.Forbidden("only an administrator changes who is told of what");
        if (string.IsNullOrWhiteSpace(reason)) throw RefusedException.Invalid("a reason is wanted");
        setup = setup.Filled();
        var faults = SetupFaults.Of(setup, notifiers, unit.Db.Query("SELECT name FROM alerting_secrets", r => r.GetString(0)).ToHashSet());
        if (faults.Count > 0) throw new RefusedException(Refusal.Of(faults));
        var current = Current(unit.Db);
        if (current.Version != setup.Version) throw RefusedException.Conflict($"the setup in force is version {current.Version}, the edit was made from version {setup.Version}: read it again");
        var next = setup with { Version = current.Version + 1, ChangedBy = actor.Name, ChangedAt = unit.Now, Reason = Text.Cut(reason.Trim(), 2_000) };
        var document = JsonSerializer.Serialize(next, NotificationJson.Default.NotificationSetup);
        unit.Db.Execute("INSERT INTO alerting_notification_setups(version, document, changed_by, changed_at, reason) VALUES (@p0,@p1,@p2,@p3,@p4)", next.Version, document, next.ChangedBy, next.ChangedAt, next.Reason);
        unit.Record(actor, "notification.setup", $"notification-setup:{next.Version}", current.Version == 0 ? "" : JsonSerializer.Serialize(current, NotificationJson.Default.NotificationSetup), document, next.Reason);
        return next;
    }, cancellation);

    private static NotificationSetup Read(DbDataReader r) =>
        JsonSerializer.Deserialize(r.GetString(1), NotificationJson.Default.NotificationSetup)! with { Version = r.GetInt32(0), ChangedBy = r.GetString(2), ChangedAt = r.Instant(3), Reason = r.GetString(4) };
}
