using System.Data.Common;
using Beacon.Events;
using Microsoft.Extensions.Options;

namespace Beacon.Detections.Scheduled.Ledger;

/// <summary>
/// The durable record of which rule looked at which window. A window is claimed under a lease before it is evaluated, and closed in
/// the transaction that takes its detections, by whoever holds it then: whatever a crash interrupts is evaluated again, nothing else
/// is, and what a late holder writes is refused. All times of leases are the database's.
/// </summary>
internal sealed class EvaluationLedger(IStateDatabase database, NodeIdentity me, IOptions<DetectionOptions> options)
{
    private DateTimeOffset? _started;

    /// <summary>Claims what is due at the live edge.</summary>
    public async Task<IReadOnlyList<WindowLease>> ClaimLiveAsync(IReadOnlyList<PlannedRule> rules, DateTimeOffset completeUpTo, CancellationToken cancellation)
    {
        var started = _started ??= await database.ReadAsync(database.Now, cancellation).ConfigureAwait(false);
        if (!await database.ReadAsync(connection => LiveClaims.IsAnyDue(connection, rules, completeUpTo), cancellation).ConfigureAwait(false)) return [];
        return await database.WriteAsync(transaction =>
        {
            var claim = Context(transaction.Connection!, completeUpTo);
            return LiveClaims.Claim(transaction, rules, claim, started, Oldest(claim.Now), options.Value.WindowsPerLook);
        }, cancellation).ConfigureAwait(false);
    }

    /// <summary>Claims what was missed, failed, was abandoned or came late.</summary>
    public async Task<IReadOnlyList<WindowLease>> ClaimOverdueAsync(IReadOnlyList<PlannedRule> rules, DateTimeOffset completeUpTo, CancellationToken cancellation)
    {
        if (!await database.ReadAsync(connection => OverdueClaims.IsAnyDue(connection, Context(connection, completeUpTo)), cancellation).ConfigureAwait(false)) return [];
        var byId = rules.ToDictionary(static r => r.Rule.Id, StringComparer.Ordinal);
        return await database.WriteAsync(transaction =>
        {
            var claim = Context(transaction.Connection!, completeUpTo);
            return OverdueClaims.Claim(transaction, byId, claim, Oldest(claim.Now), options.Value.EvaluationParallelism * 4, options.Value.WindowsPerLook);
        }, cancellation).ConfigureAwait(false);
    }

    /// <summary>Holds the windows for a further lease.</summary>
    /// <returns>Those that are this process's no more.</returns>
    public Task<IReadOnlyList<WindowLease>> RenewAsync(IReadOnlyList<WindowLease> leases, CancellationToken cancellation) => database.WriteAsync<IReadOnlyList<WindowLease>>(transaction =>
    {
        var until = database.Now(transaction.Connection!) + TimeSpan.FromSeconds(options.Value.LeaseSeconds);
        return [.. leases.Where(lease => transaction.Execute(
            "UPDATE detection_ledger SET lease_until = @p0 WHERE rule_id = @p1 AND window_start = @p2 AND revision = @p3 AND token = @p4 AND state = 0",
            until, lease.Rule.Id, lease.Range.From, lease.Revision, lease.Token) == 0)];
    }, cancellation);

    /// <summary>Closes a window within the transaction that takes its detections.</summary>
    /// <exception cref="LeaseLostException">Another process holds it, or has closed it: the transaction must not be kept.</exception>
    public void Close(DbTransaction transaction, WindowLease lease, EvaluationResult result, int suppressed, TimeSpan took)
    {
        if (!TryClose(transaction, lease, result, suppressed, took)) throw new LeaseLostException(lease);
    }

    /// <summary>Closes windows that found nothing, in one transaction.</summary>
    /// <returns>Those that were this process's no more.</returns>
    public Task<IReadOnlyList<WindowLease>> CloseEmptyAsync(IReadOnlyList<(WindowLease Lease, EvaluationResult Result, TimeSpan Took)> windows, CancellationToken cancellation) =>
        database.WriteAsync<IReadOnlyList<WindowLease>>(transaction => [.. windows.Where(w => !TryClose(transaction, w.Lease, w.Result, 0, w.Took)).Select(static w => w.Lease)], cancellation);

    /// <summary>Notes a failure; the window is due again after <see cref="Backoff"/>.</summary>
    public Task FailAsync(WindowLease lease, string reason, TimeSpan took, CancellationToken cancellation) => database.WriteAsync(transaction =>
    {
        var now = database.Now(transaction.Connection!);
        return transaction.Execute(
            "UPDATE detection_ledger SET state = @p0, finished = @p1, retry_at = @p2, reason = @p3, took = @p4, lease_until = 0 WHERE rule_id = @p5 AND window_start = @p6 AND revision = @p7 AND token = @p8 AND state = 0",
            WindowState.Failed, now, now + Backoff.After(lease.Attempt), reason, Micros(took), lease.Rule.Id, lease.Range.From, lease.Revision, lease.Token);
    }, cancellation);

    /// <summary>Forgets windows that ended before the ledger's days, and silences that have ended.</summary>
    /// <returns>How many of them had failed until then.</returns>
    public Task<int> ForgetAsync(CancellationToken cancellation) => database.WriteAsync(transaction =>
    {
        var now = database.Now(transaction.Connection!);
        var before = now - TimeSpan.FromDays(options.Value.LedgerDays);
        var lost = transaction.Execute("DELETE FROM detection_ledger WHERE window_end < @p0 AND state = 2", before);
        transaction.Execute("DELETE FROM detection_ledger WHERE window_end < @p0 AND state IN (1, 3)", before);
        transaction.Execute("DELETE FROM detection_suppressions WHERE until < @p0", before);
        transaction.Execute("DELETE FROM detection_schedules WHERE state = 2 AND next_start < @p0", before);
        transaction.Execute("DELETE FROM detection_backlog WHERE NOT EXISTS (SELECT 1 FROM detection_schedules s WHERE s.rule_id = detection_backlog.rule_id)");
        return lost;
    }, cancellation);

    private bool TryClose(DbTransaction transaction, WindowLease lease, EvaluationResult result, int suppressed, TimeSpan took) => transaction.Execute(
        "UPDATE detection_ledger SET state = @p0, result_rows = @p1, detections = @p2, suppressed = @p3, finished = @p4, took = @p5, retry_at = NULL, lease_until = 0, reason = '' WHERE rule_id = @p6 AND window_start = @p7 AND revision = @p8 AND token = @p9 AND state = 0",
        WindowState.Done, result.Rows, result.Detections.Count - suppressed, suppressed, database.Now(transaction.Connection!), Micros(took), lease.Rule.Id, lease.Range.From, lease.Revision, lease.Token) > 0;

    private ClaimContext Context(DbConnection connection, DateTimeOffset completeUpTo) => new(me, database.Now(connection), TimeSpan.FromSeconds(options.Value.LeaseSeconds), completeUpTo);

    private (DateTimeOffset, Phrase)? Oldest(DateTimeOffset now) => options.Value.CatchUpDays is var days and > 0
        ? (now - TimeSpan.FromDays(days), $"older than the {days} days of Detection:CatchUpDays")
        : null;

    private static long Micros(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;
}
