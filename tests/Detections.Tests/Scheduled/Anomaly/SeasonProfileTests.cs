using Beacon.Detections.Scheduled.Anomaly;

namespace Beacon.Detections.Tests.Scheduled.Anomaly;

public sealed class SeasonProfileTests
{
    private static readonly DateTime Monday = new(2026, 3, 2, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Expect_First_IsTheValueItself() => Assert.Equal(7, new SeasonProfile().Expect(Monday, 7), 1e-6);

    [Fact]
    public void Expect_DailyPattern_IsForetoldByTheTimeOfDay() => Assert.Equal(80, Learn(4, (_, hour) => hour is >= 8 and < 18 ? 80 : 20).Expect(Monday.AddDays(4).AddHours(10), 0), 1);

    [Fact]
    public void Expect_RestAtTheWeekend_IsForetoldByTheHourOfTheWeek()
    {
        var profile = Learn(28, (day, hour) => day % 7 < 5 && hour is >= 8 and < 18 ? 80 : 20);

        Assert.Equal(80, profile.Expect(Monday.AddDays(28).AddHours(10), 80), 1);
        Assert.Equal(20, profile.Expect(Monday.AddDays(33).AddHours(10), 20), 1);
    }

    [Fact]
    public void Expect_NoPattern_IsTheLevel()
    {
        var random = new Random(3);
        Assert.InRange(Learn(14, (_, _) => 50 + random.NextDouble() * 10).Expect(Monday.AddDays(14), 0), 54, 56);
    }

    private static SeasonProfile Learn(int days, Func<int, int, double> value)
    {
        var profile = new SeasonProfile();
        for (var ten = 0; ten < days * 144; ten++) profile.Expect(Monday.AddMinutes(10 * ten), value(ten / 144, ten % 144 / 6));
        return profile;
    }
}
