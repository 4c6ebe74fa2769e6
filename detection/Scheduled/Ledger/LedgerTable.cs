using System.Data.Common;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.Ledger;

/// <summary>Rows of the ledger and what still waits to become one.</summary>
internal static class LedgerTable
{
    public const string Columns = "rule_id, window_start, window_end, revision, windows, state, attempt, token, node, lease_until, new_since, result_rows, detections, suppressed, started, finished, took, retry_at, reason";

    /// <summary>Kind of a backlog span: windows never looked at, or windows into which events came late.</summary>
    public const int Missed = 0, Late = 1;

    public static LedgerWindow Read(DbDataReader row) => new(
        row.GetString(0), row.Instant(1), row.Instant(2), row.GetInt32(3), row.GetInt64(4), (WindowState)row.GetInt32(5), row.GetInt32(6), row.GetInt64(7), row.GetString(8),
        row.GetInt64(9) == 0 ? null : row.Instant(9), row.InstantOrNull(10), row.GetInt64(11), row.GetInt32(12), row.GetInt32(13), row.Instant(14), row.InstantOrNull(15),
        TimeSpan.FromMicroseconds(row.GetInt64(16)), row.InstantOrNull(17), row.GetString(18));

    /// <summary>Opens a window's first look or a revision of it, and holds it.</summary>
    public static WindowLease Open(DbTransaction transaction, PlannedRule rule, TimeRange range, int revision, DateTimeOffset? newSince, in ClaimContext claim)
    {
        transaction.Execute(
            """
            INSERT INTO detection_ledger(rule_id, window_start, window_end, revision, windows, state, attempt, token, node, process, lease_until, new_since, seen_up_to, result_rows, detections, suppressed, started, took, reason)
            VALUES (@p0, @p1, @p2, @p3, 1, 0, 1, 1, @p4, @p5, @p6, @p7, @p8, 0, 0, 0, @p9, 0, '')
            """,
            rule.Rule.Id, range.From, range.To, revision, claim.Me.Node, claim.Me.Process, claim.Now + claim.Lease, newSince, claim.SeenUpTo, claim.Now);
        return new WindowLease(rule.Rule, range, revision, 1, 1, newSince, claim.SeenUpTo);
    }

    /// <summary>Leaves out the windows that start from <paramref name="from"/> up to before <paramref name="to"/>.</summary>
    public static void Skip(DbTransaction transaction, string ruleId, DateTimeOffset from, DateTimeOffset to, TimeSpan step, Phrase reason, DateTimeOffset now)
    {
        var (windows, why) = ((to - from).Ticks / step.Ticks, reason.ToString());
        // What goes on being left out makes one growing row, not one a minute.
        var joined = transaction.Execute(
            "UPDATE detection_ledger SET window_end = @p0, windows = windows + @p6, finished = @p1 WHERE rule_id = @p2 AND window_end = @p3 AND state = @p4 AND reason = @p5 AND revision = 0",
            to, now, ruleId, from, WindowState.Skipped, why, windows);
        if (joined > 0) return;
        transaction.Execute(
            """
            INSERT INTO detection_ledger(rule_id, window_start, window_end, revision, windows, state, attempt, token, node, process, lease_until, seen_up_to, result_rows, detections, suppressed, started, finished, took, reason)
            VALUES (@p0, @p1, @p2, 0, @p3, @p4, 0, 0, '', '', 0, @p5, 0, 0, 0, @p5, @p5, 0, @p6) ON CONFLICT(rule_id, window_start, revision) DO NOTHING
            """,
            ruleId, from, to, windows, WindowState.Skipped, now, why);
    }

    /// <summary>Puts a span of windows aside, to be looked at behind the live edge.</summary>
    public static void PutAside(DbTransaction transaction, string ruleId, int kind, DateTimeOffset from, DateTimeOffset to, DateTimeOffset? newSince, Phrase reason) => transaction.Execute(
        "INSERT INTO detection_backlog(id, rule_id, kind, next_start, end_start, new_since, reason) SELECT coalesce(max(id), 0) + 1, @p0, @p1, @p2, @p3, CAST(@p4 AS BIGINT), @p5 FROM detection_backlog",
        ruleId, kind, from, to, newSince, reason.ToString());

    /// <summary>True where a window of the rule is held by a process that may live.</summary>
    public static bool IsHeld(DbTransaction transaction, string ruleId, in ClaimContext claim) => transaction.Scalar<long>(
        $"SELECT count(*) FROM detection_ledger WHERE state = 0 AND rule_id = @p0 AND NOT {Abandoned}", ruleId, claim.Now, claim.Me.Node, claim.Me.Process) > 0;

    /// <summary>A held window whose holder is gone: its lease has ended, or it belonged to an earlier process of this node. @p1 now, @p2 node, @p3 process.</summary>
    public const string Abandoned = "(lease_until <= @p1 OR (node = @p2 AND process <> @p3))";
}

/// <summary>Who claims, when, by the database's clock, and on what data.</summary>
internal readonly record struct ClaimContext(NodeIdentity Me, DateTimeOffset Now, TimeSpan Lease, DateTimeOffset SeenUpTo);
