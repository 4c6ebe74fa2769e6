using System.Globalization;
using Beacon.Events;

namespace Beacon.Detections.Indicators;

/// <summary>
/// Indicators from CSV (RFC 4180). The heading names the columns, in any order: value (required), type (address, domain, url, hash; else what the value
/// shows), name, reference, valid-until (ISO 8601).
/// </summary>
internal static class IndicatorCsv
{
    private static readonly string[] Known = ["value", "type", "name", "reference", "valid-until"];

    public static IndicatorDocument Read(string text)
    {
        var indicators = new List<Indicator>();
        var faults = new List<IndicatorFault>();
        string[]? columns = null;
        foreach (var (line, cells, fault) in CsvRows.Read(text))
        {
            if (fault is not null) Fault(line, fault.ToString());
            else if (columns is null)
            {
                columns = [.. cells.Select(static c => c.Trim().TrimStart('\uFEFF').ToLowerInvariant().Replace('_', '-'))];
                foreach (var column in columns.Where(static c => !Known.Contains(c))) Fault(line, $"unknown column '{Cut(column)}'; known are {string.Join(", ", Known)}");
                if (columns.Contains("value")) continue;
                Fault(line, "the heading has no column 'value'");
                break;
            }
            else if (cells.Count == 1 && cells[0].Length == 0) continue;
            else if (cells.Count != columns.Length) Fault(line, $"{cells.Count} cells, but the heading has {columns.Length}");
            else if (ReadRow(columns, cells, out var problem) is { } indicator) indicators.Add(indicator);
            else Fault(line, problem);
        }
        return new IndicatorDocument(indicators, faults);

        void Fault(int line, string message) => faults.Add(new IndicatorFault("line " + line.ToString(CultureInfo.InvariantCulture), message));
    }

    private static Indicator? ReadRow(string[] columns, IReadOnlyList<string> cells, out string problem)
    {
        string Cell(string name) => Array.IndexOf(columns, name) is var i and >= 0 ? cells[i].Trim() : "";
        problem = "";
        var (value, type) = (Cell("value"), Cell("type").ToLowerInvariant());
        IndicatorKind? kind = type switch
        {
            "" => IndicatorValues.Guess(value),
            "address" or "ip" or "ipv4" or "ipv6" or "network" or "cidr" => IndicatorKind.Address,
            "domain" or "hostname" => IndicatorKind.Domain,
            "url" => IndicatorKind.Url,
            "hash" or "md5" or "sha1" or "sha256" => IndicatorKind.Hash,
            _ => null,
        };
        if (kind is null) problem = type.Length == 0 ? $"'{Cut(value)}' is no address, domain, URL or hash" : $"type '{Cut(type)}' is none of address, domain, url, hash";
        else if (IndicatorValues.Normalise(kind.Value, value) is not { } normal) problem = $"'{Cut(value)}' is no {kind.Value.ToString().ToLowerInvariant()}";
        else if (Cell("valid-until") is { Length: > 0 } until)
        {
            if (DateTimeOffset.TryParse(until, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)) return new Indicator(kind.Value, normal, Cut(Cell("name")), Cut(Cell("reference")), instant);
            problem = $"'{Cut(until)}' is no time: write it as 2026-12-31T00:00:00Z";
        }
        else return new Indicator(kind.Value, normal, Cut(Cell("name")), Cut(Cell("reference")), null);
        return null;
    }

    private static string Cut(string text) => text.Length <= Indicator.MaxText ? text : text[..Indicator.MaxText];
}
