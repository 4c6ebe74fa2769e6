using System.Data.Common;
using System.Globalization;
using Beacon.Events;

namespace Beacon.Alerting.Alerts;

/// <summary>Measures the alarm load whole: an alarm is an alert's first appearance, an operator's alarms are those they own.</summary>
internal static class AlarmReportMeter
{
    private const int MaxOperators = 50;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongRun = TimeSpan.FromDays(7);

    public static AlarmReport Measure(DbConnection c, DateTimeOffset now)
    {
        var operators = c.Query(
            "SELECT owner, count(*) FROM alerting_alerts WHERE created_at > @p0 AND created_at <= @p1 AND owner IS NOT NULL GROUP BY owner ORDER BY 2 DESC, 1 LIMIT @p2",
            r => r.GetString(0), now - LongRun, now, MaxOperators);
        var noisiest = AlarmLoadMeter.Noisiest(c, now);
        return new AlarmReport(now, Of(c, now, null), [.. operators.Select(o => Of(c, now, o))], noisiest, Tune(c, now, noisiest));
    }

    private static AlarmMeasures Of(DbConnection c, DateTimeOffset now, string? owner)
    {
        var mine = owner is null ? "" : " AND owner = @p2";
        long Count(string where, DateTimeOffset from) => c.Scalar<long>($"SELECT count(*) FROM alerting_alerts WHERE created_at > @p0 AND created_at <= @p1{mine}{where}", from, now, owner);
        var from = now - Day;
        var total = Count("", from);
        // The long run is as long as there is something to look back on.
        var first = c.Scalar<long>($"SELECT coalesce(min(created_at), @p1) FROM alerting_alerts WHERE created_at > @p0 AND created_at <= @p1{mine}", now - LongRun, now, owner);
        var hours = Math.Max(1, (now - StateTime.FromMicroseconds(first)).TotalHours);
        var flooded = c.Scalar<long>(
            $"SELECT count(*) FROM (SELECT (@p1 - created_at) / 600000000 AS span FROM alerting_alerts WHERE created_at > @p0 AND created_at <= @p1{mine} GROUP BY 1 HAVING count(*) > 10) AS spans", from, now, owner);
        var chattering = c.Scalar<long>(
            $"SELECT count(*) FROM (SELECT DISTINCT rule_id FROM (SELECT rule_id, created_at / 60000000 AS minute FROM alerting_alerts WHERE created_at > @p0 AND created_at <= @p1{mine} GROUP BY 1, 2 HAVING count(*) >= 3) AS minutes) AS rules", from, now, owner);
        var top = c.Query($"SELECT count(*) FROM alerting_alerts WHERE created_at > @p0 AND created_at <= @p1{mine} GROUP BY rule_id ORDER BY 1 DESC LIMIT 10", r => r.GetInt64(0), from, now, owner).Sum();
        var stale = c.Scalar<long>(
            $"SELECT count(*) FROM alerting_alerts WHERE status <> 3 AND {(owner is null ? "status = 0 AND " : "owner = @p2 AND ")}created_at < @p0 AND (shelved_until IS NULL OR shelved_until <= @p1)", from, now, owner);
        double Share(long n) => total == 0 ? 0 : n / (double)total;
        var high = Share(Count(" AND severity >= 3", from));
        var medium = Share(Count(" AND severity = 2", from));
        return new AlarmMeasures(owner, total, total == 0 ? 0 : 1 - high - medium, medium, high,
        [
            new("alarms-per-hour", Math.Round(Count("", now - LongRun) / hours, 2), 6, 12),
            new("alarms-in-ten-minutes", Count("", now - TimeSpan.FromMinutes(10)), 5, 10),
            new("time-in-flood", flooded / 144.0, 0.01, 0.05),
            new("high-share", high, 0.05, 0.10),
            new("noisiest-share", Share(top), 0.05, 0.20),
            new("chattering", chattering, 0, 0),
            new("stale", stale, 0, 0),
        ]);
    }

    private static List<RuleToTune> Tune(DbConnection c, DateTimeOffset now, IReadOnlyList<NoisyRule> noisiest)
    {
        var tune = new List<RuleToTune>();
        foreach (var rule in noisiest.Where(r => r.Alerts >= 3))
        {
            var record = RuleRecords.Read(c, rule.RuleId, 1).FirstOrDefault();
            var wrong = record?.FalseShare ?? 0;
            var minute = c.Scalar<long>("SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM alerting_alerts WHERE rule_id = @p0 AND created_at > @p1 AND created_at <= @p2 GROUP BY created_at / 60000000) AS minutes", rule.RuleId, now - Day, now);
            (TuneReason Reason, string Advice)? why =
                wrong > 0.5 && record!.False >= 2 ? (TuneReason.OftenWrong, string.Create(CultureInfo.InvariantCulture, $"{wrong:P0} of its judged alarms were false{CauseOf(record)}: add an exception, or narrow its condition."))
                : minute >= 3 ? (TuneReason.Chattering, string.Create(CultureInfo.InvariantCulture, $"It raised {minute} alarms within a minute: raise its threshold, or group it by what they have in common."))
                : rule.Share > 0.1 && rule.Alerts >= 10 ? (TuneReason.Noisy, string.Create(CultureInfo.InvariantCulture, $"It brings {rule.Share:P0} of all alarms: ask whether somebody must act on each; if not, lower its level or add an exception."))
                : null;
            if (why is { } w) tune.Add(new RuleToTune(rule.RuleId, rule.RuleTitle, rule.Alerts, rule.Share, wrong, w.Reason, w.Advice));
        }
        return tune;
    }

    private static string CauseOf(RuleRecord record) => record.Causes.Count == 0 ? "" : $", mostly {record.Causes.MaxBy(x => x.Value).Key}";
}
