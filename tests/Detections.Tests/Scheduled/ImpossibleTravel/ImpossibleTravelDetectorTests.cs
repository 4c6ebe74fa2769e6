using Beacon.Detections.Scheduled.ImpossibleTravel;
using Beacon.Events;

namespace Beacon.Detections.Tests.Scheduled.ImpossibleTravel;

public sealed class ImpossibleTravelDetectorTests(DetectorHouse house) : IClassFixture<DetectorHouse>
{
    private const string Berlin = "source.geo.location.lat=52.52 source.geo.location.lon=13.4 source.geo.city_name=Berlin source.geo.country_iso_code=DE";
    private const string Tokyo = "source.geo.location=35.69,139.69 source.geo.city_name=Tokyo source.geo.country_iso_code=JP";
    private const string Potsdam = "source.geo.location=52.4,13.06";

    private static readonly DateTimeOffset Noon = DetectorHouse.Noon;

    private ImpossibleTravelDetector Detector => new(house.Store, house.Time);

    private Task<IReadOnlyList<Detection>> LookAsync(string test, DateTimeOffset? newSince = null) => house.LookAsync(Detector,
        DetectorHouse.Text(Detector, "window: 24h\ninterval: 1h", $"filter:\n  event.action: {test}\nby: [user.name]"), Noon.AddHours(-23), Noon.AddHours(1), newSince);

    [Fact]
    public async Task Evaluate_TwoContinentsInAnHour_IsTold()
    {
        house.Add(Noon.AddMinutes(-30), $"event.action=in user.name=amal source.ip=198.51.100.1 {Berlin}");
        house.Add(Noon.AddMinutes(30), $"event.action=in user.name=Amal source.ip=203.0.113.1 {Tokyo}");

        var detection = Assert.Single(await LookAsync("in"));

        Assert.Equal(new Entity(EntityKind.User, "Amal"), detection.Entity);
        Assert.Contains("Berlin, DE and then Tokyo, JP", detection.Summary, StringComparison.Ordinal);
        Assert.InRange(int.Parse(detection.Facts["speed_km_h"], System.Globalization.CultureInfo.InvariantCulture), 8_800, 9_050);
        Assert.Contains("52.52,13.4", detection.Facts["from"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_PossibleJourneys_SayNothing()
    {
        house.Add(Noon.AddHours(-12), $"event.action=slow user.name=flight {Berlin}");
        house.Add(Noon.AddMinutes(30), $"event.action=slow user.name=flight {Tokyo}");
        house.Add(Noon.AddMinutes(10), $"event.action=slow user.name=near {Berlin}");
        house.Add(Noon.AddMinutes(10), $"event.action=slow user.name=near {Potsdam}");
        house.Add(Noon.AddMinutes(10), $"event.action=slow user.name=one {Berlin}");
        house.Add(Noon.AddMinutes(11), $"event.action=slow user.name=other {Tokyo}");
        house.Add(Noon.AddMinutes(12), "event.action=slow user.name=one source.geo.location=nowhere");
        // The journey was over before the fresh part of the window.
        house.Add(Noon.AddHours(-3), $"event.action=slow user.name=before {Berlin}");
        house.Add(Noon.AddHours(-2), $"event.action=slow user.name=before {Tokyo}");

        Assert.Empty(await LookAsync("slow"));
    }

    [Fact]
    public async Task Evaluate_OtherPlaceThatCameLate_IsFoundByTheLookAgain()
    {
        house.Add(Noon.AddMinutes(-30), $"event.action=late user.name=amal {Berlin}", received: Noon.AddHours(3));
        house.Add(Noon.AddMinutes(30), $"event.action=late user.name=amal {Tokyo}");
        house.Add(Noon.AddMinutes(-30), $"event.action=late user.name=bert {Berlin}");
        house.Add(Noon.AddMinutes(30), $"event.action=late user.name=bert {Tokyo}");

        Assert.Equal("amal", Assert.Single(await LookAsync("late", newSince: Noon.AddHours(2))).Facts["user.name"]);
    }
}
