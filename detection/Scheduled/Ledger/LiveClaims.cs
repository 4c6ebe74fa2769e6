using System.Data.Common;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.Ledger;

/// <summary>
/// Claims windows at the live edge. A rule that has fallen behind, by a stop or a pause, puts what it missed aside and goes on at the
/// edge, so that the past never delays the present.
/// </summary>
internal static class LiveClaims
{
    /// <summary>Windows of one rule that may be due at once before the older ones are put aside.</summary>
    public const int AtOnce = 3;

    public const string RuleWasOff = "the rule was off", NothingRan = "nothing evaluated it in time", BeforeWatch = "the program was not running, and this detector judges the present only";

    private enum ScheduleState
    {
        On,
        Off,
        Gone,
    }

    private sealed record Schedule(DateTimeOffset Next, string Title, TimeSpan Step, TimeSpan Span, ScheduleState State);

    /// <summary>True where <see cref="Claim"/> would write something.</summary>
    public static bool IsAnyDue(DbConnection connection, IReadOnlyList<PlannedRule> rules, DateTimeOffset completeUpTo)
    {
        var schedules = connection.Query("SELECT rule_id, next_start, title, step, span, state FROM detection_schedules", Read).ToDictionary(static s => s.Id, static s => s.Schedule, StringComparer.Ordinal);
        return rules.Any(rule => schedules.TryGetValue(rule.Rule.Id, out var schedule) ? schedule != Kept(schedule, rule) || (rule.Enabled && schedule.Next <= Due(rule, completeUpTo)) : rule.Enabled)
            || schedules.Any(s => s.Value.State != ScheduleState.Gone && !rules.Any(r => r.Rule.Id == s.Key));
    }

    /// <param name="started">When this process began to watch.</param>
    /// <param name="oldest">What starts before it is skipped with the reason; null for no ceiling.</param>
    public static List<WindowLease> Claim(
        DbTransaction transaction, IReadOnlyList<PlannedRule> rules, in ClaimContext claim, DateTimeOffset started, (DateTimeOffset Instant, Phrase Reason)? oldest, int limit)
    {
        var leases = new List<WindowLease>();
        var schedules = transaction.Query("SELECT rule_id, next_start, title, step, span, state FROM detection_schedules", Read).ToDictionary(static s => s.Id, static s => s.Schedule, StringComparer.Ordinal);
        foreach (var rule in rules)
        {
            if (!schedules.Remove(rule.Rule.Id, out var found))
            {
                if (!rule.Enabled) continue;
                // A rule seen for the first time begins with the window that is open now.
                var first = new DateTimeOffset(claim.Now.UtcTicks - (claim.Now.UtcTicks % rule.Rule.Interval.Ticks), TimeSpan.Zero);
                found = new Schedule(first, "", TimeSpan.Zero, TimeSpan.Zero, ScheduleState.On);
                transaction.Execute("INSERT INTO detection_schedules(rule_id, next_start) VALUES (@p0, @p1)", rule.Rule.Id, first);
            }
            var kept = Kept(found, rule);
            if (kept != found)
            {
                transaction.Execute("UPDATE detection_schedules SET title = @p0, step = @p1, span = @p2, state = @p3 WHERE rule_id = @p4",
                    kept.Title, Micros(kept.Step), Micros(kept.Span), kept.State, rule.Rule.Id);
            }
            if (!rule.Enabled || leases.Count >= limit) continue;
            var next = Advance(transaction, rule, found, claim, started, oldest, leases);
            if (next > found.Next) transaction.Execute("UPDATE detection_schedules SET next_start = @p0 WHERE rule_id = @p1", next, rule.Rule.Id);
        }
        foreach (var gone in schedules.Where(static s => s.Value.State != ScheduleState.Gone))
            transaction.Execute("UPDATE detection_schedules SET state = @p0 WHERE rule_id = @p1", ScheduleState.Gone, gone.Key);
        return leases;
    }

    private static DateTimeOffset Advance(
        DbTransaction transaction, PlannedRule rule, Schedule schedule, in ClaimContext claim, DateTimeOffset started, (DateTimeOffset Instant, Phrase Reason)? oldest, List<WindowLease> leases)
    {
        var (id, step, next, due) = (rule.Rule.Id, rule.Rule.Interval, schedule.Next, Due(rule, claim.SeenUpTo));
        void SkipTo(DbTransaction t, DateTimeOffset first, Phrase reason, DateTimeOffset now)
        {
            if (first <= next) return;
            LedgerTable.Skip(t, id, next, first, step, reason, now);
            next = first;
        }
        if (next > due) return next;
        if (oldest is { } ceiling && next < ceiling.Instant) SkipTo(transaction, StartFrom(rule, next, Earlier(ceiling.Instant, due + step)), ceiling.Reason, claim.Now);
        if (!rule.LooksBack && next + rule.Rule.Window <= started)
            SkipTo(transaction, StartFrom(rule, next, Earlier(started - rule.Rule.Window + TimeSpan.FromTicks(1), due + step)), BeforeWatch, claim.Now);
        if (next > due) return next;
        if (rule.IsSerial && LedgerTable.IsHeld(transaction, id, claim)) return next;
        if (rule.InOrder)
        {
            if (transaction.Scalar<long>("SELECT count(*) FROM detection_ledger WHERE rule_id = @p0 AND state IN (0, 2)", id) > 0) return next;
            leases.Add(LedgerTable.Open(transaction, rule, new TimeRange(next, next + rule.Rule.Window), 0, null, claim));
            return next + step;
        }
        var count = ((due - next).Ticks / step.Ticks) + 1;
        if (count > AtOnce)
        {
            var edge = next + (step * (count - 1));
            LedgerTable.PutAside(transaction, id, LedgerTable.Missed, next, edge, null, schedule.State == ScheduleState.Off ? (Phrase)RuleWasOff : NothingRan);
            next = edge;
        }
        do
        {
            leases.Add(LedgerTable.Open(transaction, rule, new TimeRange(next, next + rule.Rule.Window), 0, null, claim));
            next += step;
        }
        while (next <= due && !rule.IsSerial);
        return next;
    }

    private static Schedule Kept(Schedule schedule, PlannedRule rule) =>
        schedule with { Title = rule.Rule.Title, Step = rule.Rule.Interval, Span = rule.Rule.Window, State = rule.Enabled ? ScheduleState.On : ScheduleState.Off };

    /// <summary>Start of the last window that is due.</summary>
    private static DateTimeOffset Due(PlannedRule rule, DateTimeOffset completeUpTo) => completeUpTo - rule.Lateness - rule.Rule.Window;

    /// <summary>The first start of a window at or after the instant.</summary>
    private static DateTimeOffset StartFrom(PlannedRule rule, DateTimeOffset next, DateTimeOffset instant) =>
        instant <= next ? next : next + (rule.Rule.Interval * (((instant - next).Ticks + rule.Rule.Interval.Ticks - 1) / rule.Rule.Interval.Ticks));

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static long Micros(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    private static (string Id, Schedule Schedule) Read(DbDataReader r) =>
        (r.GetString(0), new Schedule(r.Instant(1), r.GetString(2), TimeSpan.FromMicroseconds(r.GetInt64(3)), TimeSpan.FromMicroseconds(r.GetInt64(4)), (ScheduleState)r.GetInt32(5)));
}
