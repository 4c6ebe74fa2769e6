using Beacon.Events;

namespace Beacon.Detections.Rules.Stages;

/// <summary>Stages of rules and the moves between them, in the state database. A rule without a row stands where its file puts it.</summary>
internal sealed class StageStore(IStateDatabase database, TimeProvider time)
{
    /// <summary>Moves kept of a rule.</summary>
    public const int MaxChanges = 200;

    public Task<Dictionary<string, RuleStage>> ReadAsync(CancellationToken cancellation) => database.ReadAsync(static connection => connection
        .Query("SELECT rule_id, stage FROM detection_rule_states", static r => (Id: r.GetString(0), Stage: (RuleStage)r.GetInt32(1))).ToDictionary(static r => r.Id, static r => r.Stage), cancellation);

    /// <summary>Writes the moves down, all or none.</summary>
    public Task<IReadOnlyList<StageChange>> MoveAsync(IReadOnlyList<(string Id, RuleStage From)> rules, RuleStage to, RuleAct act, CancellationToken cancellation) => database.WriteAsync<IReadOnlyList<StageChange>>(transaction =>
    {
        var now = time.GetUtcNow();
        var changes = new List<StageChange>(rules.Count);
        foreach (var (id, from) in rules)
        {
            transaction.Execute(
                "INSERT INTO detection_rule_states(rule_id, stage, changed, changed_by) VALUES (@p0, @p1, @p2, @p3) ON CONFLICT(rule_id) DO UPDATE SET stage = @p1, changed = @p2, changed_by = @p3", id, to, now, act.By);
            if (from == to) continue;
            var number = transaction.Scalar<long>("SELECT coalesce(max(number), 0) + 1 FROM detection_rule_moves WHERE rule_id = @p0", id);
            transaction.Execute("INSERT INTO detection_rule_moves(rule_id, number, from_stage, to_stage, at, by_whom, reason) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6)", id, number, from, to, now, act.By, act.Why);
            transaction.Execute("DELETE FROM detection_rule_moves WHERE rule_id = @p0 AND number <= @p1", id, number - MaxChanges);
            // What was silent while nothing was raised must not keep the first alert silent.
            if (from == RuleStage.Staged && to == RuleStage.Live) transaction.Execute("DELETE FROM detection_suppressions WHERE rule_id = @p0", id);
            changes.Add(new StageChange(id, number, from, to, now, act.By, act.Why));
        }
        return changes;
    }, cancellation);

    /// <summary>Moves of a rule, newest first.</summary>
    public Task<IReadOnlyList<StageChange>> HistoryAsync(string id, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<StageChange>>(connection => connection
        .Query("SELECT number, from_stage, to_stage, at, by_whom, reason FROM detection_rule_moves WHERE rule_id = @p0 ORDER BY number DESC",
            r => new StageChange(id, r.GetInt64(0), (RuleStage)r.GetInt32(1), (RuleStage)r.GetInt32(2), r.Instant(3), r.GetString(4), r.GetString(5)), id), cancellation);
}
