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
        var noisiest = c.Query(
            "SELECT rule_id, max(rule_title), count(*), sum(detections) FROM alerting_alerts WHERE created_at > @p0 AND created_at <= @p1 GROUP BY rule_id ORDER BY 3 DESC, 1 LIMIT 10",
            r => new NoisyRule(r.GetString(0), r.GetString(1), (int)r.GetInt64(2), r.GetInt64(3), total == 0 ? 0 : r.GetInt64(2) / (double)total), from, now);
        var stale = c.Scalar<long>("SELECT count(*) FROM alerting_alerts WHERE status = 0 AND created_at < @p0 AND (shelved_until IS NULL OR shelved_until <= @p1)", from, now);
        return new AlarmLoad(
            (int)Since(TimeSpan.FromHours(1)), (int)Since(TimeSpan.FromMinutes(10)), total / 24.0, flooded / 144.0, total == 0 ? 0 : high / (double)total, noisiest, (int)stale);
    }
}
