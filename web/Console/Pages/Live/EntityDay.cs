using Beacon.Alerting.Alerts;
using Beacon.Events;

namespace Beacon.Web.Console.Pages.Live;

/// <summary>What was seen of an entity on a day of the viewer's.</summary>
/// <param name="Worst">Of its alerts; null where there was none.</param>
public sealed record EntityDay(DateOnly Day, long Alerts, Severity? Worst)
{
    /// <summary>Days that are looked back, today among them.</summary>
    public const int Most = 30;

    /// <summary>Where the first day begins.</summary>
    public static DateTimeOffset Since(DateTimeOffset now, TimeZoneInfo zone)
    {
        var first = DayOf(now, zone).AddDays(1 - Most).ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(first, zone.GetUtcOffset(first)).ToUniversalTime();
    }

    /// <summary>Every day up to today, oldest first.</summary>
    public static IReadOnlyList<EntityDay> Of(IEnumerable<AlertSpan> spans, DateTimeOffset now, TimeZoneInfo zone)
    {
        var today = DayOf(now, zone);
        var byDay = spans.GroupBy(s => DayOf(s.Start, zone)).ToDictionary(g => g.Key, g => (Alerts: g.Sum(s => s.Alerts), Worst: g.Max(s => s.Worst)));
        return [.. Enumerable.Range(1 - Most, Most).Select(today.AddDays).Select(day => byDay.TryGetValue(day, out var its) ? new EntityDay(day, its.Alerts, its.Worst) : new EntityDay(day, 0, null))];
    }

    private static DateOnly DayOf(DateTimeOffset time, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time, zone).DateTime);
}
