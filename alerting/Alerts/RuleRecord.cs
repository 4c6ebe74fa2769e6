using System.Data.Common;
using Beacon.Events;

namespace Beacon.Alerting.Alerts;

/// <summary>How often a rule was right, by the dispositions that people gave its closed alerts.</summary>
/// <param name="Other">Closed as duplicate, drill or undetermined.</param>
/// <param name="FalseShare">Of those judged true, benign or false; 0 where none was.</param>
/// <param name="Confidence">Percent, as urgency counts it.</param>
/// <param name="Causes">Why alerts were harmless or wrong, by cause.</param>
/// <param name="Hidden">Detections that exceptions of this rule hid.</param>
public sealed record RuleRecord(
    string RuleId, string RuleTitle, long True, long Benign, long False, long Other, double TrueShare, double FalseShare, int Confidence,
    IReadOnlyDictionary<DispositionCause, long> Causes, long Hidden);

internal static class RuleRecords
{
    /// <summary>Those with the most false positives first.</summary>
    public static List<RuleRecord> Read(DbConnection c, string? ruleId, int limit)
    {
        var rows = c.Query(
            "SELECT rule_id, disposition, cause, count(*) FROM alerting_alerts WHERE status = 3 AND (CAST(@p0 AS TEXT) IS NULL OR rule_id = @p0) GROUP BY rule_id, disposition, cause",
            r => (Rule: r.GetString(0), Disposition: (Disposition)r.GetInt32(1), Cause: (DispositionCause)r.GetInt32(2), N: r.GetInt64(3)), ruleId);
        return [.. rows.GroupBy(r => r.Rule).OrderByDescending(g => g.Where(r => r.Disposition == Disposition.FalsePositive).Sum(r => r.N)).ThenBy(g => g.Key, StringComparer.Ordinal).Take(limit).Select(g =>
        {
            long Of(Disposition d) => g.Where(r => r.Disposition == d).Sum(r => r.N);
            var (right, benign, wrong) = (Of(Disposition.TruePositive), Of(Disposition.Benign), Of(Disposition.FalsePositive));
            var judged = Math.Max(1, right + benign + wrong);
            return new RuleRecord(
                g.Key, c.Scalar<string>("SELECT rule_title FROM alerting_alerts WHERE rule_id = @p0 ORDER BY last_seen DESC LIMIT 1", g.Key) ?? g.Key, right, benign, wrong, g.Sum(r => r.N) - right - benign - wrong,
                right / (double)judged, wrong / (double)judged, UrgencyScore.Confidence(right, benign, wrong),
                g.Where(r => r.Cause != DispositionCause.Unstated).GroupBy(r => r.Cause).ToDictionary(x => x.Key, x => x.Sum(r => r.N)),
                c.Scalar<long>("SELECT coalesce(sum(hidden), 0) FROM alerting_exceptions WHERE rule_id = @p0", g.Key));
        })];
    }
}
