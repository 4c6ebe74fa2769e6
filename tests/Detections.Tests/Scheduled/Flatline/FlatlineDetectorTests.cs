using Beacon.Detections.Scheduled.Flatline;

namespace Beacon.Detections.Tests.Scheduled.Flatline;

public sealed class FlatlineDetectorTests(DetectorHouse house) : IClassFixture<DetectorHouse>
{
    private static readonly DateTimeOffset Noon = DetectorHouse.Noon;

    private FlatlineDetector Detector => new(house.Store, house.Time);

    private string Rule(string action) => DetectorHouse.Text(Detector, "window: 10m\ninterval: 10m", $"filter:\n  event.action: {action}\ngroup-by: [host.name]\nhistory: 6h\nat-least: 5");

    [Fact]
    public async Task Evaluate_GroupThatStops_IsToldOnce()
    {
        for (var minute = 1; minute <= 360; minute++)
        {
            house.Add(Noon.AddMinutes(-minute), "event.action=beat host.name=a");
            house.Add(Noon.AddMinutes(-minute), "event.action=beat host.name=b");
        }
        for (var minute = 0; minute < 20; minute++) house.Add(Noon.AddMinutes(minute), "event.action=beat host.name=b");

        var detection = Assert.Single(await house.LookAsync(Detector, Rule("beat"), Noon, Noon.AddMinutes(10)));

        Assert.Equal(("a", "0"), (detection.Facts["host.name"], detection.Facts["seen"]));
        Assert.StartsWith("10 on average", detection.Facts["expected"], StringComparison.Ordinal);
        Assert.Contains("nothing (events) in 10 min", detection.Summary, StringComparison.Ordinal);
        Assert.Empty(await house.LookAsync(Detector, Rule("beat"), Noon.AddMinutes(10), Noon.AddMinutes(20)));
    }

    [Fact]
    public async Task Evaluate_GroupThatOftenRests_IsLeftAlone()
    {
        for (var minute = 1; minute <= 360; minute++)
            if (minute / 30 % 2 == 0) house.Add(Noon.AddMinutes(-minute), "event.action=rest host.name=a");

        Assert.Empty(await house.LookAsync(Detector, Rule("rest"), Noon, Noon.AddMinutes(10)));
    }
}
