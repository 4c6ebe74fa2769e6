using System.Globalization;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.ImpossibleTravel;

/// <summary>A place on earth, in degrees.</summary>
/// <param name="Latitude">-90 to 90, north positive.</param>
/// <param name="Longitude">-180 to 180, east positive.</param>
internal readonly record struct GeoPoint(double Latitude, double Longitude)
{
    private const double EarthRadius = 6_371.0088;

    /// <summary>Kilometres along the surface of a sphere (haversine formula); at most half a percent from the ellipsoid.</summary>
    public double DistanceTo(GeoPoint other)
    {
        var north = Radians(other.Latitude - Latitude) / 2;
        var east = Radians(other.Longitude - Longitude) / 2;
        var h = Math.Sin(north) * Math.Sin(north) + Math.Cos(Radians(Latitude)) * Math.Cos(Radians(other.Latitude)) * Math.Sin(east) * Math.Sin(east);
        return 2 * EarthRadius * Math.Asin(Math.Min(1, Math.Sqrt(h)));
    }

    public static GeoPoint? Read(SecurityEvent e, string field)
    {
        if (e.GetText(field) is { } text) return Parse(text);
        return e.GetText(field + ".lat") is { } lat && e.GetText(field + ".lon") is { } lon ? Of(lat, lon) : null;
    }

    /// <summary>The forms of Elasticsearch's geo_point that are text.</summary>
    public static GeoPoint? Parse(string text)
    {
        if (text.StartsWith("POINT", StringComparison.OrdinalIgnoreCase))
        {
            var numbers = text[5..].Trim(' ', '(', ')').Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return numbers.Length == 2 ? Of(numbers[1], numbers[0]) : null;
        }
        var parts = text.Split(',');
        return parts.Length == 2 ? Of(parts[0], parts[1]) : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Latitude:0.####},{Longitude:0.####}");

    private static GeoPoint? Of(string latitude, string longitude) =>
        double.TryParse(latitude, NumberStyles.Float, CultureInfo.InvariantCulture, out var lat) && Math.Abs(lat) <= 90
        && double.TryParse(longitude, NumberStyles.Float, CultureInfo.InvariantCulture, out var lon) && Math.Abs(lon) <= 180
            ? new GeoPoint(lat, lon) : null;

    private static double Radians(double degrees) => degrees * Math.PI / 180;
}
