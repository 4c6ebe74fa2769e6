using System.Data.Common;
using Beacon.Events;

namespace Beacon.Alerting.Alerts;

/// <summary>Alerts about an entity that were last seen within one quarter of an hour: days of every zone are whole quarters.</summary>
/// <param name="Start">In UTC.</param>
/// <param name="Alerts">1 or more.</param>
/// <param name="Worst">The gravest among them.</param>
public sealed record AlertSpan(DateTimeOffset Start, long Alerts, Severity Worst)
{
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(15);

    /// <summary>How far back is counted at most, and the newest alerts that are counted at most.</summary>
    public const int MaxDays = 90, MaxAlerts = 100_000;
}

/// <summary>Counts what an entity has seen.</summary>
internal static class AlertSpans
{
    private static readonly long Quarter = (long)AlertSpan.Length.TotalMicroseconds;

    public static List<AlertSpan> Read(DbConnection c, string entityKey, DateTimeOffset since) => c.Query(
        $"""
        SELECT last_seen / {Quarter}, count(*), max(severity) FROM
          (SELECT last_seen, severity FROM alerting_alerts WHERE entity_key = @p0 AND last_seen >= @p1 ORDER BY last_seen DESC LIMIT {AlertSpan.MaxAlerts}) AS newest
        GROUP BY 1 ORDER BY 1
        """,
        r => new AlertSpan(StateTime.FromMicroseconds(r.GetInt64(0) * Quarter), r.GetInt64(1), (Severity)r.GetInt32(2)), entityKey, since);
}
