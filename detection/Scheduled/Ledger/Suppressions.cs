using System.Data.Common;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.Ledger;

/// <summary>Which keys of a rule are silent, kept in the state database. The windows of a rule with suppression are evaluated one at a time.</summary>
internal sealed class Suppressions(IStateDatabase database)
{
    /// <summary>Keys remembered per rule; beyond it those whose silence ends first are forgotten, and speak again.</summary>
    public const int MaxKeys = 10_000;

    private readonly record struct Silence(DateTimeOffset Since, DateTimeOffset Until);

    /// <summary>The result without what is silent, with what is to be remembered.</summary>
    public async Task<(EvaluationResult Raised, int Suppressed)> ApplyAsync(ScheduledRule rule, EvaluationResult result, CancellationToken cancellation)
    {
        if (rule.Suppression is not { } suppression || result.Detections.Count == 0) return (result, 0);
        var silent = await database.ReadAsync(connection => connection.Query("SELECT suppression_key, since, until FROM detection_suppressions WHERE rule_id = @p0",
            static r => (r.GetString(0), new Silence(r.Instant(1), r.Instant(2))), rule.Id).ToDictionary(StringComparer.Ordinal), cancellation).ConfigureAwait(false);
        var changed = new Dictionary<string, Silence>(StringComparer.Ordinal);
        var raised = new List<Detection>();
        foreach (var detection in result.Detections.OrderBy(static d => d.Time))
        {
            var key = KeyOf(suppression, detection);
            var known = silent.TryGetValue(key, out var silence);
            if (known && detection.Time >= silence.Since && detection.Time < silence.Until) continue;
            raised.Add(detection);
            var until = detection.Time + suppression.Span;
            // A window made up late speaks for its own time and leaves a later silence as it is.
            if (!known || until > silence.Until) changed[key] = silent[key] = new Silence(detection.Time, until);
        }
        return (result with { Detections = raised, Also = Also(rule.Id, changed, result.Also) }, result.Detections.Count - raised.Count);
    }

    private static Action<DbTransaction> Also(string ruleId, Dictionary<string, Silence> changed, Action<DbTransaction>? then) => transaction =>
    {
        foreach (var (key, silence) in changed)
        {
            transaction.Execute(
                "INSERT INTO detection_suppressions(rule_id, suppression_key, since, until) VALUES (@p0, @p1, @p2, @p3) ON CONFLICT(rule_id, suppression_key) DO UPDATE SET since = @p2, until = @p3",
                ruleId, key, silence.Since, silence.Until);
        }
        var over = changed.Count == 0 ? 0 : transaction.Scalar<long>("SELECT count(*) FROM detection_suppressions WHERE rule_id = @p0", ruleId) - MaxKeys;
        if (over > 0)
        {
            transaction.Execute(
                "DELETE FROM detection_suppressions WHERE rule_id = @p0 AND suppression_key IN (SELECT suppression_key FROM detection_suppressions WHERE rule_id = @p0 ORDER BY until LIMIT @p1)",
                ruleId, over);
        }
        then?.Invoke(transaction);
    };

    internal static string KeyOf(Suppression suppression, Detection detection) => suppression.By.Count == 0
        ? $"{(int)detection.Entity.Kind}:{detection.Entity.Value}"
        : DetectionIds.Of([.. suppression.By.Select(name => detection.Facts.TryGetValue(name, out var fact) ? fact : detection.Event?.GetText(name) ?? "")]).Value;
}
