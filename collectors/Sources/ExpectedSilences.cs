using System.Collections.Frozen;
using System.Data.Common;
using Beacon.Events;

namespace Beacon.Collectors.Sources;

/// <summary>Silences that were announced, one a source: the last word counts.</summary>
public sealed class ExpectedSilences
{
    private readonly IStateDatabase _state;
    private readonly TimeProvider _time;
    private volatile FrozenDictionary<string, ExpectedSilence> _all = FrozenDictionary<string, ExpectedSilence>.Empty;

    internal ExpectedSilences(IStateDatabase state, TimeProvider time) => (_state, _time) = (state, time);

    /// <summary>What was said last of a source, over or not; null where nothing was.</summary>
    public ExpectedSilence? Find(string source) => _all.GetValueOrDefault(source);

    /// <summary>What was said last of each source, over or not, in no order.</summary>
    public IReadOnlyList<ExpectedSilence> All => _all.Values;

    /// <summary>Says that a source is silent from now until an instant, in place of what was said before.</summary>
    /// <returns>The faults for which it was refused; none where it was kept.</returns>
    public async Task<IReadOnlyList<SourceFault>> ExpectAsync(string source, DateTimeOffset until, string reason, string by, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        var faults = new List<SourceFault>();
        if (until <= now || until > now + ExpectedSilence.MaxSpan) faults.Add(new SourceFault("until", $"must be within {ExpectedSilence.MaxSpan.TotalDays:0} days from now"));
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > ExpectedSilence.MaxReason) faults.Add(new SourceFault("reason", $"must have 1 to {ExpectedSilence.MaxReason} characters"));
        if (faults.Count > 0) return faults;
        var known = await WriteAsync(tx => Write(tx, new ExpectedSilence(source, until, reason.Trim(), by, now)), cancellation).ConfigureAwait(false);
        return known ? [] : [new SourceFault("id", $"there is no source '{source}'")];
    }

    /// <summary>Ends it now: silence is watched for again from here on.</summary>
    /// <returns>False where none was expected any more.</returns>
    public async Task<bool> EndAsync(string source, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        return await WriteAsync(tx => tx.Execute("UPDATE collector_expected_silences SET until = @p1 WHERE source = @p0 AND until > @p1", source, now) > 0, cancellation).ConfigureAwait(false);
    }

    internal void Load(DbConnection connection) => _all = connection.Query("SELECT source, until, reason, by_whom, at FROM collector_expected_silences",
        static r => new ExpectedSilence(r.GetString(0), r.Instant(1), r.GetString(2), r.GetString(3), r.Instant(4))).ToFrozenDictionary(static s => s.Source, StringComparer.Ordinal);

    /// <summary>A source that comes again under a removed one's name begins anew.</summary>
    internal static void Forget(DbTransaction transaction, string source) => transaction.Execute("DELETE FROM collector_expected_silences WHERE source = @p0", source);

    private async Task<bool> WriteAsync(Func<DbTransaction, bool> write, CancellationToken cancellation)
    {
        var done = await _state.WriteAsync(write, cancellation).ConfigureAwait(false);
        await LoadAsync(cancellation).ConfigureAwait(false);
        return done;
    }

    internal Task LoadAsync(CancellationToken cancellation) => _state.ReadAsync(db =>
    {
        Load(db);
        return 0;
    }, cancellation);

    private static bool Write(DbTransaction transaction, ExpectedSilence s) => transaction.Execute(
        """
        INSERT INTO collector_expected_silences(source, until, reason, by_whom, at) SELECT id, @p1, @p2, @p3, @p4 FROM collector_sources WHERE id = @p0
        ON CONFLICT(source) DO UPDATE SET until = excluded.until, reason = excluded.reason, by_whom = excluded.by_whom, at = excluded.at
        """, s.Source, s.Until, s.Reason, s.By, s.At) > 0;
}
