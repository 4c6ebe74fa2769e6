using System.Globalization;
using Beacon.Detections.Scheduled.Beaconing;
using Beacon.Events;

namespace Beacon.Detections.Tests.Scheduled.Beaconing;

public sealed class BeaconingDetectorTests(DetectorHouse house) : IClassFixture<DetectorHouse>
{
    private static readonly DateTimeOffset Noon = DetectorHouse.Noon;

    private BeaconingDetector Detector => new(house.Store, house.Time);

    private string Rule => DetectorHouse.Text(Detector, "window: 2h\ninterval: 30m", "filter:\n  event.category: network\ngroup-by: [source.ip, destination.ip]\nat-least: 12\njitter: 0.1");

    [Fact]
    public async Task Evaluate_RhythmAmongRandomCalls_IsTold()
    {
        var random = new Random(5);
        for (var i = 0; i < 24; i++)
        {
            // One lost beat, and a little jitter.
            if (i != 7) house.Add(Noon.AddMinutes(5 * i).AddSeconds(random.Next(-8, 9) + 10), "event.category=network source.ip=10.0.0.5 destination.ip=203.0.113.7");
        }
        for (var i = 0; i < 200; i++) house.Add(Noon.AddSeconds(random.Next(0, 7_200)), "event.category=network source.ip=10.0.0.5 destination.ip=198.51.100.9");
        for (var i = 0; i < 11; i++) house.Add(Noon.AddMinutes(10 * i), "event.category=network source.ip=10.0.0.6 destination.ip=203.0.113.7");

        var detection = Assert.Single(await house.LookAsync(Detector, Rule, Noon, Noon.AddHours(2)));

        Assert.Equal(new Entity(EntityKind.Address, "10.0.0.5"), detection.Entity);
        Assert.Contains(new Entity(EntityKind.Address, "203.0.113.7"), detection.Related);
        Assert.Equal("23", detection.Facts["connections"]);
        Assert.InRange(double.Parse(detection.Facts["period_seconds"], CultureInfo.InvariantCulture), 290, 310);
        Assert.Equal(22, detection.Chart!.Points.Count);
        Assert.Contains(detection.Chart.Points, static p => p.Seen > 550);
        // Nothing new in the last half hour of the next window: it was told.
        Assert.Empty(await house.LookAsync(Detector, Rule, Noon.AddMinutes(30), Noon.AddMinutes(150)));
    }
}
