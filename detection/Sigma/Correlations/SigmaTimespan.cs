using System.Globalization;

namespace Beacon.Detections.Sigma.Correlations;

/// <summary>
/// A number and a unit (correlation rules specification 2.1, "Time Selection"): s, m, h, d, w, and M (a mean month of
/// 2,629,746 s) and y (a mean year of 31,556,952 s) as pySigma has them. M is a month, m a minute.
/// </summary>
public static class SigmaTimespan
{
    /// <summary>Longest timespan: one year. What stands in it is kept in memory and in the state database.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromSeconds(31_556_952);

    private static readonly (char Unit, long Seconds)[] Units = [('s', 1), ('m', 60), ('h', 3_600), ('d', 86_400), ('w', 604_800), ('M', 2_629_746), ('y', 31_556_952)];

    /// <returns>Null where the text is none, or is zero, or longer than <see cref="Max"/>.</returns>
    public static TimeSpan? Read(string text)
    {
        if (text.Length is < 2 or > 10) return null;
        var unit = Array.Find(Units, u => u.Unit == text[^1]);
        if (unit.Seconds == 0 || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return null;
        var seconds = count * unit.Seconds;
        return seconds < 1 || seconds > (long)Max.TotalSeconds ? null : TimeSpan.FromSeconds(seconds);
    }

    /// <summary>In the largest unit that leaves no rest: "90m".</summary>
    public static string Text(TimeSpan span)
    {
        var seconds = (long)span.TotalSeconds;
        var (unit, size) = Units.Last(u => seconds % u.Seconds == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / size}{unit}");
    }
}
