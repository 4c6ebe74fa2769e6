using Beacon.Alerting.Notifications.Channels;
using Beacon.Alerting.Notifications.Setup;
using Beacon.Alerting.Storage;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Notifications.Sending;

/// <summary>Decides who is told of a notice, and who next where nobody answers. Bounded: the next round goes on.</summary>
internal static class NoticeRouter
{
    private const int Batch = 200;
    private const string Cursor = "notice-routed";

    /// <summary>Routes what was queued since, and escalates what is due.</summary>
    /// <returns>How many notices and steps it saw to.</returns>
    public static int Run(AlertingTransaction unit)
    {
        var upTo = unit.Db.Scalar<long>("SELECT coalesce(max(value), 0) FROM alerting_counters WHERE name = @p0", Cursor);
        var fresh = NoticeTable.After(unit.Db, upTo, Batch);
        var due = unit.Db.Query("SELECT notice_id, route, step FROM alerting_escalations WHERE due_at <= @p0 ORDER BY due_at LIMIT @p1", r => (Notice: r.GetInt64(0), Route: r.GetString(1), Step: r.GetInt32(2)), unit.Now, Batch);
        if (fresh.Count == 0 && due.Count == 0) return 0;
        var setup = NotificationSetups.Current(unit.Db);
        foreach (var notice in fresh)
        {
            foreach (var route in setup.Routes.Where(r => Fits(r, notice)))
            {
                Deliver(unit, setup, notice, route, 0, route.Targets);
                Plan(unit, notice, route, 0);
            }
        }
        if (fresh.Count > 0)
            unit.Db.Execute("INSERT INTO alerting_counters(name, value) VALUES (@p0, @p1) ON CONFLICT(name) DO UPDATE SET value = @p1", Cursor, fresh[^1].Id);
        foreach (var (noticeId, routeId, step) in due)
        {
            unit.Db.Execute("DELETE FROM alerting_escalations WHERE notice_id = @p0 AND route = @p1", noticeId, routeId);
            // A route or notice that is gone calls nobody.
            if (NoticeTable.Find(unit.Db, noticeId) is not { } notice || setup.Routes.FirstOrDefault(r => r.Id == routeId) is not { } route || step >= route.Escalation.Count) continue;
            if (Answered.Is(unit.Db, notice.Reference, notice.At)) continue;
            Deliver(unit, setup, notice, route, step + 1, route.Escalation[step].Targets);
            Plan(unit, notice, route, step + 1);
        }
        return fresh.Count + due.Count;
    }

    private static bool Fits(Route route, QueuedNotice notice) =>
        (route.Kinds.Count == 0 || route.Kinds.Contains(notice.Kind)) && notice.Level >= route.AtLeast && (route.Audiences.Count == 0 || route.Audiences.Contains(notice.Audience));

    private static void Plan(AlertingTransaction unit, QueuedNotice notice, Route route, int step)
    {
        if (step >= route.Escalation.Count) return;
        unit.Db.Execute("INSERT INTO alerting_escalations(notice_id, route, step, due_at) VALUES (@p0,@p1,@p2,@p3) ON CONFLICT(notice_id, route) DO NOTHING",
            notice.Id, route.Id, step, notice.At + TimeSpan.FromMinutes(route.Escalation[step].AfterMinutes));
    }

    private static void Deliver(AlertingTransaction unit, NotificationSetup setup, QueuedNotice notice, Route route, int step, IReadOnlyList<string> targets)
    {
        foreach (var (channel, person) in targets.SelectMany(t => Resolve(setup, t, notice, unit.Now)).DistinctBy(x => x.Channel))
        {
            if (setup.Channels.FirstOrDefault(c => c.Id == channel) is not { Enabled: true }) continue;
            // What waits already about the same thing goes together with it.
            var together = step > 0 || notice.Level >= WarningLevel.Orange ? null : unit.Db.Scalar<long?>(
                "SELECT min(due_at) FROM alerting_deliveries WHERE channel = @p0 AND status = 0 AND reference = @p1 AND message IS NULL AND due_at > @p2", channel, notice.Reference, unit.Now);
            var dueAt = together is { } instant ? StateTime.FromMicroseconds(instant) : step > 0 ? unit.Now : unit.Now + TimeSpan.FromSeconds(route.GroupSeconds);
            unit.Db.Execute(
                """
                INSERT INTO alerting_deliveries(id, notice_id, channel, person, route, step, reference, level, status, attempt, due_at, said, created_at)
                VALUES (@p0,@p1,@p2,@p3,@p4,@p5,@p6,@p7,0,0,@p8,'',@p9) ON CONFLICT(notice_id, channel, step) DO NOTHING
                """, unit.Next("delivery"), notice.Id, channel, person, route.Id, step, notice.Reference, notice.Level, dueAt, unit.Now);
        }
    }

    private static IEnumerable<(string Channel, string Person)> Resolve(NotificationSetup setup, string target, QueuedNotice notice, DateTimeOffset now)
    {
        var (kind, name) = Target.Split(target);
        var person = kind switch
        {
            Target.Person => name,
            Target.OnCall => setup.Schedules.FirstOrDefault(s => s.Id == name) is { } schedule ? LocalTime.OnCall(schedule, now) : null,
            Target.Audience => Target.Split(notice.Audience) is (Target.Person, var named) ? named : null,
            _ => null,
        };
        if (kind == Target.Channel) return [(name, "")];
        return setup.People.FirstOrDefault(p => p.Name == person) is { } known ? known.Channels.Select(c => (c, known.Name)) : [];
    }
}
