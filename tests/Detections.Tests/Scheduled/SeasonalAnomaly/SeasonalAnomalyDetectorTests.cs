using Beacon.Detections.Scheduled.SeasonalAnomaly;

namespace Beacon.Detections.Tests.Scheduled.SeasonalAnomaly;

public sealed class SeasonalAnomalyDetectorTests(DetectorHouse house) : IClassFixture<DetectorHouse>
{
    private static readonly DateTimeOffset Noon = DetectorHouse.Noon;

    private SeasonalAnomalyDetector Detector => new(house.Store, house.Time);

    private string Rule => DetectorHouse.Text(Detector, "window: 1h\ninterval: 1h", "filter:\n  event.action: work\ngroup-by: [host.name]\nhistory: 14d\nlearning: 72");

    /// <summary>Busy by day and quiet by night for two weeks: the busy noon is usual, the busy night is not.</summary>
    [Fact]
    public async Task Evaluate_WorkAtNight_IsToldAndWorkAtNoonIsNot()
    {
        var random = new Random(3);
        for (var hour = 14 * 24; hour >= 1; hour--)
        {
            var time = Noon.AddHours(-hour);
            var events = (time.Hour is >= 8 and < 18 ? 40 : 2) + random.Next(0, 4);
            for (var i = 0; i < events; i++) house.Add(time.AddMinutes(i), "event.action=work host.name=a");
        }
        for (var hour = 0; hour < 15; hour++)
            for (var i = 0; i < (hour is < 6 or 13 ? 42 : 3); i++) house.Add(Noon.AddHours(hour).AddMinutes(i), "event.action=work host.name=a");

        Assert.Empty(await house.LookAsync(Detector, Rule, Noon, Noon.AddHours(1)));
        var night = Noon.AddHours(13);
        var detection = Assert.Single(await house.LookAsync(Detector, Rule, night, night.AddHours(1)));

        Assert.Equal(("42", "a"), (detection.Facts["seen"], detection.Facts["host.name"]));
        Assert.Equal(42, detection.Chart!.Points[^1].Seen);
        Assert.InRange(detection.Chart.Points[^1].Expected!.Value, 1, 6);
        Assert.InRange(detection.Chart.Points[^14].Expected!.Value, 35, 45);
        Assert.Contains("once in", detection.Facts["unlikely"], StringComparison.Ordinal);
        Assert.Empty(await house.LookAsync(Detector, Rule, night.AddHours(1), night.AddHours(2)));
    }

    [Fact]
    public void Settings_TooLittleToLearnFrom_IsRefused() =>
        Assert.Equal(["9: 'learning' is not a number from 40 to 100000"], DetectorHouse.Faults(Detector, "filter: {a: b}\nlearning: 10"));
}
