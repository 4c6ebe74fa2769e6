using Beacon.Alerting.Notifications.Channels;
using Beacon.Alerting.Notifications.Sending;
using Beacon.Alerting.Notifications.Setup;
using Beacon.Alerting.Storage;
using Beacon.Alerting.Warnings;
using Beacon.Events;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Notifications;

internal sealed class NotificationService(
    AlertingDatabase database, INotificationSetups setups, Notifiers notifiers, ChannelOpener opener, IOptions<AlertingOptions> options, TimeProvider time) : INotificationService
{
    public IReadOnlyList<ChannelKind> Kinds { get; } =
        [.. notifiers.Kinds.Select(k => notifiers.Find(k)!).Select(n => new ChannelKind(n.Kind, n.PerMinute, [.. n.Settings.Select(s => new ChannelKindSetting(s.Name, s.Meaning, s.Required, s.Secret))]))];

    public Task<IReadOnlyList<Delivery>> ListAsync(DeliveryQuery query, CancellationToken cancellation = default) => database.ReadAsync(c => DeliveryTable.List(c, query), cancellation);

    public Task<Outcome<Delivery>> ResendAsync(long id, Actor actor, CancellationToken cancellation = default) => database.TryWriteAsync(unit =>
    {
        var delivery = DeliveryTable.Find(unit.Db, id) ?? throw RefusedException.NotFound("there is no such delivery");
        if (delivery.Status != DeliveryStatus.Dead) throw RefusedException.Invalid($"it is no dead letter: it is {Names.Lower(delivery.Status)}");
        // A new message: the one that was refused may be refused for its company.
        unit.Db.Execute("UPDATE alerting_deliveries SET status = 0, attempt = 0, message = NULL, due_at = @p1, ended_at = NULL WHERE id = @p0", id, unit.Now);
        unit.Record(actor, "notification.resend", $"delivery:{id}", delivery.Said);
        return DeliveryTable.Find(unit.Db, id)!;
    }, cancellation);

    public async Task<Outcome<TestResult>> TestAsync(string channel, Actor actor, CancellationToken cancellation = default)
    {
        if (!actor.Holds(RoleNames.Administrator)) return new Refusal(RefusalKind.Forbidden, "only an administrator sends tests");
        if ((await setups.CurrentAsync(cancellation).ConfigureAwait(false)).Channels.All(c => c.Id != channel)) return new Refusal(RefusalKind.NotFound, "there is no such channel");
        var (_, result) = await opener.SendAsync(channel, Test(actor.Name), cancellation).ConfigureAwait(false);
        var done = await database.TryWriteAsync(unit =>
        {
            unit.Record(actor, "notification.test", "channel:" + channel, "", result.Said);
            return new TestResult(result.Outcome == SendOutcome.Sent, result.Said);
        }, cancellation).ConfigureAwait(false);
        return done;
    }

    public async Task<Outcome<string>> PreviewAsync(string channel, long? noticeId, CancellationToken cancellation = default)
    {
        var setup = await setups.CurrentAsync(cancellation).ConfigureAwait(false);
        if (setup.Channels.FirstOrDefault(c => c.Id == channel) is not { } known || notifiers.Find(known.Kind) is not { } notifier) return new Refusal(RefusalKind.NotFound, "there is no such channel");
        var message = Test(Actor.SystemName);
        if (noticeId is { } id)
        {
            if (await database.ReadAsync(c => NoticeTable.Find(c, id), cancellation).ConfigureAwait(false) is not { } notice) return new Refusal(RefusalKind.NotFound, "there is no such notice");
            message = message with { Notices = [notice] };
        }
        return notifier.Preview(message, new ChannelValues(known.Settings));
    }

    public async Task<IReadOnlyList<OnCallNow>> OnCallAsync(CancellationToken cancellation = default) =>
        [.. (await setups.CurrentAsync(cancellation).ConfigureAwait(false)).Schedules.Select(s => new OnCallNow(s.Id, LocalTime.OnCall(s, time.GetUtcNow())))];

    /// <summary>Removes what is over age: sent messages first, dead ones later, and notices that nothing carries any more.</summary>
    internal Task<int> ForgetAsync(CancellationToken cancellation) => database.WriteAsync(unit =>
    {
        var kept = options.Value.Notifications.Kept;
        var gone = unit.Db.Execute("DELETE FROM alerting_deliveries WHERE id IN (SELECT id FROM alerting_deliveries WHERE (status = 2 AND ended_at < @p0) OR (status = 3 AND ended_at < @p1) LIMIT 5000)", unit.Now - kept, unit.Now - kept * 3);
        return gone + unit.Db.Execute(
            "DELETE FROM alerting_notices WHERE id IN (SELECT n.id FROM alerting_notices n WHERE n.at < @p0 AND NOT EXISTS (SELECT 1 FROM alerting_deliveries d WHERE d.notice_id = n.id) LIMIT 5000)", unit.Now - kept * 3);
    }, cancellation);

    private Message Test(string actor)
    {
        var now = time.GetUtcNow();
        return new Message(Guid.CreateVersion7(now).ToString("D"),
            [new QueuedNotice(0, NoticeKind.WarningIssued, RoleNames.Administrator, WarningLevel.None, "Test of this channel", $"{actor} tries whether messages of Beacon arrive here. Nothing has happened.", "test:1", now)], 0, options.Value.Notifications.ConsoleUrl ?? "");
    }
}
