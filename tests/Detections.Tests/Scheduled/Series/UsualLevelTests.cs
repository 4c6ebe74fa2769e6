using Beacon.Detections.Scheduled.Series;

namespace Beacon.Detections.Tests.Scheduled.Series;

public sealed class UsualLevelTests
{
    [Fact]
    public void Of_Past_HasItsMeanAndEnds()
    {
        var usual = UsualLevel.Of([2, 4, 6, 8, 100]);

        Assert.Equal((24, 2, 100), (usual.Mean, usual.Low, usual.High));
        Assert.Equal(38.06, usual.Deviation, 0.01);
        Assert.Equal("24 on average, from 2 to 100", usual.Expected);
    }

    [Fact]
    public void Of_PastThatNeverVaried_StillHasTheDeviationOfCounting() => Assert.Equal(3, UsualLevel.Of([9, 9, 9, 9]).Deviation, 1e-9);

    /// <summary>Cantelli: at a distance of three deviations at most once in ten.</summary>
    [Fact]
    public void OnceIn_ThreeDeviations_IsOnceInTen() => Assert.Equal(10, UsualLevel.Of([9, 9, 9, 9]).OnceIn(18), 1e-9);

    /// <summary>The bound holds for samples of several kinds of series.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void OnceIn_AnyDistribution_IsNoExaggeration(int kind)
    {
        var random = new Random(kind);
        var values = Enumerable.Range(0, 5_000).Select(_ => kind switch { 1 => random.NextDouble(), 2 => -Math.Log(1 - random.NextDouble()) * 50, _ => Math.Pow(1 - random.NextDouble(), -0.5) }).ToArray();
        var usual = UsualLevel.Of(values);
        foreach (var seen in (double[])[usual.Mean + 2 * usual.Deviation, usual.Mean + 4 * usual.Deviation, usual.High])
            Assert.True(values.Count(v => v >= seen) / (double)values.Length <= 1 / usual.OnceIn(seen) + 1e-9);
    }
}
