using System.Globalization;

namespace Beacon.Web.Console.Pages.Incidents;

/// <summary>Moments as fields of type datetime-local have them, in the viewer's zone.</summary>
internal static class ZoneTime
{
    private const string Form = "yyyy-MM-ddTHH:mm";

    public static string ToField(DateTimeOffset? time, TimeZoneInfo zone) => time is { } at ? TimeZoneInfo.ConvertTime(at, zone).ToString(Form, CultureInfo.InvariantCulture) : "";

    /// <summary>Null where it is no moment. An hour that the clocks skip counts as the one after it.</summary>
    public static DateTimeOffset? FromField(string? text, TimeZoneInfo zone)
    {
        if (!DateTime.TryParseExact(text, [Form, Form + ":ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)) return null;
        if (local.Year is < 2 or > 9998) return null;
        if (zone.IsInvalidTime(local)) local = local.AddHours(1);
        return new DateTimeOffset(local, zone.GetUtcOffset(local));
    }
}
