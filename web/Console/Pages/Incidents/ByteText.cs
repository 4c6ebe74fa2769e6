using System.Globalization;

namespace Beacon.Web.Console.Pages.Incidents;

/// <summary>Sizes as people read them: "512 B", "1.4 MB".</summary>
internal static class ByteText
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    public static string Of(long bytes)
    {
        double size = bytes;
        var unit = 0;
        for (; size >= 1_000 && unit < Units.Length - 1; unit++) size /= 1_000;
        return size.ToString(unit == 0 || size >= 100 ? "0" : "0.#", CultureInfo.CurrentCulture) + " " + Units[unit];
    }
}
