using System.Data.Common;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.Ledger;

/// <summary>Reads the ledger for people.</summary>
internal sealed class LedgerReport(IStateDatabase database) : ILedgerView
{
    private sealed record Schedule(string Id, string Title, DateTimeOffset Next, TimeSpan Step, TimeSpan Span, int State);

    private sealed record Aside(string RuleId, int Kind, DateTimeOffset Next, DateTimeOffset End, string Reason);

    public Task<IReadOnlyList<LedgerSummary>> SummariseAsync(TimeSpan span, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<LedgerSummary>>(connection =>
    {
        var now = database.Now(connection);
        var since = now - span;
        var counts = connection.Query("SELECT rule_id, state, sum(windows) FROM detection_ledger WHERE window_end > @p0 AND revision = 0 GROUP BY rule_id, state",
            static r => (Id: r.GetString(0), State: (WindowState)r.GetInt32(1), Count: r.GetInt64(2)), since).ToLookup(static c => c.Id, StringComparer.Ordinal);
        var revisions = connection.Query("SELECT rule_id, count(*) FROM detection_ledger WHERE window_end > @p0 AND revision > 0 AND state = 1 GROUP BY rule_id",
            static r => (r.GetString(0), r.GetInt64(1)), since).ToDictionary(StringComparer.Ordinal);
        var aside = connection.Query("SELECT rule_id, kind, next_start, end_start, reason FROM detection_backlog ORDER BY next_start LIMIT 10000",
            static r => new Aside(r.GetString(0), r.GetInt32(1), r.Instant(2), r.Instant(3), r.GetString(4))).ToLookup(static a => a.RuleId, StringComparer.Ordinal);
        var schedules = connection.Query("SELECT rule_id, title, next_start, step, span, state FROM detection_schedules ORDER BY title, rule_id",
            static r => new Schedule(r.GetString(0), r.GetString(1), r.Instant(2), TimeSpan.FromMicroseconds(r.GetInt64(3)), TimeSpan.FromMicroseconds(r.GetInt64(4)), r.GetInt32(5)));
        return [.. schedules.Select(schedule => Summarise(connection, schedule, since, now, counts[schedule.Id].ToDictionary(static c => c.State, static c => c.Count), revisions.GetValueOrDefault(schedule.Id), [.. aside[schedule.Id]]))];
    }, cancellation);

    public Task<IReadOnlyList<LedgerWindow>> WindowsAsync(string ruleId, int limit, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<LedgerWindow>>(connection =>
        connection.Query($"SELECT {LedgerTable.Columns} FROM detection_ledger WHERE rule_id = @p0 ORDER BY window_start DESC, revision LIMIT @p1", LedgerTable.Read, ruleId, Math.Clamp(limit, 1, 1_000)), cancellation);

    public Task<bool> RetryAsync(string ruleId, DateTimeOffset start, CancellationToken cancellation) => database.WriteAsync(transaction => transaction.Execute(
        "UPDATE detection_ledger SET retry_at = @p0 WHERE rule_id = @p1 AND window_start = @p2 AND state = 2", database.Now(transaction.Connection!), ruleId, start) > 0, cancellation);

    public Task<long> AbandonAsync(string ruleId, DateTimeOffset before, string by, CancellationToken cancellation) => database.WriteAsync(transaction =>
    {
        var now = database.Now(transaction.Connection!);
        Phrase given = $"given up by {by}";
        var reason = given.ToString();
        var abandoned = (long)transaction.Execute("UPDATE detection_ledger SET state = 3, retry_at = NULL, reason = @p0, finished = @p1 WHERE rule_id = @p2 AND window_start < @p3 AND state = 2", reason, now, ruleId, before);
        var step = TimeSpan.FromMicroseconds(transaction.Scalar<long>("SELECT step FROM detection_schedules WHERE rule_id = @p0", ruleId));
        foreach (var (id, kind, next, end) in transaction.Query("SELECT id, kind, next_start, end_start FROM detection_backlog WHERE rule_id = @p0 AND next_start < @p1",
            static r => (r.GetInt64(0), r.GetInt32(1), r.Instant(2), r.Instant(3)), ruleId, before))
        {
            var to = before >= end ? end : next + (step * (((before - next).Ticks + step.Ticks - 1) / step.Ticks));
            if (kind == LedgerTable.Missed)
            {
                LedgerTable.Skip(transaction, ruleId, next, to, step, given, now);
                abandoned += (to - next).Ticks / step.Ticks;
            }
            transaction.Execute(to >= end ? "DELETE FROM detection_backlog WHERE id = @p0" : "UPDATE detection_backlog SET next_start = @p1 WHERE id = @p0", id, to);
        }
        return abandoned;
    }, cancellation);

    private static LedgerSummary Summarise(
        DbConnection connection, Schedule schedule, DateTimeOffset since, DateTimeOffset now, Dictionary<WindowState, long> counts, long revisions, IReadOnlyList<Aside> aside)
    {
        var gaps = Gaps(connection, schedule.Id, since);
        long waiting = 0;
        foreach (var span in aside.Where(static a => a.Kind == LedgerTable.Missed)) Wait(span.Next, span.End, schedule.State == 0 ? WindowState.Waiting : WindowState.Paused, Phrase.Plain(span.Reason));
        // What is not due yet is no gap; a rule that is off, or whose file is gone, asks for nothing until it is there again.
        var due = now - schedule.Span;
        if (schedule.State != 0) Wait(schedule.Next, due, WindowState.Paused, schedule.State == 1 ? (Phrase)"the rule is off" : "the rule's file is gone");
        else if (due - schedule.Next > TimeSpan.FromDays(1) + schedule.Step) Wait(schedule.Next, due, WindowState.Waiting, LiveClaims.NothingRan);
        var (done, failed, skipped, running) = (Of(WindowState.Done), Of(WindowState.Failed), Of(WindowState.Skipped), Of(WindowState.Running));
        var all = done + failed + skipped + running + waiting;
        return new LedgerSummary(schedule.Id, schedule.Title, all == 0 ? 1 : (double)done / all, done, failed, skipped, running, waiting, revisions,
            aside.Count(static a => a.Kind == LedgerTable.Late), schedule.Next, [.. gaps.OrderBy(static g => g.From).Take(LedgerSummary.MaxGaps)]);

        long Of(WindowState state) => counts.GetValueOrDefault(state);

        void Wait(DateTimeOffset from, DateTimeOffset to, WindowState state, Phrase reason)
        {
            if (from < since) from += schedule.Step * ((since - from).Ticks / schedule.Step.Ticks);
            if (to <= from) return;
            var windows = (to - from).Ticks / schedule.Step.Ticks;
            if (windows == 0) return;
            waiting += windows;
            gaps.Add(new LedgerGap(from, to, state, windows, reason.ToString()));
        }
    }

    private static List<LedgerGap> Gaps(DbConnection connection, string ruleId, DateTimeOffset since)
    {
        var gaps = new List<LedgerGap>();
        foreach (var row in connection.Query($"SELECT {LedgerTable.Columns} FROM detection_ledger WHERE rule_id = @p0 AND window_end > @p1 AND state <> @p2 ORDER BY window_start LIMIT 1000",
            LedgerTable.Read, ruleId, since, WindowState.Done))
        {
            if (gaps.Count > 0 && gaps[^1] is var last && last.State == row.State && last.Reason == row.Reason && last.To >= row.Start) gaps[^1] = last with { To = row.End, Windows = last.Windows + row.Windows };
            else gaps.Add(new LedgerGap(row.Start, row.End, row.State, row.Windows, row.Reason));
        }
        return gaps;
    }
}
