using System.Data.Common;
using Beacon.Events;
using Microsoft.Extensions.Logging;

namespace Beacon.Collectors.Pipeline;

/// <summary>
/// Counts, per source and minute of receipt, what became of every frame. Frames that passed the spool are counted exactly, also across
/// crashes; what was lost before it (a datagram that the kernel dropped) is written each second.
/// </summary>
public sealed partial class LossLedger
{
    /// <summary>Rows that <see cref="MinutesAsync"/> answers with at most.</summary>
    public const int MaxRows = 100_000;

    /// <summary>Source under which damage of the spool itself is counted.</summary>
    public const string SpoolSource = "spool";

    private readonly IStateDatabase _state;
    private readonly TimeProvider _time;
    private readonly CollectorsMeter _meter;
    private readonly int _minuteDays;
    private readonly ILogger<LossLedger> _log;
    private readonly Lock _gate = new();
    private LedgerDelta _drops = new();
    private Func<long> _inFlight = () => 0;
    private long _folded;

    internal LossLedger(IStateDatabase state, CollectorsOptions options, TimeProvider time, CollectorsMeter meter, ILogger<LossLedger> log)
    {
        _state = state;
        _time = time;
        _meter = meter;
        _minuteDays = options.LedgerMinuteDays;
        _log = log;
    }

    /// <summary>Frames in the spool whose fate is not in the ledger yet.</summary>
    public long InFlight => _inFlight();

    internal void Watch(Func<long> inFlight) => _inFlight = inFlight;

    /// <summary>Counts frames that were lost before they reached the spool.</summary>
    internal void Drop(string source, long frames, string reason)
    {
        if (frames <= 0) return;
        _meter.Dropped(source, reason, frames);
        lock (_gate) _drops.Add(source, StateTime.ToMicroseconds(_time.GetUtcNow()), new LedgerCounts(frames, 0, 0, frames));
    }

    /// <summary>Writes what <see cref="Drop"/> counted; kept for the next time where the database refuses.</summary>
    internal async Task FlushDropsAsync(CancellationToken cancellation)
    {
        LedgerDelta drops;
        lock (_gate)
        {
            if (_drops.Counts.Count == 0) return;
            drops = _drops;
            _drops = new LedgerDelta();
        }
        try
        {
            await _state.WriteAsync(tx => { Apply(tx, drops); return 0; }, cancellation).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is DbException or IOException or InvalidOperationException or OperationCanceledException)
        {
            lock (_gate)
                foreach (var ((source, minute), counts) in drops.Counts) _drops.Add(source, minute * 60_000_000, counts);
            if (fault is OperationCanceledException) throw;
            FlushFailed(_log, fault.Message);
        }
    }

    internal static void Apply(DbTransaction transaction, LedgerDelta delta)
    {
        foreach (var ((source, minute), c) in delta.Counts)
            transaction.Execute(
                """
                INSERT INTO collector_ledger(source, minute, received, stored, quarantined, dropped) VALUES (@p0, @p1, @p2, @p3, @p4, @p5)
                ON CONFLICT(source, minute) DO UPDATE SET received = collector_ledger.received + excluded.received, stored = collector_ledger.stored + excluded.stored,
                    quarantined = collector_ledger.quarantined + excluded.quarantined, dropped = collector_ledger.dropped + excluded.dropped
                """, source, minute, c.Received, c.Stored, c.Quarantined, c.Dropped);
    }

    /// <summary>Folds minutes older than the configured days into days, at most once an hour.</summary>
    internal async Task FoldAsync(CancellationToken cancellation)
    {
        var now = StateTime.ToMicroseconds(_time.GetUtcNow()) / 60_000_000;
        if (now - _folded < 60) return;
        _folded = now;
        var before = (now / 1440 - _minuteDays) * 1440;
        await _state.WriteAsync(tx =>
        {
            tx.Execute(
                """
                INSERT INTO collector_ledger_days(source, minute, received, stored, quarantined, dropped)
                SELECT source, (minute / 1440) * 1440, SUM(received), SUM(stored), SUM(quarantined), SUM(dropped) FROM collector_ledger WHERE minute < @p0 GROUP BY source, (minute / 1440) * 1440
                ON CONFLICT(source, minute) DO UPDATE SET received = collector_ledger_days.received + excluded.received, stored = collector_ledger_days.stored + excluded.stored,
                    quarantined = collector_ledger_days.quarantined + excluded.quarantined, dropped = collector_ledger_days.dropped + excluded.dropped
                """, before);
            return tx.Execute("DELETE FROM collector_ledger WHERE minute < @p0", before);
        }, cancellation).ConfigureAwait(false);
    }

    /// <summary>Totals by source over a span of time of receipt.</summary>
    public Task<IReadOnlyDictionary<string, LedgerCounts>> TotalsAsync(TimeRange range, CancellationToken cancellation) => ReadTotalsAsync(_state, range, cancellation);

    /// <summary>The same from a state database, for reading beside a running process.</summary>
    public static Task<IReadOnlyDictionary<string, LedgerCounts>> ReadTotalsAsync(IStateDatabase state, TimeRange range, CancellationToken cancellation) =>
        state.ReadAsync<IReadOnlyDictionary<string, LedgerCounts>>(db => db.Query(
            """
            SELECT source, SUM(received), SUM(stored), SUM(quarantined), SUM(dropped) FROM (
                SELECT * FROM collector_ledger WHERE minute >= @p0 AND minute < @p1 UNION ALL
                SELECT * FROM collector_ledger_days WHERE minute >= @p0 AND minute < @p1) AS rows GROUP BY source
            """, r => (Source: r.GetString(0), Counts: Counts(r, 1)), Minute(range.From), MinuteUp(range.To))
            .ToDictionary(r => r.Source, r => r.Counts), cancellation);

    /// <summary>The minutes of a span, oldest first, at most <see cref="MaxRows"/> of them (the newest).</summary>
    /// <param name="source">Null for all.</param>
    public Task<IReadOnlyList<LedgerRow>> MinutesAsync(string? source, TimeRange range, CancellationToken cancellation) =>
        _state.ReadAsync<IReadOnlyList<LedgerRow>>(db =>
        {
            var rows = db.Query(
                """
                SELECT source, minute, received, stored, quarantined, dropped FROM (
                    SELECT * FROM collector_ledger WHERE minute >= @p0 AND minute < @p1 UNION ALL
                    SELECT * FROM collector_ledger_days WHERE minute >= @p0 AND minute < @p1) AS rows
                WHERE @p2 = '' OR source = @p2 ORDER BY minute DESC, source LIMIT @p3
                """,
                r => new LedgerRow(r.GetString(0), StateTime.FromMicroseconds(r.GetInt64(1) * 60_000_000), Counts(r, 2)),
                Minute(range.From), MinuteUp(range.To), source ?? "", MaxRows);
            rows.Reverse();
            return rows;
        }, cancellation);

    /// <summary>The hours of a span, oldest first; hours in which nothing came are left out, and those of minutes that were folded into days.</summary>
    public Task<IReadOnlyList<LedgerRow>> HoursAsync(string source, TimeRange range, CancellationToken cancellation) =>
        _state.ReadAsync<IReadOnlyList<LedgerRow>>(db => db.Query(
            "SELECT minute / 60, SUM(received), SUM(stored), SUM(quarantined), SUM(dropped) FROM collector_ledger WHERE source = @p0 AND minute >= @p1 AND minute < @p2 GROUP BY minute / 60 ORDER BY 1 LIMIT @p3",
            r => new LedgerRow(source, StateTime.FromMicroseconds(r.GetInt64(0) * 3_600_000_000), Counts(r, 1)), source, Minute(range.From), MinuteUp(range.To), MaxRows), cancellation);

    private static LedgerCounts Counts(DbDataReader r, int at) => new(r.GetInt64(at), r.GetInt64(at + 1), r.GetInt64(at + 2), r.GetInt64(at + 3));
    private static long Minute(DateTimeOffset time) => StateTime.ToMicroseconds(time) / 60_000_000;
    private static long MinuteUp(DateTimeOffset time) => (StateTime.ToMicroseconds(time) + 59_999_999) / 60_000_000;

    [LoggerMessage(1020, LogLevel.Warning, "Counts of dropped frames could not be written and are kept: {Reason}")]
    private static partial void FlushFailed(ILogger log, string reason);
}
