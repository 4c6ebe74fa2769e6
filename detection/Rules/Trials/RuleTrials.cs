using Beacon.Detections.Rules.Stages;
using Beacon.Events;

namespace Beacon.Detections.Rules.Trials;

/// <summary>When each rule's text was last tried, and how, in the state database.</summary>
public sealed class RuleTrials(IStateDatabase database, TimeProvider time)
{
    private const int MaxResult = 200;

    public Task<IReadOnlyList<RuleTrial>> FindAsync(string id, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<RuleTrial>>(connection => connection
        .Query("SELECT kind, text_hash, at, by_whom, passed, result FROM detection_rule_trials WHERE rule_id = @p0 ORDER BY kind",
            r => new RuleTrial(id, (TrialKind)r.GetInt32(0), r.GetString(1), r.Instant(2), r.GetString(3), r.GetInt32(4) != 0, r.GetString(5)), id), cancellation);

    /// <summary>Every rule's trials that passed.</summary>
    public Task<HashSet<(string RuleId, TrialKind Kind, string TextHash)>> PassedAsync(CancellationToken cancellation) => database.ReadAsync(static connection => connection
        .Query("SELECT rule_id, kind, text_hash FROM detection_rule_trials WHERE passed = 1", static r => (r.GetString(0), (TrialKind)r.GetInt32(1), r.GetString(2))).ToHashSet(), cancellation);

    /// <summary>Notes a trial; the one of the same kind before it is forgotten.</summary>
    public Task AddAsync(string id, TrialKind kind, string text, bool passed, string result, RuleAct act, CancellationToken cancellation) => database.WriteAsync(transaction => transaction.Execute(
        "INSERT INTO detection_rule_trials(rule_id, kind, text_hash, at, by_whom, passed, result) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6) ON CONFLICT(rule_id, kind) DO UPDATE SET text_hash = @p2, at = @p3, by_whom = @p4, passed = @p5, result = @p6",
        id, kind, RuleText.HashOf(text), time.GetUtcNow(), act.By, passed, result.Length > MaxResult ? result[..MaxResult] : result), cancellation);

    /// <summary>A rule that was deleted was never tried.</summary>
    public Task ForgetAsync(string id, CancellationToken cancellation) => database.WriteAsync(transaction => transaction.Execute("DELETE FROM detection_rule_trials WHERE rule_id = @p0", id), cancellation);
}
