using Beacon.Detections.Scheduled.Anomaly;

namespace Beacon.Detections.Tests.Scheduled.Anomaly;

public sealed class TailHistoryTests
{
    [Fact]
    public void Surprise_LittleHistory_IsNone()
    {
        var tail = new TailHistory();
        for (var i = 1; i < LargestValues.Count; i++) tail.Add(i, 1);

        Assert.Equal(0, tail.Surprise(1_000));
    }

    /// <summary>A power law of exponent 2: ten times as large is a hundred times as rare.</summary>
    [Fact]
    public void Surprise_PowerLaw_IsReadFromTheTail()
    {
        var tail = new TailHistory();
        const int count = 1_600;
        for (var rank = count; rank >= 1; rank--) tail.Add(Math.Sqrt((double)count / rank), 1);

        // The 16th of 1,600 is one in a hundred.
        Assert.Equal(2, tail.Surprise(10), 0.01);
        Assert.Equal(2, tail.Surprise(100) - tail.Surprise(10), 0.3);
    }

    [Fact]
    public void Surprise_SteepTail_RisesFaster()
    {
        var gentle = new TailHistory();
        var steep = new TailHistory();
        for (var rank = 500; rank >= 1; rank--)
        {
            gentle.Add(Math.Pow(500.0 / rank, 0.9), 1);
            steep.Add(Math.Pow(500.0 / rank, 0.05), 1);
        }

        Assert.True(steep.Surprise(500) > gentle.Surprise(500) + 3);
    }

    [Fact]
    public void Add_LongEvent_IsOneValueOfThePast()
    {
        var tail = new TailHistory();
        for (var i = 0; i < 100; i++) tail.Add(1, 1);
        var before = tail.Surprise(50);
        for (var i = 0; i < 20; i++) tail.Add(50, 20);

        Assert.InRange(tail.Surprise(50), 2, before);
    }

    [Fact]
    public void Add_TwoGenerations_ForgetsTheOldest()
    {
        var tail = new TailHistory();
        for (var i = 0; i < LargestValues.Count; i++) tail.Add(1_000, 1);
        for (var i = 0; i < TailHistory.Generation; i++) tail.Add(1 + i % 7 * 0.1, 1);
        var remembered = tail.Surprise(1_000);
        for (var i = 0; i < 2 * TailHistory.Generation; i++) tail.Add(1 + i % 7 * 0.1, 1);

        Assert.InRange(remembered, 0, 3);
        Assert.True(tail.Surprise(1_000) > 8);
    }
}
