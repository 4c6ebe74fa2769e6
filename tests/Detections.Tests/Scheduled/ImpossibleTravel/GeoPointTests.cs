using Beacon.Detections.Scheduled.ImpossibleTravel;

namespace Beacon.Detections.Tests.Scheduled.ImpossibleTravel;

public sealed class GeoPointTests
{
    /// <summary>Great circles known from elsewhere: a quarter of the equator, pole to pole, Berlin to Tokyo, across the date line.</summary>
    [Theory]
    [InlineData(0, 0, 0, 90, 10_007.5)]
    [InlineData(90, 0, -90, 0, 20_015.1)]
    [InlineData(52.52, 13.405, 35.6895, 139.6917, 8_918)]
    [InlineData(0, 179.5, 0, -179.5, 111.2)]
    [InlineData(10, 20, 10, 20, 0)]
    public void DistanceTo_KnownPlaces_IsWithinHalfAPercent(double lat1, double lon1, double lat2, double lon2, double kilometres) =>
        Assert.Equal(kilometres, new GeoPoint(lat1, lon1).DistanceTo(new GeoPoint(lat2, lon2)), Math.Max(0.1, kilometres * 0.005));

    [Theory]
    [InlineData("52.52,13.4", 52.52, 13.4)]
    [InlineData(" -33.9 , 151.2 ", -33.9, 151.2)]
    [InlineData("POINT (13.4 52.52)", 52.52, 13.4)]
    [InlineData("POINT(13.4 52.52)", 52.52, 13.4)]
    public void Parse_FormsOfGeoPoint_AreRead(string text, double latitude, double longitude) => Assert.Equal(new GeoPoint(latitude, longitude), GeoPoint.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("91,0")]
    [InlineData("0,181")]
    [InlineData("1,2,3")]
    [InlineData("NaN,0")]
    [InlineData("POINT (1)")]
    [InlineData("u33dc1")]
    public void Parse_NoPlace_IsNone(string text) => Assert.Null(GeoPoint.Parse(text));
}
