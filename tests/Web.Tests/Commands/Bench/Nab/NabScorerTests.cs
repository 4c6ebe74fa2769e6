using Beacon.Web.Commands.Bench.Nab;

namespace Beacon.Web.Tests.Commands.Bench.Nab;

/// <summary>Cases worked out by hand: forty points, of which six are the probation, and one window over rows 20 to 23.</summary>
public sealed class NabScorerTests
{
    private static readonly NabWindow Window = new(20, 23);

    [Theory]
    [InlineData(-1, 0.98661)]
    [InlineData(-0.5, 0.84828)]
    [InlineData(0, 0)]
    [InlineData(1, -0.98661)]
    [InlineData(3, -1)]
    [InlineData(50, -1)]
    public void Sigmoid_PlaceRelativeToTheWindow_IsAsPublished(double position, double worth) => Assert.Equal(worth, NabScorer.Sigmoid(position), 0.00001);

    [Fact]
    public void At_NothingDetected_IsZero()
    {
        var score = NabScorer.At([Detected([])], NabProfile.Standard, 0.5);

        Assert.Equal(-1, score.Raw);
        Assert.Equal(0, score.Normalised);
    }

    [Fact]
    public void At_FirstPointOfTheWindow_IsPerfect()
    {
        var score = NabScorer.At([Detected([20])], NabProfile.Standard, 0.5);

        Assert.Equal(1, score.Raw, 1e-9);
        Assert.Equal(100, score.Normalised, 1e-9);
    }

    /// <summary>Row 21 is at -(23 - 21 + 1) / 4 = -0.75: 2 / (1 + e^-3.75) - 1 = 0.95405, of at most 0.98661.</summary>
    [Fact]
    public void At_SeveralPointsOfAWindow_TheEarliestCounts() =>
        Assert.Equal(0.95405 / 0.98661, NabScorer.At([Detected([21, 22, 23])], NabProfile.Standard, 0.5).Raw, 0.0001);

    [Fact]
    public void At_BeforeAnyWindow_CostsAWholeFalsePositive() =>
        Assert.Equal(-1 - 0.11, NabScorer.At([Detected([10])], NabProfile.Standard, 0.5).Raw, 1e-9);

    /// <summary>Row 25 lies (25 - 23) / (4 - 1) behind: 2 / (1 + e^3.3333) - 1 = -0.93111. Row 33 lies more than three widths behind.</summary>
    [Theory]
    [InlineData(25, 0.93111)]
    [InlineData(33, 1)]
    public void At_BehindTheWindow_CostsMoreWithDistance(int row, double cost)
    {
        Assert.Equal(-1 - 0.11 * cost, NabScorer.At([Detected([row])], NabProfile.Standard, 0.5).Raw, 0.0001);
        Assert.Equal(-1 - 0.22 * cost, NabScorer.At([Detected([row])], NabProfile.RewardLowFalsePositives, 0.5).Raw, 0.0001);
    }

    [Fact]
    public void At_InTheProbation_CountsForNothing() =>
        Assert.Equal(-1, NabScorer.At([Detected([0, 5])], NabProfile.Standard, 0.5).Raw);

    [Fact]
    public void At_MissedWindow_CostsTwiceWhereMissesMatter()
    {
        Assert.Equal(-2, NabScorer.At([Detected([])], NabProfile.RewardLowFalseNegatives, 0.5).Raw);
        // From -2 for silence to 1 for perfection: one false positive is 0.11 of 3.
        Assert.Equal(-100 * 0.11 / 3, NabScorer.At([Detected([10])], NabProfile.RewardLowFalseNegatives, 0.5).Normalised, 1e-9);
    }

    [Fact]
    public void At_LastPointOfAWindow_IsWorthLittleAndNoFalsePositive() =>
        Assert.InRange(NabScorer.At([Detected([23])], NabProfile.Standard, 0.5).Raw, 0.5, 0.6);

    /// <summary>The window's best point has 0.7; at 0.9 and 0.8 stand false ones. In one series 0.7 pays (1 - 0.22), and with a second series of eleven false ones above it nothing does.</summary>
    [Fact]
    public void Best_OverTheCorpus_IsOneThresholdForAllSeries()
    {
        var one = Detected([20], 0.7, (8, 0.9), (9, 0.8));
        var noise = Detected([], 0, [.. Enumerable.Range(6, 11).Select(i => (i, 0.75))]);

        var alone = NabScorer.Best([one], NabProfile.Standard);
        var both = NabScorer.Best([one, noise, noise], NabProfile.Standard);

        Assert.Equal(0.7, alone.Threshold);
        Assert.Equal(1 - 0.22, alone.Raw, 1e-9);
        Assert.Equal(NabScorer.Never, both.Threshold);
        Assert.Equal(0, both.Normalised);
    }

    [Fact]
    public void Best_PointsOfOneScore_AreDetectedTogether()
    {
        // Alone the window's point would give 1; the ten false ones of the same score come with it.
        var result = Detected([20], 0.6, [.. Enumerable.Range(8, 10).Select(i => (i, 0.6))]);

        var best = NabScorer.Best([result], NabProfile.Standard);

        Assert.Equal(0.6, best.Threshold);
        Assert.Equal(1 - 10 * 0.11, best.Raw, 1e-9);
    }

    [Fact]
    public void Best_IsNoWorseThanAnyThreshold()
    {
        var random = new Random(5);
        var results = Enumerable.Range(0, 5).Select(_ => Detected([], 0, [.. Enumerable.Range(0, 40).Select(i => (i, Math.Round(random.NextDouble(), 2)))])).ToList();
        foreach (var profile in NabProfile.All)
        {
            var best = NabScorer.Best(results, profile);
            Assert.Equal(NabScorer.At(results, profile, best.Threshold).Raw, best.Raw, 1e-9);
            for (var threshold = 0.0; threshold <= 1; threshold += 0.005) Assert.True(NabScorer.At(results, profile, threshold).Raw <= best.Raw + 1e-9);
        }
    }

    [Fact]
    public void Probation_LongSeries_EndsAt750Points()
    {
        Assert.Equal(6, Series(40).Probation);
        Assert.Equal(750, Series(20_000).Probation);
    }

    private static NabSeries Series(int length) => new("made", new DateTimeOffset[length], new double[length], [Window]);

    private static NabResult Detected(int[] rows, double score = 1, params (int Row, double Score)[] others)
    {
        var scores = new double[40];
        foreach (var row in rows) scores[row] = score;
        foreach (var (row, other) in others) scores[row] = other;
        return new NabResult(Series(40), scores);
    }
}
