using System.Globalization;
using System.Text;
using Beacon.Collectors.Parsers;

namespace Beacon.Collectors.Tests.Parsers;

public sealed class TimestampsTests
{
    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("Jan  1 00:00:10", "2026-01-01T00:00:05Z", "2026-01-01T00:00:10Z")]
    [InlineData("Dec 31 23:59:59", "2026-01-01T00:00:05Z", "2025-12-31T23:59:59Z")]
    [InlineData("Jan  1 00:00:01", "2025-12-31T23:59:59Z", "2026-01-01T00:00:01Z")]
    [InlineData("Jun 15 12:00:00", "2026-03-01T00:00:00Z", "2025-06-15T12:00:00Z")]
    [InlineData("Feb 29 12:00:00", "2026-03-01T00:00:00Z", "2024-02-29T12:00:00Z")]
    [InlineData("Oct 11 2024 22:14:15", "2026-03-01T00:00:00Z", "2024-10-11T22:14:15Z")]
    public void TryBsd_WithoutYear_TakesTheLatestThatIsNotAhead(string text, string received, string expected)
    {
        Assert.True(Timestamps.TryBsd(Encoding.ASCII.GetBytes(text), At(received), TimeZoneInfo.Utc, out var time, out var length));
        Assert.Equal(At(expected), time);
        Assert.Equal(text.Length, length);
    }

    [Fact]
    public void TryBsd_InAZone_IsThatZonesTime()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
        Assert.True(Timestamps.TryBsd("Mar  1 08:00:00"u8, At("2026-03-01T00:00:05Z"), zone, out var time, out _));
        Assert.Equal(At("2026-03-01T00:00:00Z"), time);
    }

    [Theory]
    [InlineData("2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z")]
    [InlineData("2026-03-01 10:00:00,5", "2026-03-01T10:00:00.5Z")]
    [InlineData("2026-03-01T10:00:00.123456789+0530", "2026-03-01T04:30:00.1234567Z")]
    [InlineData("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z")]
    public void TryIso_Variants_AreUtc(string text, string expected)
    {
        Assert.True(Timestamps.TryIso(Encoding.ASCII.GetBytes(text), TimeZoneInfo.Utc, out var time, out var length));
        Assert.Equal(At(expected), time);
        Assert.Equal(text.Length, length);
    }

    [Theory]
    [InlineData("2026-13-01T10:00:00Z")]
    [InlineData("2026-02-30T10:00:00Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("2026-03-01T25:00:00Z")]
    [InlineData("not a time at all..")]
    public void TryIso_NoSuchTime_IsRefused(string text) => Assert.False(Timestamps.TryIso(Encoding.ASCII.GetBytes(text), TimeZoneInfo.Utc, out _, out _));

    [Theory]
    [InlineData("1772359200", "2026-03-01T10:00:00Z")]
    [InlineData("1772359200.25", "2026-03-01T10:00:00.25Z")]
    [InlineData("1772359200123", "2026-03-01T10:00:00.123Z")]
    [InlineData("1772359200123456", "2026-03-01T10:00:00.123456Z")]
    public void TryEpoch_AnyUnit_IsToldByItsSize(string text, string expected)
    {
        Assert.True(Timestamps.TryEpoch(Encoding.ASCII.GetBytes(text), out var time));
        Assert.Equal(At(expected), time);
    }
}
