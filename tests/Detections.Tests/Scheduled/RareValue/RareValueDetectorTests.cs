using Beacon.Detections.Scheduled.RareValue;

namespace Beacon.Detections.Tests.Scheduled.RareValue;

public sealed class RareValueDetectorTests(DetectorHouse house) : IClassFixture<DetectorHouse>
{
    private static readonly DateTimeOffset Noon = DetectorHouse.Noon;

    private RareValueDetector Detector => new(house.Store, house.Time);

    [Fact]
    public async Task Evaluate_ValueOfFewEvents_IsToldWithItsShare()
    {
        for (var i = 0; i < 1_996; i++) house.Add(Noon.AddMinutes(-i - 1), $"event.action=get user_agent.original={(i % 2 == 0 ? "browser" : "client")} source.ip=10.0.0.1");
        for (var i = 0; i < 3; i++) house.Add(Noon.AddHours(-i - 1), "event.action=get user_agent.original=odd source.ip=10.0.0.1");
        foreach (var agent in (string[])["browser", "client", "odd", "never"]) house.Add(Noon.AddMinutes(5), $"event.action=get user_agent.original={agent} source.ip=10.0.0.7");
        var rule = DetectorHouse.Text(Detector, "window: 1h\ninterval: 1h", "filter:\n  event.action: get\nfields: [user_agent.original]\nhistory: 2d\nbelow: 0.01\nat-least: 1000");

        var detections = await house.LookAsync(Detector, rule, Noon, Noon.AddHours(1));

        Assert.Equal(["never", "odd"], detections.Select(static d => d.Facts["user_agent.original"]));
        Assert.StartsWith("3 of 1999 events", detections[1].Facts["history"], StringComparison.Ordinal);
        Assert.Contains("once in 500 ", detections[1].Facts["unlikely"], StringComparison.Ordinal);
        Assert.Empty(await house.LookAsync(Detector, rule.Replace("at-least: 1000", "at-least: 5000", StringComparison.Ordinal), Noon, Noon.AddHours(1)));
        Assert.Equal("never", Assert.Single(await house.LookAsync(Detector, rule.Replace("below: 0.01", "below: 0.001", StringComparison.Ordinal), Noon, Noon.AddHours(1))).Facts["user_agent.original"]);
    }

    [Fact]
    public void Settings_ShareAboveATenth_IsRefused() =>
        Assert.Equal(["10: 'below' is not a number from 1E-06 to 0.1"], DetectorHouse.Faults(Detector, "filter: {a: b}\nfields: [x]\nbelow: 0.5"));
}
