using System.Collections.Concurrent;
using Beacon.Alerting.Notifications.Channels;
using Beacon.Alerting.Notifications.Setup;
using Beacon.Alerting.Storage;
using Beacon.Alerting.Warnings;
using Beacon.Events;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Notifications.Sending;

/// <summary>
/// Sends what is due, each channel for itself, so that one that hangs holds up no other. A message is on disk with its id before it is tried, and
/// a stop in between tries it again under that id: told at least once, and recognisable where it came twice.
/// </summary>
internal sealed partial class DeliveryEngine(
    AlertingDatabase database, Notifiers notifiers, ChannelOpener opener, IOptions<AlertingOptions> options, AlertingMetrics metrics, TimeProvider time, ILogger<DeliveryEngine> log)
{
    /// <summary>Deliveries that one go takes; what is over goes with the next.</summary>
    private const int MostDue = 2_000;

    /// <summary>Messages leased at once: as many as can be sent before their lease ends, even where each takes its whole time.</summary>
    private const int MostLeased = 10;

    private static readonly TimeSpan LeaseMargin = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(10), LongestWait = TimeSpan.FromMinutes(30), LongestAsked = TimeSpan.FromHours(1);

    private readonly string _instance = Guid.NewGuid().ToString("N");
    private readonly ConcurrentDictionary<string, Task> _sending = new(StringComparer.Ordinal);
    private bool _recovered;

    /// <summary>A message that was leased, with the deliveries it carries.</summary>
    private sealed record Leased(Message Message, IReadOnlyList<long> Deliveries, int Attempt);

    /// <summary>Routes, escalates and starts to send; does not wait for receivers.</summary>
    /// <returns>Channels that are being sent by now.</returns>
    internal async Task<IReadOnlyCollection<Task>> TickAsync(CancellationToken cancellation)
    {
        var work = await database.ReadAsync(c => (
            Route: c.Scalar<long>("SELECT count(*) FROM (SELECT 1 FROM alerting_notices WHERE id > (SELECT coalesce(max(value), 0) FROM alerting_counters WHERE name = 'notice-routed') LIMIT 1) AS fresh") > 0
                || c.Scalar<long>("SELECT count(*) FROM (SELECT 1 FROM alerting_escalations WHERE due_at <= @p0 LIMIT 1) AS due", time.GetUtcNow()) > 0,
            Lost: c.Scalar<long>("SELECT count(*) FROM (SELECT 1 FROM alerting_deliveries WHERE status = 1 LIMIT 1) AS sending") > 0), cancellation).ConfigureAwait(false);
        if (work.Route) while (await database.WriteAsync(NoticeRouter.Run, cancellation).ConfigureAwait(false) >= 200) cancellation.ThrowIfCancellationRequested();
        if (work.Lost) await RecoverAsync(cancellation).ConfigureAwait(false);
        _recovered = true;
        var due = await database.ReadAsync(c => c.Query("SELECT DISTINCT channel FROM alerting_deliveries WHERE status = 0 AND due_at <= @p0", r => r.GetString(0), time.GetUtcNow()), cancellation).ConfigureAwait(false);
        foreach (var channel in due.Where(c => !_sending.TryGetValue(c, out var under) || under.IsCompleted))
            _sending[channel] = Task.Run(() => SendChannelAsync(channel, cancellation), cancellation);
        foreach (var (channel, task) in _sending) if (task.IsCompleted) _sending.TryRemove(new KeyValuePair<string, Task>(channel, task));
        return [.. _sending.Values];
    }

    /// <summary>Takes back what was being sent when its process stopped: at once what this folder's own did, else when the lease has ended.</summary>
    private Task<int> RecoverAsync(CancellationToken cancellation) => database.WriteAsync(unit => unit.Db.Execute(
        "UPDATE alerting_deliveries SET status = 0, due_at = @p0, lease_owner = NULL WHERE status = 1 AND (lease_until < @p0 OR (@p1 = 0 AND lease_owner <> @p2))",
        unit.Now, database.IsShared || _recovered, _instance), cancellation);

    private async Task SendChannelAsync(string channel, CancellationToken cancellation)
    {
        try
        {
            while (await LeaseAsync(channel, cancellation).ConfigureAwait(false) is { Count: > 0 } messages)
                foreach (var leased in messages) await SendAsync(channel, leased, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Leases end, or the next start takes them back.
        }
        catch (Exception fault)
        {
            // The boundary of a channel: the others go on, and this one is tried at the next tick.
            LogChannelFailed(log, channel, fault);
        }
    }

    private Task<List<Leased>> LeaseAsync(string channelId, CancellationToken cancellation) => database.WriteAsync(unit =>
    {
        var setup = NotificationSetups.Current(unit.Db);
        var due = DeliveryTable.Due(unit.Db, channelId, unit.Now, MostDue);
        if (setup.Channels.FirstOrDefault(c => c.Id == channelId) is not { Enabled: true } channel || notifiers.Find(channel.Kind) is not { } notifier)
        {
            foreach (var delivery in due) End(unit, delivery.Id, DeliveryStatus.Dead, "the channel was removed or is switched off");
            return [];
        }
        var going = new List<DueDelivery>(due.Count);
        foreach (var delivery in due)
        {
            if (delivery.Level < WarningLevel.Orange && QuietUntil(setup, channel, delivery.Person, unit.Now) is { } end)
                unit.Db.Execute("UPDATE alerting_deliveries SET due_at = @p1, said = @p2 WHERE id = @p0", delivery.Id, end, "quiet hours");
            else going.Add(delivery);
        }
        var sent = unit.Db.Scalar<long>("SELECT count(DISTINCT message) FROM alerting_deliveries WHERE channel = @p0 AND status = 2 AND ended_at > @p1", channelId, unit.Now - TimeSpan.FromMinutes(1));
        return Bundle.Of(going, (int)Math.Max(0, (channel.PerMinute ?? notifier.PerMinute) - sent)).Take(MostLeased).Select(bundle => Lease(unit, bundle)).ToList();
    }, cancellation);

    private Leased Lease(AlertingTransaction unit, IReadOnlyList<DueDelivery> bundle)
    {
        var id = bundle[0].Message ?? Guid.CreateVersion7(unit.Now).ToString("D");
        var until = unit.Now + options.Value.Notifications.Timeout * MostLeased + LeaseMargin;
        foreach (var delivery in bundle)
            unit.Db.Execute("UPDATE alerting_deliveries SET status = 1, attempt = attempt + 1, message = @p1, lease_owner = @p2, lease_until = @p3 WHERE id = @p0", delivery.Id, id, _instance, until);
        var told = bundle.Select(d => d.NoticeId).Distinct().ToList();
        var notices = told.Order().Take(Message.Most).Select(n => NoticeTable.Find(unit.Db, n)).OfType<QueuedNotice>().ToList();
        return new Leased(new Message(id, notices, told.Count - notices.Count, options.Value.Notifications.ConsoleUrl ?? ""), [.. bundle.Select(d => d.Id)], bundle.Max(d => d.Attempt) + 1);
    }

    private async Task SendAsync(string channelId, Leased leased, CancellationToken cancellation)
    {
        var (kind, result) = await opener.SendAsync(channelId, leased.Message, cancellation).ConfigureAwait(false);
        var dead = result.Outcome == SendOutcome.Refused || (result.Outcome == SendOutcome.Later && leased.Attempt >= options.Value.Notifications.Attempts);
        var (status, outcome) = result.Outcome == SendOutcome.Sent ? (DeliveryStatus.Sent, "sent") : dead ? (DeliveryStatus.Dead, "dead") : (DeliveryStatus.Waiting, "later");
        metrics.MessageTried(kind, outcome);
        // What happened outside is recorded even while Beacon stops.
        await database.WriteAsync(unit =>
        {
            foreach (var id in leased.Deliveries)
            {
                if (status == DeliveryStatus.Waiting)
                    unit.Db.Execute("UPDATE alerting_deliveries SET status = 0, due_at = @p1, said = @p2, lease_owner = NULL WHERE id = @p0 AND status = 1 AND lease_owner = @p3",
                        id, unit.Now + WaitAfter(leased.Attempt, result.After), Text.Cut(result.Said, 500), _instance);
                else End(unit, id, status, result.Said);
            }
            return true;
        }, CancellationToken.None).ConfigureAwait(false);
        if (status == DeliveryStatus.Dead) LogDead(log, leased.Message.Level >= WarningLevel.Orange ? LogLevel.Error : LogLevel.Warning, leased.Message.Notices.Count + leased.Message.Omitted, channelId, result.Said);
    }

    private static void End(AlertingTransaction unit, long id, DeliveryStatus status, string said) => unit.Db.Execute(
        "UPDATE alerting_deliveries SET status = @p1, said = @p2, ended_at = @p3, lease_owner = NULL WHERE id = @p0", id, status, Text.Cut(said, 500), unit.Now);

    /// <summary>10 s, twice as long each time, up to half an hour; up to a fifth longer, so that many do not come back at once.</summary>
    internal static TimeSpan WaitAfter(int attempt, TimeSpan? asked)
    {
        var wait = FirstWait * Math.Pow(2, Math.Min(attempt - 1, 12));
        if (wait > LongestWait) wait = LongestWait;
        wait *= 1 + 0.2 * System.Security.Cryptography.RandomNumberGenerator.GetInt32(1_000) / 1_000.0;
        return asked > wait ? (asked > LongestAsked ? LongestAsked : asked.Value) : wait;
    }

    private static DateTimeOffset? QuietUntil(NotificationSetup setup, Channel channel, string person, DateTimeOffset now)
    {
        var ofPerson = setup.People.FirstOrDefault(p => p.Name == person)?.Quiet is { } own ? LocalTime.QuietUntil(own, now) : null;
        var ofChannel = channel.Quiet is { } its ? LocalTime.QuietUntil(its, now) : null;
        return ofPerson > ofChannel || ofChannel is null ? ofPerson : ofChannel;
    }

    [LoggerMessage(3501, LogLevel.Warning, "channel {Channel} failed in Beacon itself; tried again at the next tick")]
    private static partial void LogChannelFailed(ILogger logger, string channel, Exception error);

    [LoggerMessage(EventId = 3502, Message = "{Notices} notices could not be told by {Channel} and are dead letters: {Said}")]
    private static partial void LogDead(ILogger logger, LogLevel level, int notices, string channel, string said);
}
