using System.Globalization;
using System.Text.Json;
using Beacon.Web.Hosting;

namespace Beacon.Web.Commands.Bench.Nab;

/// <summary>Reads a corpus in NAB's layout: data/GROUP/NAME.csv with "timestamp,value", and the labelled windows by that name as JSON.</summary>
internal static class NabCorpus
{
    /// <summary>Rows of one series, at most.</summary>
    public const int MaxRows = 1_000_000;

    /// <summary>Where the windows may stand, first found first taken: as we ship none, and as NAB lays them out.</summary>
    private static readonly string[] Labels = ["windows.json", "labels/combined_windows.json", "combined_windows.json"];

    /// <summary>The series that are there, by name, and the names of those that are labelled and not there.</summary>
    /// <exception cref="CommandException">There is none, or a file can't be read; it says which, and the line.</exception>
    public static (IReadOnlyList<NabSeries> Series, IReadOnlyList<string> Missing) Read(string folder)
    {
        if (!Directory.Exists(folder)) throw new CommandException($"{folder} does not exist.");
        var labels = Labels.Select(l => Path.Combine(folder, l)).FirstOrDefault(File.Exists)
            ?? throw new CommandException($"{folder} has no windows.json: the labelled windows by series.");
        var data = Path.Combine(folder, "data");
        if (!Directory.Exists(data)) data = folder;
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(labels));
            if (json.RootElement.ValueKind != JsonValueKind.Object) throw new CommandException($"{labels}: an object is expected, series by name.");
            var there = json.RootElement.EnumerateObject().ToLookup(p => File.Exists(Path.Combine(data, p.Name)));
            var missing = there[false].Select(p => p.Name).Order(StringComparer.Ordinal).ToList();
            var all = there[true].Select(p => Series(data, labels, p)).OrderBy(s => s.Name, StringComparer.Ordinal).ToList();
            if (all.Count > 0) return (all, missing);
            throw new CommandException(missing.Count > 0 ? $"{labels} names {missing[0]}, and there is no {Path.Combine(data, missing[0])}." : $"{labels} names no series.");
        }
        catch (JsonException fault)
        {
            throw new CommandException($"{labels} can't be read: {fault.Message}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"The corpus can't be read: {fault.Message}");
        }
    }

    private static NabSeries Series(string data, string labels, JsonProperty property)
    {
        var path = Path.Combine(data, property.Name);
        var (times, values) = Rows(path);
        if (property.Value.ValueKind != JsonValueKind.Array) throw Wrong();
        var windows = new List<NabWindow>();
        foreach (var pair in property.Value.EnumerateArray())
        {
            if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2) throw Wrong();
            var window = new NabWindow(Row(pair[0]), Row(pair[1]));
            if (window.Last < window.First || (windows.Count > 0 && window.First <= windows[^1].Last)) throw Wrong();
            windows.Add(window);
        }
        return new NabSeries(property.Name, times, values, windows);

        int Row(JsonElement limit)
        {
            if (limit.ValueKind != JsonValueKind.String || !TryTime(limit.GetString(), out var time)) throw Wrong();
            // Clock changes leave some times twice: NAB means the first.
            var row = Array.IndexOf(times, time);
            if (row < 0) row = Array.FindIndex(times, t => t > time);
            return row >= 0 ? row : throw new CommandException($"{labels}: {property.Name} has no row at or behind {limit.GetString()}.");
        }

        CommandException Wrong() => new($"{labels}: the windows of {property.Name} are not pairs of times in order.");
    }

    private static (DateTimeOffset[] Times, double[] Values) Rows(string path)
    {
        var times = new List<DateTimeOffset>();
        var values = new List<double>();
        var line = 0;
        foreach (var text in File.ReadLines(path))
        {
            if (line++ == 0 || text.Length == 0) continue;
            var comma = text.IndexOf(',', StringComparison.Ordinal);
            if (comma < 0 || !TryTime(text[..comma], out var time)
                || !double.TryParse(text.AsSpan(comma + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
                throw new CommandException($"{path}:{line}: a time and a number are expected, not '{(text.Length > 80 ? text[..80] : text)}'.");
            if (times.Count >= MaxRows) throw new CommandException($"{path} has more than {MaxRows:N0} rows.");
            times.Add(time);
            values.Add(value);
        }
        return times.Count > 0 ? ([.. times], [.. values]) : throw new CommandException($"{path} has no rows.");
    }

    private static bool TryTime(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
