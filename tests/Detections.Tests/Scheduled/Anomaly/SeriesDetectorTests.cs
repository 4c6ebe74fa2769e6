using Beacon.Detections.Scheduled.Anomaly;

namespace Beacon.Detections.Tests.Scheduled.Anomaly;

public sealed class SeriesDetectorTests
{
    private const int Learning = 300;
    private static readonly DateTimeOffset Begin = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Observe_FlatLine_IsNeverStrange() => Assert.Empty(Alarms(Values(2_000, (_, _) => 42.5)));

    [Fact]
    public void Observe_DailyPattern_IsNeverStrange() => Assert.Empty(Alarms(Values(4_000, (i, _) => i % 288 is > 90 and < 200 ? 80 : 20), learning: 3 * 288));

    [Fact]
    public void Observe_FirstChangeOfAFlatLine_IsAnAnomaly() => Assert.Equal(900, Alarms(Values(1_000, (i, _) => i < 900 ? 5 : 6))[0]);

    [Fact]
    public void Observe_Spike_IsFoundAtOnceAndExplained()
    {
        var values = Values(2_000, (i, r) => i == 1_500 ? 60 : 20 + r.NextDouble() * 4);

        var verdict = Run(values)[1_500];

        Assert.True(verdict.IsAnomaly);
        Assert.Equal(60, verdict.Seen);
        Assert.InRange(verdict.Expected, 20, 24);
        Assert.InRange(verdict.Spread, 0.5, 2);
        Assert.True(verdict.OnceIn > 10_000);
        Assert.Equal(1_500, verdict.History);
        Assert.True(verdict.Sign is SeriesSign.Rise or SeriesSign.High or SeriesSign.AboveUsual or SeriesSign.StaysAbove or SeriesSign.Restless, $"{verdict.Sign}");
    }

    [Fact]
    public void Observe_LevelShift_IsToldAtItsBeginningAndNotAtEachPoint()
    {
        var alarms = Alarms(Values(1_600, (i, r) => (i < 1_500 ? 20 : 40) + r.NextDouble() * 4));

        var told = alarms.Where(a => a >= 1_500).ToList();
        Assert.InRange(told[0], 1_500, 1_502);
        Assert.InRange(told.Count, 1, 2);
    }

    [Fact]
    public void Observe_LifeThatStops_IsStill()
    {
        var verdicts = Run(Values(2_000, (i, r) => i < 1_500 ? 50 + 20 * Math.Sin(i) + r.NextDouble() : 50));

        var found = verdicts.Skip(1_500).First(v => v.IsAnomaly);
        Assert.InRange(found.History, 1_500, 1_540);
        Assert.True(found.Sign is SeriesSign.Still, $"{found.Sign}");
    }

    [Fact]
    public void Observe_DayWithoutItsRise_IsFoundByTheHourOfTheDay()
    {
        const int day = 288;
        var alarms = Alarms(Values(10 * day, (i, r) => (i % day is > 100 and < 200 && i / day != 8 ? 80 : 20) + r.NextDouble() * 5));

        Assert.Contains(alarms, a => a is > (8 * day) + 100 and < (8 * day) + 115);
    }

    /// <summary>What comes again and again is no news: the second week of bursts raises less than the first.</summary>
    [Fact]
    public void Observe_SeriesThatRaisesOften_MustBeStrangerToRaiseAgain()
    {
        var alarms = Alarms(Values(20_000, (i, r) => r.NextDouble() < 0.003 ? 40 / Math.Pow(r.NextDouble(), 0.6) : 10 + r.NextDouble()));

        Assert.True(alarms.Count(a => a > 10_000) <= alarms.Count(a => a <= 10_000), string.Join(',', alarms));
        Assert.InRange(alarms.Count, 1, 40);
    }

    /// <summary>Neither the unit nor the sign of a series matters.</summary>
    [Theory]
    [InlineData(1_000)]
    [InlineData(0.001)]
    [InlineData(-1)]
    public void Observe_OtherUnit_GivesTheSameAlarms(double factor)
    {
        var values = Values(3_000, (i, r) => 30 + 5 * Math.Sin(i / 30.0) + r.NextDouble() * 3 + (i is 1_000 or 2_200 ? 50 : 0));

        Assert.Equal(Alarms(values), Alarms([.. values.Select(v => v * factor)]));
    }

    [Fact]
    public void Observe_SameSeriesTwice_GivesTheSameVerdicts()
    {
        var values = Values(2_000, (_, r) => r.NextDouble() * 100);

        Assert.Equal(Run(values), Run(values));
    }

    [Fact]
    public void Observe_WhileLearning_JudgesNothing() =>
        Assert.All(Run(Values(Learning, (i, r) => i % 97 == 96 ? 1e6 : r.NextDouble())), v => Assert.Equal(0, v.Score));

    [Fact]
    public void Observe_VerdictsOfThePast_DoNotDependOnTheFuture()
    {
        var values = Values(3_000, (i, r) => r.NextDouble() * 10 + (i % 700 == 0 ? 60 : 0));

        Assert.Equal(Run(values).Take(2_000), Run([.. values.Take(2_000)]));
    }

    [Fact]
    public void Observe_AnyNumbers_ScoreIsFromZeroToOne()
    {
        var random = new Random(11);
        double[] odd = [0, -0.0, double.Epsilon, 1e-30, 1e30, -1e30, 1, -1, int.MaxValue];
        var verdicts = Run([.. Enumerable.Range(0, 20_000).Select(_ => random.Next(3) == 0 ? odd[random.Next(odd.Length)] : random.NextDouble() * Math.Pow(10, random.Next(-9, 9)))]);

        Assert.All(verdicts, v => Assert.InRange(v.Score, 0, 1));
        Assert.All(verdicts, v => Assert.True(double.IsFinite(v.Expected) && double.IsFinite(v.Spread) && double.IsFinite(v.OnceIn) && v.OnceIn >= 1));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1e31)]
    public void Observe_NoUsableNumber_IsRefused(double value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SeriesDetector(Learning).Observe(Begin, value));

    [Fact]
    public void Constructor_TooLittleToLearnFrom_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SeriesDetector(SeriesDetector.LeastLearning - 1));

    [Fact]
    public void Observe_LongSeries_HoldsLessThanTenKilobytes()
    {
        Run(Values(100, (_, r) => r.NextDouble()));
        var values = Values(20_000, (_, r) => r.NextDouble());
        var before = GC.GetAllocatedBytesForCurrentThread();
        var detector = new SeriesDetector(Learning);
        for (var i = 0; i < values.Length; i++) detector.Observe(Begin.AddMinutes(5 * i), values[i]);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1_000, 10_000);
    }

    private static double[] Values(int count, Func<int, Random, double> value)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, count).Select(i => value(i, random))];
    }

    private static List<SeriesVerdict> Run(double[] values, int learning = Learning)
    {
        var detector = new SeriesDetector(learning);
        return [.. values.Select((v, i) => detector.Observe(Begin.AddMinutes(5 * i), v))];
    }

    private static List<int> Alarms(double[] values, int learning = Learning) => [.. Run(values, learning).Select((v, i) => (v, i)).Where(p => p.v.IsAnomaly).Select(p => p.i)];
}
