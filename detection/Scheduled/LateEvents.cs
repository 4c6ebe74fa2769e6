using System.Globalization;
using Beacon.Detections.Scheduled.Ledger;
using Beacon.Events;
using Microsoft.Extensions.Options;

namespace Beacon.Detections.Scheduled;

/// <summary>
/// Finds events that came after their windows had closed, and puts those windows aside for a look again. One histogram of the times
/// of the events received since the last look says where to look; only windows at the edge are counted one by one.
/// </summary>
internal sealed class LateEvents(IStateDatabase database, IEventStore store, IOptions<DetectionOptions> options)
{
    private static readonly TimeSpan FineSpan = TimeSpan.FromDays(1), Fine = TimeSpan.FromMinutes(1), Coarse = TimeSpan.FromHours(1);

    private sealed record Looked(string RuleId, DateTimeOffset Start, DateTimeOffset End, DateTimeOffset SeenUpTo);

    /// <returns>Number of spans put aside.</returns>
    public async Task<int> LookAsync(IReadOnlyList<PlannedRule> rules, DateTimeOffset completeUpTo, CancellationToken cancellation)
    {
        var look = await database.WriteAsync(transaction => LateLooks.Find(transaction, completeUpTo), cancellation).ConfigureAwait(false);
        if (look.UpTo >= completeUpTo) return 0;
        var since = EventFilter.And(Received(FieldTest.GreaterOrEqual, look.UpTo), Received(FieldTest.Less, completeUpTo));
        var horizon = completeUpTo - TimeSpan.FromDays(options.Value.LedgerDays);
        var fine = Floor(completeUpTo - FineSpan, Coarse);
        var touched = await RunsAsync(since, new TimeRange(horizon < fine ? Floor(horizon, Coarse) : fine, fine), Coarse, cancellation).ConfigureAwait(false);
        touched.AddRange(await RunsAsync(since, new TimeRange(fine, completeUpTo), Fine, cancellation).ConfigureAwait(false));
        var concerned = rules.Where(static r => r is { LooksBack: true, InOrder: false }).ToDictionary(static r => r.Rule.Id, static r => r.Rule.Interval, StringComparer.Ordinal);
        var late = new List<(string RuleId, TimeRange Starts)>();
        var counts = new Dictionary<(TimeRange, DateTimeOffset), bool>();
        foreach (var run in touched)
        {
            var windows = await database.ReadAsync(connection => connection.Query(
                "SELECT rule_id, window_start, max(window_end), max(seen_up_to) FROM detection_ledger WHERE window_end > @p0 AND window_start < @p1 AND state IN (0, 1) GROUP BY rule_id, window_start ORDER BY rule_id, window_start",
                static r => new Looked(r.GetString(0), r.Instant(1), r.Instant(2), r.Instant(3)), run.From, run.To), cancellation).ConfigureAwait(false);
            foreach (var window in windows)
            {
                if (!concerned.TryGetValue(window.RuleId, out var interval) || !await IsLateAsync(window, look, completeUpTo, counts, cancellation).ConfigureAwait(false)) continue;
                var starts = new TimeRange(window.Start, window.Start.AddTicks(TimeSpan.TicksPerMicrosecond));
                if (late.Count > 0 && late[^1].RuleId == window.RuleId && window.Start >= late[^1].Starts.From && window.Start <= late[^1].Starts.To + interval) late[^1] = (window.RuleId, late[^1].Starts with { To = starts.To });
                else late.Add((window.RuleId, starts));
            }
        }
        return await database.WriteAsync(transaction =>
        {
            if (!LateLooks.Move(transaction, look, completeUpTo)) return 0;
            foreach (var (ruleId, starts) in late)
            {
                // Windows that wait already will see these events too.
                var joined = transaction.Execute("UPDATE detection_backlog SET next_start = CASE WHEN next_start < @p0 THEN next_start ELSE @p0 END, end_start = CASE WHEN end_start > @p1 THEN end_start ELSE @p1 END WHERE rule_id = @p2 AND kind = 1 AND next_start <= @p1 AND end_start >= @p0",
                    starts.From, starts.To, ruleId);
                if (joined == 0) LedgerTable.PutAside(transaction, ruleId, LedgerTable.Late, starts.From, starts.To, look.RewoundFrom is null ? null : look.UpTo, "events came late");
                else if (look.RewoundFrom is not null) transaction.Execute("UPDATE detection_backlog SET new_since = @p0 WHERE rule_id = @p1 AND kind = 1 AND (new_since IS NULL OR new_since > @p0)", look.UpTo, ruleId);
            }
            return late.Count;
        }, cancellation).ConfigureAwait(false);
    }

    private async Task<bool> IsLateAsync(Looked window, LateLook look, DateTimeOffset completeUpTo, Dictionary<(TimeRange, DateTimeOffset), bool> counts, CancellationToken cancellation)
    {
        if (look.RewoundFrom is not null || window.SeenUpTo <= look.UpTo) return true;
        if (window.SeenUpTo >= completeUpTo) return false;
        // Looked at since the last look: some of what came since then was seen, and some may not have been.
        var key = (new TimeRange(window.Start, window.End), window.SeenUpTo);
        if (!counts.TryGetValue(key, out var any))
            counts[key] = any = await store.CountAsync(Received(FieldTest.GreaterOrEqual, window.SeenUpTo), key.Item1, cancellation).ConfigureAwait(false) > 0;
        return any;
    }

    /// <summary>The spans in which matching events lie.</summary>
    private async Task<List<TimeRange>> RunsAsync(EventFilter filter, TimeRange range, TimeSpan interval, CancellationToken cancellation)
    {
        var runs = new List<TimeRange>();
        if (range.From >= range.To) return runs;
        foreach (var bucket in await store.HistogramAsync(filter, range, interval, cancellation).ConfigureAwait(false))
        {
            var span = new TimeRange(bucket.Start, bucket.Start + interval);
            if (runs.Count > 0 && runs[^1].To >= span.From) runs[^1] = runs[^1] with { To = span.To };
            else runs.Add(span);
        }
        return runs;
    }

    private static FieldFilter Received(FieldTest test, DateTimeOffset instant) => new("event.ingested", test, instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));

    private static DateTimeOffset Floor(DateTimeOffset instant, TimeSpan step) => new(instant.UtcTicks - (instant.UtcTicks % step.Ticks), TimeSpan.Zero);
}
