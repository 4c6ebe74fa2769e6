using System.Data.Common;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.Ledger;

/// <summary>Claims what was missed, oldest first: windows whose holder is gone, failed ones whose time has come, spans put aside.</summary>
internal static class OverdueClaims
{
    /// <summary>Attempts after which a window whose holders die counts as failed and waits like one.</summary>
    public const int MaxTakeovers = 10;

    /// <summary>Rows read at most: those that can't be claimed now must not hide those that can.</summary>
    private const int MostRead = 2_000;

    // Rules that are off or gone wait; what they have open is not looked through each second.
    private const string LedgerIsOn = "EXISTS (SELECT 1 FROM detection_schedules s WHERE s.state = 0 AND s.rule_id = detection_ledger.rule_id)";
    private const string BacklogIsOn = "EXISTS (SELECT 1 FROM detection_schedules s WHERE s.state = 0 AND s.rule_id = detection_backlog.rule_id)";

    private const string DueAgain = $"((state = 0 AND {LedgerTable.Abandoned}) OR (state = 2 AND retry_at <= @p1))";

    private sealed record Span(long Id, string RuleId, int Kind, DateTimeOffset Next, DateTimeOffset End, DateTimeOffset? NewSince);

    /// <summary>True where <see cref="Claim"/> may find something.</summary>
    public static bool IsAnyDue(DbConnection connection, in ClaimContext claim) =>
        connection.Scalar<long>($"SELECT count(*) FROM (SELECT 1 FROM detection_ledger WHERE state IN (0, 2) AND {DueAgain} AND {LedgerIsOn} LIMIT 1) AS again", null, claim.Now, claim.Me.Node, claim.Me.Process) > 0
        || connection.Scalar<long>($"SELECT count(*) FROM (SELECT 1 FROM detection_backlog WHERE {BacklogIsOn} LIMIT 1) AS aside") > 0;

    /// <param name="ranges">Spans of time claimed at most; every rule that shares one joins it.</param>
    public static List<WindowLease> Claim(DbTransaction transaction, IReadOnlyDictionary<string, PlannedRule> rules, in ClaimContext claim, (DateTimeOffset Instant, Phrase Reason)? oldest, int ranges, int limit)
    {
        var leases = new List<WindowLease>();
        var serial = new HashSet<string>(StringComparer.Ordinal);
        Again(transaction, rules, claim, Math.Max(1, limit / 2), leases, serial);
        Aside(transaction, rules, claim, oldest, ranges, limit, leases, serial);
        return leases;
    }

    private static void Again(DbTransaction transaction, IReadOnlyDictionary<string, PlannedRule> rules, in ClaimContext claim, int limit, List<WindowLease> leases, HashSet<string> serial)
    {
        var found = transaction.Query(
            $"SELECT {LedgerTable.Columns} FROM detection_ledger WHERE state IN (0, 2) AND {DueAgain} AND {LedgerIsOn} ORDER BY window_start, rule_id, revision LIMIT @p0",
            LedgerTable.Read, MostRead, claim.Now, claim.Me.Node, claim.Me.Process);
        foreach (var window in found)
        {
            if (leases.Count >= limit) return;
            if (!rules.TryGetValue(window.RuleId, out var rule) || !rule.Enabled) continue;
            if (window is { State: WindowState.Running, Attempt: >= MaxTakeovers })
            {
                // It may be the window itself that ends its processes: they shall not all go the same way, one after the other.
                transaction.Execute("UPDATE detection_ledger SET state = 2, retry_at = @p0, reason = @p1 WHERE rule_id = @p2 AND window_start = @p3 AND revision = @p4",
                    claim.Now + Backoff.After(window.Attempt), $"{window.Attempt} processes ended while they evaluated it", window.RuleId, window.Start, window.Revision);
                continue;
            }
            if (rule.IsSerial && (!serial.Add(window.RuleId) || LedgerTable.IsHeld(transaction, window.RuleId, claim))) continue;
            transaction.Execute(
                "UPDATE detection_ledger SET state = 0, attempt = attempt + 1, token = token + 1, node = @p0, process = @p1, lease_until = @p2, seen_up_to = @p3, started = @p4, retry_at = NULL WHERE rule_id = @p5 AND window_start = @p6 AND revision = @p7",
                claim.Me.Node, claim.Me.Process, claim.Now + claim.Lease, claim.SeenUpTo, claim.Now, window.RuleId, window.Start, window.Revision);
            leases.Add(new WindowLease(rule.Rule, new TimeRange(window.Start, window.End), window.Revision, window.Attempt + 1, window.Token + 1, window.NewSince, claim.SeenUpTo));
        }
    }

    private static void Aside(
        DbTransaction transaction, IReadOnlyDictionary<string, PlannedRule> rules, in ClaimContext claim, (DateTimeOffset Instant, Phrase Reason)? oldest, int ranges, int limit, List<WindowLease> leases, HashSet<string> serial)
    {
        var spans = new PriorityQueue<Span, (DateTimeOffset, TimeSpan, string, long)>();
        void Add(Span span) => spans.Enqueue(span, (span.Next, rules[span.RuleId].Rule.Window, span.RuleId, span.Id));
        foreach (var span in transaction.Query($"SELECT id, rule_id, kind, next_start, end_start, new_since FROM detection_backlog WHERE {BacklogIsOn} ORDER BY next_start LIMIT {MostRead}",
            static r => new Span(r.GetInt64(0), r.GetString(1), r.GetInt32(2), r.Instant(3), r.Instant(4), r.InstantOrNull(5))))
        {
            if (rules.TryGetValue(span.RuleId, out var rule) && rule.Enabled) Add(span);
        }
        var taken = new HashSet<TimeRange>();
        while (leases.Count < limit && spans.TryDequeue(out var span, out _))
        {
            var rule = rules[span.RuleId];
            var (step, window) = (rule.Rule.Interval, rule.Rule.Window);
            if (span.Kind == LedgerTable.Missed && oldest is { } ceiling && span.Next < ceiling.Instant)
            {
                var to = span.Next + (step * (((ceiling.Instant - span.Next).Ticks + step.Ticks - 1) / step.Ticks));
                LedgerTable.Skip(transaction, span.RuleId, span.Next, to < span.End ? to : span.End, step, ceiling.Reason, claim.Now);
                if (Move(transaction, span, to) is { } kept) Add(kept);
                continue;
            }
            var range = new TimeRange(span.Next, span.Next + window);
            var past = (Start: range.From, Revision: -1, SeenUpTo: (DateTimeOffset?)null);
            if (span.Kind == LedgerTable.Late)
            {
                if (NextLooked(transaction, span) is not { } looked)
                {
                    Move(transaction, span, span.End);
                    continue;
                }
                range = new TimeRange(looked.Start, looked.End);
                past = (looked.Start, looked.Revision, looked.SeenUpTo);
            }
            if (!taken.Contains(range) && taken.Count >= ranges) break;
            if (rule.IsSerial && (!serial.Add(span.RuleId) || LedgerTable.IsHeld(transaction, span.RuleId, claim))) continue;
            taken.Add(range);
            var since = past.SeenUpTo is { } seen && span.NewSince is { } given && given < seen ? given : past.SeenUpTo;
            leases.Add(LedgerTable.Open(transaction, rule, range, past.Revision + 1, since, claim));
            if (Move(transaction, span, span.Kind == LedgerTable.Late ? range.From + TimeSpan.FromMicroseconds(1) : range.From + step) is { } rest) Add(rest);
        }
    }

    /// <summary>The next window of the span that was looked at; what never was, was left out for a reason or waits itself.</summary>
    private static (DateTimeOffset Start, DateTimeOffset End, int Revision, DateTimeOffset SeenUpTo)? NextLooked(DbTransaction transaction, Span span)
    {
        var found = transaction.Query(
            "SELECT window_start, window_end, revision, seen_up_to FROM detection_ledger WHERE rule_id = @p0 AND window_start >= @p1 AND window_start < @p2 AND state IN (0, 1, 2) ORDER BY window_start, revision DESC LIMIT 1",
            static r => (r.Instant(0), r.Instant(1), r.GetInt32(2), r.Instant(3)), span.RuleId, span.Next, span.End);
        return found.Count == 0 ? null : found[0];
    }

    private static Span? Move(DbTransaction transaction, Span span, DateTimeOffset next)
    {
        if (next >= span.End)
        {
            transaction.Execute("DELETE FROM detection_backlog WHERE id = @p0", span.Id);
            return null;
        }
        transaction.Execute("UPDATE detection_backlog SET next_start = @p0 WHERE id = @p1", next, span.Id);
        return span with { Next = next };
    }
}
