using Beacon.Detections.Scheduled.Beaconing;

namespace Beacon.Detections.Tests.Scheduled.Beaconing;

public sealed class RhythmTests
{
    [Fact]
    public void Of_ExactBeat_IsRegularAndUnlikely()
    {
        var rhythm = Rhythm.Of([.. Enumerable.Range(0, 20).Select(i => i * 60.0)], 0.1)!;

        Assert.Equal((60, 0, 1), (rhythm.Period, rhythm.Jitter, rhythm.OnBeat));
        Assert.True(rhythm.OnceIn > 1e12);
    }

    [Fact]
    public void Of_MissedBeats_StayOnTheBeat()
    {
        var rhythm = Rhythm.Of([0, 60, 120, 240, 300, 480, 540, 600], 0.1)!;

        Assert.Equal((60, 1), (rhythm.Period, rhythm.OnBeat));
    }

    [Fact]
    public void Of_Jitter_IsMeasuredAndTolerated()
    {
        var random = new Random(3);
        var times = new List<double> { 0 };
        for (var i = 0; i < 100; i++) times.Add(times[^1] + 60 * (1 + 0.2 * (random.NextDouble() - 0.5)));

        var rhythm = Rhythm.Of(times, 0.12)!;

        Assert.InRange(rhythm.Period, 58, 62);
        Assert.InRange(rhythm.Jitter, 0.02, 0.08);
        Assert.InRange(rhythm.OnBeat, 0.95, 1);
    }

    /// <summary>Random calls of the same rate: over many series none is called as regular as the bound allows one in ten thousand.</summary>
    [Fact]
    public void Of_RandomTimes_IsSeldomRegular()
    {
        var random = new Random(11);
        for (var series = 0; series < 2_000; series++)
        {
            var times = new List<double> { 0 };
            for (var i = 0; i < 20; i++) times.Add(times[^1] - Math.Log(1 - random.NextDouble()) * 60);
            var rhythm = Rhythm.Of(times, 0.1)!;
            Assert.True(rhythm.OnBeat < 0.8, $"series {series}: {rhythm}");
            Assert.True(rhythm.OnceIn < 1e6);
        }
    }

    [Fact]
    public void Of_AllAtOnce_HasNoRhythm() => Assert.Null(Rhythm.Of([5, 5, 5, 5, 9], 0.1));
}
