using System.Data.Common;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.Ledger;

/// <summary>
/// The durable record of which rule looked at which window. A window's row is made before it is evaluated and finished in the
/// transaction that takes its detections, so whatever a crash interrupts is evaluated again, and nothing else is.
/// </summary>
internal sealed class EvaluationLedger(IStateDatabase database, TimeProvider time) : ILedgerView
{
    private const string Columns = "rule_id, window_start, window_end, state, attempt, result_rows, detections, started, finished, retry_at, reason";

    /// <summary>Start of the rule's next window; a rule seen for the first time begins with the window that is open now.</summary>
    public Task<DateTimeOffset> NextStartAsync(ScheduledRule rule, DateTimeOffset now, CancellationToken cancellation) => database.WriteAsync(transaction =>
    {
        var interval = rule.Interval.Ticks;
        var first = StateTime.ToMicroseconds(new DateTimeOffset(now.UtcTicks - (now.UtcTicks % interval), TimeSpan.Zero));
        transaction.Execute("INSERT INTO detection_schedules(rule_id, next_start) VALUES (@p0, @p1) ON CONFLICT(rule_id) DO NOTHING", rule.Id, first);
        return StateTime.FromMicroseconds(transaction.Scalar<long>("SELECT next_start FROM detection_schedules WHERE rule_id = @p0", rule.Id));
    }, cancellation);

    /// <summary>Opens the window and moves the rule on to the next, both or neither.</summary>
    public Task BeginAsync(ScheduledRule rule, TimeRange window, CancellationToken cancellation) => database.WriteAsync(transaction =>
    {
        transaction.Execute($"INSERT INTO detection_windows({Columns}) VALUES (@p0, @p1, @p2, @p3, 1, 0, 0, @p4, NULL, NULL, '') ON CONFLICT(rule_id, window_start) DO NOTHING",
            rule.Id, window.From, window.To, WindowState.Running, time.GetUtcNow());
        return Advance(transaction, rule.Id, window.From + rule.Interval);
    }, cancellation);

    /// <summary>Leaves out the windows that start from <paramref name="from"/> up to before <paramref name="to"/>.</summary>
    public Task SkipAsync(ScheduledRule rule, DateTimeOffset from, DateTimeOffset to, string reason, CancellationToken cancellation) => database.WriteAsync(transaction =>
    {
        // A rule that stays off makes one growing row, not one a minute.
        var joined = transaction.Execute(
            "UPDATE detection_windows SET window_end = @p0, finished = @p1 WHERE rule_id = @p2 AND window_end = @p3 AND state = @p4 AND reason = @p5",
            to, time.GetUtcNow(), rule.Id, from, WindowState.Skipped, reason);
        if (joined == 0)
        {
            transaction.Execute($"INSERT INTO detection_windows({Columns}) VALUES (@p0, @p1, @p2, @p3, 0, 0, 0, @p4, @p4, NULL, @p5) ON CONFLICT(rule_id, window_start) DO NOTHING",
                rule.Id, from, to, WindowState.Skipped, time.GetUtcNow(), reason);
        }
        return Advance(transaction, rule.Id, to);
    }, cancellation);

    /// <summary>Windows to evaluate again: interrupted ones (only at start) and failed ones whose time has come, oldest first.</summary>
    public Task<List<LedgerWindow>> DueAgainAsync(string ruleId, bool interrupted, int limit, CancellationToken cancellation) => database.ReadAsync(connection => connection.Query(
        $"SELECT {Columns} FROM detection_windows WHERE rule_id = @p0 AND ((state = @p1 AND retry_at IS NOT NULL AND retry_at <= @p2) OR (state = @p3 AND @p4 = 1)) ORDER BY window_start LIMIT @p5",
        Read, ruleId, WindowState.Failed, time.GetUtcNow(), WindowState.Running, interrupted, limit), cancellation);

    public Task RestartAsync(LedgerWindow window, CancellationToken cancellation) => database.WriteAsync(transaction => transaction.Execute(
        "UPDATE detection_windows SET state = @p0, attempt = attempt + 1, started = @p1, retry_at = NULL WHERE rule_id = @p2 AND window_start = @p3",
        WindowState.Running, time.GetUtcNow(), window.RuleId, window.Start), cancellation);

    /// <summary>Finishes a window within the transaction that takes its detections.</summary>
    public void Finish(DbTransaction transaction, string ruleId, DateTimeOffset start, EvaluationResult result) => transaction.Execute(
        "UPDATE detection_windows SET state = @p0, result_rows = @p1, detections = @p2, finished = @p3, retry_at = NULL, reason = '' WHERE rule_id = @p4 AND window_start = @p5",
        WindowState.Done, result.Rows, result.Detections.Count, time.GetUtcNow(), ruleId, start);

    /// <param name="retryAt">Null for a window that is given up.</param>
    public Task FailAsync(string ruleId, DateTimeOffset start, string reason, DateTimeOffset? retryAt, CancellationToken cancellation) => database.WriteAsync(transaction => transaction.Execute(
        "UPDATE detection_windows SET state = @p0, finished = @p1, retry_at = @p2, reason = @p3 WHERE rule_id = @p4 AND window_start = @p5",
        WindowState.Failed, time.GetUtcNow(), retryAt, reason, ruleId, start), cancellation);

    /// <summary>Forgets windows that ended before the instant; those still due stay.</summary>
    public Task<int> RemoveBeforeAsync(DateTimeOffset instant, CancellationToken cancellation) => database.WriteAsync(transaction => transaction.Execute(
        "DELETE FROM detection_windows WHERE window_end < @p0 AND state <> @p1 AND retry_at IS NULL", instant, WindowState.Running), cancellation);

    public Task<IReadOnlyList<LedgerSummary>> SummariseAsync(TimeSpan span, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<LedgerSummary>>(connection =>
    {
        var since = time.GetUtcNow() - span;
        var schedules = connection.Query("SELECT rule_id, next_start FROM detection_schedules ORDER BY rule_id", static r => (Id: r.GetString(0), Next: r.Instant(1)));
        var counts = connection.Query("SELECT rule_id, state, COUNT(*), SUM(window_end - window_start) FROM detection_windows WHERE window_end > @p0 GROUP BY rule_id, state",
            static r => (Id: r.GetString(0), State: (WindowState)r.GetInt32(1), Count: r.GetInt64(2), Length: r.GetInt64(3)), since).ToLookup(static c => c.Id);
        return [.. schedules.Select(schedule =>
        {
            var byState = counts[schedule.Id].ToDictionary(static c => c.State);
            var length = byState.Values.Sum(static c => c.Length);
            var done = byState.TryGetValue(WindowState.Done, out var d) ? d.Length : 0;
            return new LedgerSummary(schedule.Id, length == 0 ? 1 : (double)done / length, Count(WindowState.Done), Count(WindowState.Failed), Count(WindowState.Skipped), Count(WindowState.Running),
                schedule.Next, Gaps(connection, schedule.Id, since));

            long Count(WindowState state) => byState.TryGetValue(state, out var found) ? found.Count : 0;
        })];
    }, cancellation);

    public Task<IReadOnlyList<LedgerWindow>> WindowsAsync(string ruleId, int limit, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<LedgerWindow>>(connection =>
        connection.Query($"SELECT {Columns} FROM detection_windows WHERE rule_id = @p0 ORDER BY window_start DESC LIMIT @p1", Read, ruleId, Math.Clamp(limit, 1, 1_000)), cancellation);

    public Task<bool> RetryAsync(string ruleId, DateTimeOffset start, CancellationToken cancellation) => database.WriteAsync(transaction => transaction.Execute(
        "UPDATE detection_windows SET retry_at = @p0 WHERE rule_id = @p1 AND window_start = @p2 AND state = @p3", time.GetUtcNow(), ruleId, start, WindowState.Failed) > 0, cancellation);

    private static List<LedgerGap> Gaps(DbConnection connection, string ruleId, DateTimeOffset since)
    {
        var gaps = new List<LedgerGap>();
        foreach (var row in connection.Query($"SELECT {Columns} FROM detection_windows WHERE rule_id = @p0 AND window_end > @p1 AND state <> @p2 ORDER BY window_start LIMIT 1000",
            Read, ruleId, since, WindowState.Done))
        {
            if (gaps.Count > 0 && gaps[^1] is var last && last.State == row.State && last.Reason == row.Reason && last.To >= row.Start) gaps[^1] = last with { To = row.End };
            else if (gaps.Count < LedgerSummary.MaxGaps) gaps.Add(new LedgerGap(row.Start, row.End, row.State, row.Reason));
        }
        return gaps;
    }

    private static int Advance(DbTransaction transaction, string ruleId, DateTimeOffset next) =>
        transaction.Execute("UPDATE detection_schedules SET next_start = @p0 WHERE rule_id = @p1 AND next_start < @p0", next, ruleId);

    private static LedgerWindow Read(DbDataReader row) => new(
        row.GetString(0), row.Instant(1), row.Instant(2), (WindowState)row.GetInt32(3), row.GetInt32(4), row.GetInt64(5), row.GetInt32(6),
        row.Instant(7), row.InstantOrNull(8), row.InstantOrNull(9), row.GetString(10));
}
