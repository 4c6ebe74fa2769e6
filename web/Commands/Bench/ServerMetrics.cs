using System.Globalization;

namespace Beacon.Web.Commands.Bench;

/// <summary>A reading of the Prometheus endpoint (text format 0.0.4): the values of one name, summed over their labels.</summary>
internal static class ServerMetrics
{
    public static double? Sum(string exposition, string name)
    {
        double? sum = null;
        foreach (var line in exposition.AsSpan().EnumerateLines())
        {
            if (!line.StartsWith(name, StringComparison.Ordinal) || line.Length <= name.Length || line[name.Length] is not ('{' or ' ')) continue;
            var rest = line[name.Length] == '{' ? line[(line.LastIndexOf('}') + 1)..].Trim() : line[name.Length..].Trim();
            var space = rest.IndexOf(' ');
            if (double.TryParse(space < 0 ? rest : rest[..space], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) sum = (sum ?? 0) + value;
        }
        return sum;
    }
}
