using Beacon.Detections.Scheduled.NewTerms;
using Beacon.Events;

namespace Beacon.Detections.Tests.Scheduled.NewTerms;

public sealed class NewTermsDetectorTests(DetectorHouse house) : IClassFixture<DetectorHouse>
{
    private static readonly DateTimeOffset Noon = DetectorHouse.Noon;

    private NewTermsDetector Detector => new(house.Store, house.Time);

    private string Rule(string action) => DetectorHouse.Text(Detector, "window: 1h\ninterval: 1h", $"filter:\n  event.action: {action}\nfields: [user.name, source.ip]\nhistory: 7d");

    [Fact]
    public async Task Evaluate_CombinationNotSeenBefore_IsTold()
    {
        for (var day = 6; day >= 1; day--)
        {
            house.Add(Noon.AddDays(-day), "event.action=login user.name=amal source.ip=10.0.0.1 host.name=srv");
            house.Add(Noon.AddDays(-day), "event.action=login user.name=bert source.ip=10.0.0.2 host.name=srv");
        }
        house.Add(Noon.AddMinutes(1), "event.action=login user.name=AMAL source.ip=10.0.0.1 host.name=srv");
        house.Add(Noon.AddMinutes(2), "event.action=login user.name=amal source.ip=10.0.0.2 host.name=srv");
        house.Add(Noon.AddMinutes(3), "event.action=login user.name=amal source.ip=10.0.0.2 host.name=srv");
        house.Add(Noon.AddMinutes(4), "event.action=other user.name=cora source.ip=10.0.0.3 host.name=srv");

        var detection = Assert.Single(await house.LookAsync(Detector, Rule("login"), Noon, Noon.AddHours(1)));

        Assert.Equal(new Entity(EntityKind.User, "amal"), detection.Entity);
        Assert.Equal(Noon.AddMinutes(2), detection.Time);
        Assert.Equal(("10.0.0.2", "2"), (detection.Facts["source.ip"], detection.Facts["events"]));
        Assert.StartsWith("12 events", detection.Facts["history"], StringComparison.Ordinal);
        Assert.Contains("once in 13", detection.Facts["unlikely"], StringComparison.Ordinal);
        Assert.Empty(await house.LookAsync(Detector, Rule("login"), Noon.AddHours(1), Noon.AddHours(2)));
    }

    [Fact]
    public async Task Evaluate_WithoutAPast_CallsNothingNew()
    {
        house.Add(Noon.AddHours(-2), "event.action=young user.name=amal source.ip=10.0.0.1");
        house.Add(Noon.AddMinutes(2), "event.action=young user.name=bert source.ip=10.0.0.2");

        Assert.Empty(await house.LookAsync(Detector, Rule("young"), Noon, Noon.AddHours(1)));
        Assert.Single(await house.LookAsync(Detector, Rule("young") + "  learning: 1h\n", Noon, Noon.AddHours(1)));
    }

    [Fact]
    public void Settings_Faults_AreAllNamed() => Assert.Equal(
        ["8: the setting 'filter' is missing: every event would count", "8: 'fields' names 1 to 5 fields, not 0", "8: 'history' is not a span of time from 00:01:00 to 90.00:00:00"],
        DetectorHouse.Faults(Detector, "history: 100d"));
}
