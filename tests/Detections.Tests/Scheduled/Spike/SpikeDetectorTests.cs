using Beacon.Detections.Scheduled.Spike;
using Beacon.Events;

namespace Beacon.Detections.Tests.Scheduled.Spike;

public sealed class SpikeDetectorTests(DetectorHouse house) : IClassFixture<DetectorHouse>
{
    private static readonly DateTimeOffset Noon = DetectorHouse.Noon;

    private SpikeDetector Detector => new(house.Store, house.Time);

    private string Rule(string action) => DetectorHouse.Text(Detector, "window: 10m\ninterval: 10m", $"filter:\n  event.action: {action}\ngroup-by: [source.ip]\nhistory: 6h\ntimes: 5\nat-least: 20");

    [Fact]
    public async Task Evaluate_ManyTimesTheUsual_IsToldOnceWhereItBegins()
    {
        for (var minute = 1; minute <= 360; minute += 2)
        {
            house.Add(Noon.AddMinutes(-minute), "event.action=send source.ip=10.0.0.1");
            house.Add(Noon.AddMinutes(-minute), "event.action=send source.ip=10.0.0.2");
        }
        for (var second = 0; second < 1_200; second += 12) house.Add(Noon.AddSeconds(second), "event.action=send source.ip=10.0.0.1");
        for (var minute = 0; minute < 20; minute += 2) house.Add(Noon.AddMinutes(minute), "event.action=send source.ip=10.0.0.2");

        var detection = Assert.Single(await house.LookAsync(Detector, Rule("send"), Noon, Noon.AddMinutes(10)));

        Assert.Equal(new Entity(EntityKind.Address, "10.0.0.1"), detection.Entity);
        Assert.Equal(("50", "10"), (detection.Facts["seen"], detection.Facts["times"]));
        Assert.StartsWith("5 on average, from 5 to 5", detection.Facts["expected"], StringComparison.Ordinal);
        Assert.StartsWith("36 intervals of 10 min", detection.Facts["history"], StringComparison.Ordinal);
        Assert.Equal((37, 50.0, 5.0), (detection.Chart!.Points.Count, detection.Chart.Points[^1].Seen, detection.Chart.Points[^1].Expected));
        Assert.Equal(Noon, detection.Chart.Points[^1].Time);
        Assert.Empty(await house.LookAsync(Detector, Rule("send"), Noon.AddMinutes(10), Noon.AddMinutes(20)));
    }

    [Theory]
    [InlineData("window: 1h\ninterval: 10m", 6)]
    [InlineData("window: 10m", 5)]
    public void Read_WindowLongerThanTheInterval_IsRefusedWithItsLine(string header, int line)
    {
        var fault = Assert.Single(DetectorHouse.Faults(Detector, "filter:\n  event.action: send\ngroup-by: [source.ip]", header));

        Assert.StartsWith($"{line}: 'spike' compares each interval with those before it", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_GroupWithoutAPast_IsNoSpike()
    {
        for (var i = 0; i < 100; i++) house.Add(Noon.AddSeconds(i), "event.action=fresh source.ip=10.0.0.9");
        for (var i = 0; i < 10; i++) house.Add(Noon.AddMinutes(-10 * i - 1), "event.action=fresh source.ip=10.0.0.9");

        Assert.Empty(await house.LookAsync(Detector, Rule("fresh"), Noon, Noon.AddMinutes(10)));
    }

    [Fact]
    public async Task Evaluate_SumOfAField_CountsItsBytes()
    {
        for (var i = 1; i <= 36; i++) house.Add(Noon.AddMinutes(-10 * i + 1), "event.action=flow source.ip=10.0.0.1 source.bytes=1000");
        house.Add(Noon.AddMinutes(1), "event.action=flow source.ip=10.0.0.1 source.bytes=90000");

        var detection = Assert.Single(await house.LookAsync(Detector, Rule("flow") + "  sum: source.bytes\n", Noon, Noon.AddMinutes(10)));

        Assert.Equal(("90000", "sum of source.bytes"), (detection.Facts["seen"], detection.Facts["measure"]));
    }

    /// <summary>Intervals that no day is a multiple of still lie where the windows lie.</summary>
    [Fact]
    public async Task Evaluate_OddInterval_CountsExactlyItsOwn()
    {
        var start = new DateTimeOffset(Noon.UtcTicks - (Noon.UtcTicks % TimeSpan.FromMinutes(7).Ticks), TimeSpan.Zero);
        for (var i = 1; i <= 40; i++) house.Add(start.AddMinutes(-7 * i), "event.action=odd source.ip=10.0.0.1");
        for (var i = 0; i < 30; i++) house.Add(start.AddSeconds(10 * i), "event.action=odd source.ip=10.0.0.1");
        house.Add(start.AddMinutes(7), "event.action=odd source.ip=10.0.0.1");

        var detection = Assert.Single(await house.LookAsync(Detector, Rule("odd").Replace("10m", "7m", StringComparison.Ordinal), start, start.AddMinutes(7)));

        Assert.Equal("30", detection.Facts["seen"]);
        Assert.StartsWith("1 on average, from 1 to 1", detection.Facts["expected"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_MoreNumbersThanAreHeld_FailsWithWhatToChange()
    {
        var rule = DetectorHouse.Text(Detector, "window: 1s\ninterval: 1s", "filter:\n  event.action: send\ngroup-by: [source.ip]\nhistory: 7d\ngroups: 1000");

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => house.LookAsync(Detector, rule, Noon, Noon.AddSeconds(1)));

        Assert.Contains("lower 'groups' or 'history'", fault.Message, StringComparison.Ordinal);
    }
}
