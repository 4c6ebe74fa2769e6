using Beacon.Detections.Scheduled.Anomaly;

namespace Beacon.Detections.Tests.Scheduled.Anomaly;

public sealed class SeriesSignsTests
{
    [Fact]
    public void Count_IsThatOfTheSigns() => Assert.Equal(SeriesSigns.Count, Enum.GetValues<SeriesSign>().Length);

    [Theory]
    [InlineData(30, SeriesSign.Rise, SeriesSign.Fall, 20)]
    [InlineData(4, SeriesSign.Fall, SeriesSign.Rise, 6)]
    [InlineData(30, SeriesSign.AboveUsual, SeriesSign.BelowUsual, 18)]
    [InlineData(4, SeriesSign.BelowUsual, SeriesSign.AboveUsual, 8)]
    internal void Measure_Step_HasItsSignAndNotTheOpposite(double value, SeriesSign sign, SeriesSign opposite, double size)
    {
        var measured = After(Enumerable.Repeat(10.0, 100), value, expected: 12);

        Assert.Equal(size, measured[(int)sign], 1e-3);
        Assert.Equal(0, measured[(int)opposite]);
    }

    [Fact]
    public void Measure_ScatterThatEnds_IsStillAndNotRestless()
    {
        var before = After(Enumerable.Range(0, 200).Select(i => i % 2 == 0 ? 5.0 : 15), 5, 10);
        var after = After(Enumerable.Range(0, 200).Select(i => i % 2 == 0 ? 5.0 : 15).Concat(Enumerable.Repeat(10.0, 12)), 10, 10);

        Assert.Equal(5, before[(int)SeriesSign.Restless], 1e-3);
        Assert.Equal(0, after[(int)SeriesSign.Restless]);
        Assert.True(after[(int)SeriesSign.Still] > 10 * before[(int)SeriesSign.Still]);
    }

    [Fact]
    public void Measure_RoundingOfALargeValue_IsNoSign() => Assert.All(After(Enumerable.Repeat(1e12, 100), 1e12 + 1, 1e12), static m => Assert.Equal(0, m));

    private static double[] After(IEnumerable<double> past, double value, double expected)
    {
        var signs = new SeriesSigns();
        var measured = new double[SeriesSigns.Count];
        foreach (var one in past) signs.Measure(one, expected, measured);
        Array.Clear(measured);
        signs.Measure(value, expected, measured);
        return measured;
    }
}
