namespace Beacon.Alerting.Notifications.Setup;

/// <summary>When quiet hours hold and who is on call, in the zone that people live in: a night of the change of clocks is longer or shorter.</summary>
internal static class LocalTime
{
    /// <summary>The end of the quiet hours that hold at the instant, or null where none do.</summary>
    public static DateTimeOffset? QuietUntil(QuietHours quiet, DateTimeOffset now)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(quiet.TimeZone);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        // What began yesterday may still hold.
        for (var day = today.AddDays(-1); day <= today; day = day.AddDays(1))
        {
            if (quiet.Days.Count > 0 && !quiet.Days.Contains(day.DayOfWeek)) continue;
            var from = Instant(zone, day, quiet.From);
            var to = Instant(zone, quiet.To > quiet.From ? day : day.AddDays(1), quiet.To);
            if (now >= from && now < to) return to;
        }
        return null;
    }

    /// <summary>Who is on call, or null before the first turn.</summary>
    public static string? OnCall(OnCallSchedule schedule, DateTimeOffset now)
    {
        for (var i = schedule.Overrides.Count - 1; i >= 0; i--)
            if (schedule.Overrides[i] is var stand && now >= stand.From && now < stand.To) return stand.Person;
        var zone = TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone);
        var local = TimeZoneInfo.ConvertTime(now, zone);
        var day = DateOnly.FromDateTime(local.DateTime);
        // Before the hand-over of the day, the turn of the day before goes on.
        if (now < Instant(zone, day, schedule.HandOver)) day = day.AddDays(-1);
        var days = day.DayNumber - schedule.Start.DayNumber;
        return days < 0 ? null : schedule.People[days / schedule.TurnDays % schedule.People.Count];
    }

    /// <summary>A local time as an instant: one that the change of clocks leaves out is moved on, one that comes twice is the first.</summary>
    private static DateTimeOffset Instant(TimeZoneInfo zone, DateOnly day, TimeOnly time)
    {
        var local = day.ToDateTime(time);
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(15);
        return new DateTimeOffset(local, zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local));
    }
}
