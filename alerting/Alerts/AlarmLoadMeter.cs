using System.Data.Common;
using Beacon.Events;

namespace Beacon.Alerting.Alerts;

/// <summary>Measures the console by ISA-18.2: how many new alarms people are given.</summary>
internal static class AlarmLoadMeter
{
    /// <summary>More new alarms than this in ten minutes are a flood (EEMUA 191).</summary>
    private const int Flood = 10;

    public static AlarmLoad Measure(DbConnection c, DateTimeOffset now)
    {
        long Since(TimeSpan span) => c.Scalar<long>("SELECT count(*) FROM alerting_alerts WHERE created_at > @p0 AND created_at <= @p1", now - span, now);
        var day = TimeSpan.FromDays(1);
        var from = now - day;
        var total = Since(day);
        var high = c.Scalar<long>("SELECT count(*) FROM alerting_alerts WHERE created_at > @p0 AND created_at <= @p1 AND severity >= 3", from, now);
        var flooded = c.Scalar<long>(
            $"SELECT count(*) FROM (SELECT (@p1 - created_at) / 600000000 AS span FROM alerting_alerts WHERE created_at > @p0 AND created_at <= @p1 GROUP BY 1 HAVING count(*) > {Flood}) AS spans", from, now);
        var noisiest = Noisiest(c, now);
        var stale = c.Scalar<long>("SELECT count(*) FROM alerting_alerts WHERE status = 0 AND created_at < @p0 AND (shelved_until IS NULL OR shelved_until <= @p1)", from, now);
        return new AlarmLoad(
            (int)Since(TimeSpan.FromHours(1)), (int)Since(TimeSpan.FromMinutes(10)), total / 24.0, flooded / 144.0, total == 0 ? 0 : high / (double)total, noisiest, (int)stale);
    }

    /// <summary>The ten rules with the most alarms of the last 24 hours.</summary>
    public static IReadOnlyList<NoisyRule> Noisiest(DbConnection c, DateTimeOffset now)
    {
        var from = now - TimeSpan.FromDays(1);
        var total = c.Scalar<long>("SELECT count(*) FROM alerting_alerts WHERE created_at > @p0 AND created_at <= @p1", from, now);
        // The ten are found within an index; only their rows are read.
        return c.Query(
            "SELECT rule_id, count(*) FROM alerting_alerts WHERE created_at > @p0 AND created_at <= @p1 GROUP BY rule_id ORDER BY 2 DESC, 1 LIMIT 10", r => (Rule: r.GetString(0), N: r.GetInt64(1)), from, now)
            .ConvertAll(n =>
            {
                var (title, detections) = c.Query("SELECT max(rule_title), sum(detections) FROM alerting_alerts WHERE rule_id = @p0 AND created_at > @p1 AND created_at <= @p2", r => (r.GetString(0), Convert.ToInt64(r.GetValue(1), System.Globalization.CultureInfo.InvariantCulture)), n.Rule, from, now)[0];
                return new NoisyRule(n.Rule, title, (int)n.N, detections, n.N / (double)total);
            });
    }
}
