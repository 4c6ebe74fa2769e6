using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Beacon.Detections.Sigma;

namespace Beacon.Detections.Matching;

/// <summary>A number below or above a limit; a value that is no number does not pass.</summary>
internal sealed class CompareTest(Comparison comparison, double limit) : ValueTest
{
    public override bool Test(EventView view, int entry)
    {
        var value = view.Raw(entry);
        return value.Length is > 0 and <= 64 && Utf8Parser.TryParse(value, out double number, out var used) && used == value.Length && Holds(comparison, number.CompareTo(limit));
    }

    public static bool Holds(Comparison comparison, int order) => comparison switch
    {
        Comparison.Less => order < 0,
        Comparison.LessOrEqual => order <= 0,
        Comparison.Greater => order > 0,
        _ => order >= 0,
    };
}

/// <summary>A part of a time (ISO 8601), in the offset that the value is written with.</summary>
internal sealed class TimePartTest(TimePart part, Comparison? comparison, int number) : ValueTest
{
    public override bool Test(EventView view, int entry)
    {
        var value = view.Raw(entry);
        return value.Length is > 0 and <= 64
            && DateTimeOffset.TryParse(Encoding.UTF8.GetString(value), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && TestTime(value, time);
    }

    public override bool TestTime(ReadOnlySpan<byte> time, DateTimeOffset instant)
    {
        var found = part switch
        {
            TimePart.Minute => instant.Minute,
            TimePart.Hour => instant.Hour,
            TimePart.Day => instant.Day,
            TimePart.Week => ISOWeek.GetWeekOfYear(instant.DateTime),
            TimePart.Month => instant.Month,
            _ => instant.Year,
        };
        return comparison is { } bound ? CompareTest.Holds(bound, found.CompareTo(number)) : found == number;
    }
}
