using System.Globalization;
using Beacon.Events;
using Beacon.Web.Console.Text;
using Microsoft.Extensions.Localization;

namespace Beacon.Web.Console.Shell;

/// <summary>How this viewer reads time and numbers: zone, language, theme. One per circuit.</summary>
public sealed class Viewer(TimeProvider clock, IStringLocalizer<ShellText> text)
{
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;
    public string Theme { get; set; } = "dark";

    /// <summary>No sound for new red and orange warnings, in this browser.</summary>
    public bool Muted { get; set; }
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Takes the browser's IANA zone name; an unknown one leaves UTC.</summary>
    public void UseZone(string name)
    {
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)) Zone = zone;
    }

    /// <summary>"14:02:11", with the day in front where it is not today.</summary>
    public string Clock(DateTimeOffset time)
    {
        var local = TimeZoneInfo.ConvertTime(time, Zone);
        var today = TimeZoneInfo.ConvertTime(Now, Zone).Date;
        return local.Date == today
            ? local.ToString("HH:mm:ss", CultureInfo.InvariantCulture)
            : local.ToString(local.Year == today.Year ? text["DayTime"] : text["YearTime"], CultureInfo.CurrentCulture);
    }

    /// <summary>As <see cref="Clock"/>, to the thousandth of a second.</summary>
    public string Exact(DateTimeOffset time)
    {
        var local = TimeZoneInfo.ConvertTime(time, Zone);
        return local.Year == TimeZoneInfo.ConvertTime(Now, Zone).Year ? Clock(time) + local.ToString("'.'fff", CultureInfo.InvariantCulture) : Clock(time);
    }

    /// <summary>"14:02" within a day, else "2 Nov".</summary>
    public string Day(DateTimeOffset time) => Now - time < TimeSpan.FromDays(1)
        ? TimeZoneInfo.ConvertTime(time, Zone).ToString("HH:mm", CultureInfo.InvariantCulture)
        : TimeZoneInfo.ConvertTime(time, Zone).ToString(text["DayForm"], CultureInfo.CurrentCulture);

    public static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>"3 min ago".</summary>
    public string Age(DateTimeOffset time)
    {
        var age = Now - time;
        return age < TimeSpan.FromSeconds(1) ? text["Now"] : text["Ago", Span(age)];
    }

    /// <summary>"12 s", "3 min", "2 h 5 min", "4 d".</summary>
    public string Span(TimeSpan span)
    {
        if (span < TimeSpan.Zero) span = TimeSpan.Zero;
        if (span < TimeSpan.FromMinutes(1)) return text["Seconds", (int)span.TotalSeconds];
        if (span < TimeSpan.FromHours(1)) return text["Minutes", (int)span.TotalMinutes];
        if (span < TimeSpan.FromDays(1)) return span.Minutes == 0 ? text["Hours", span.Hours] : text["HoursMinutes", span.Hours, span.Minutes];
        return text["Days", (int)span.TotalDays];
    }

    /// <summary>What is left of a time: "57:20" within an hour, "3 h 12 min" beyond.</summary>
    public string Left(TimeSpan left) => left < TimeSpan.FromHours(1) ? left.ToString(@"mm\:ss", CultureInfo.InvariantCulture) : Span(left);

    /// <summary>What a service says, in the viewer's language.</summary>
    public static string Say(Phrase phrase) => Phrases.In(phrase);

    /// <summary>What a service said and was kept as its English text, in the viewer's language; other words stand as they are.</summary>
    public static string SayKept(string text) => Phrases.Kept(text);

    /// <summary>"12,345"; in a text it also chooses between one and many.</summary>
    public static Quantity Number(long value) => new(value);
}
