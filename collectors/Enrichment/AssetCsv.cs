using Beacon.Events;

namespace Beacon.Collectors.Enrichment;

/// <param name="Line">From 1, the heading being line 1.</param>
public sealed record AssetCsvFault(int Line, Phrase Message);

/// <summary>
/// Reads assets from CSV (RFC 4180). The heading names the columns, in any order: id (required), name, names (separated by ';'), importance
/// (general, important, especially-important), owner, organisation, sector, zone, note, software (separated by ';').
/// </summary>
public static class AssetCsv
{
    /// <summary>Longest document, in characters.</summary>
    public const int MaxLength = 64 * 1024 * 1024;

    private static readonly string[] Known = ["id", "name", "names", "importance", "owner", "organisation", "sector", "zone", "note", "software"];

    /// <summary>Reads every line that is right, and says what is wrong with the others.</summary>
    public static (IReadOnlyList<Asset> Assets, IReadOnlyList<AssetCsvFault> Faults) Read(string text)
    {
        var assets = new List<Asset>();
        var faults = new List<AssetCsvFault>();
        if (text.Length > MaxLength) return (assets, [new AssetCsvFault(1, $"the document is longer than {MaxLength} characters")]);
        string[]? columns = null;
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (line, cells, fault) in CsvRows.Read(text))
        {
            if (fault is not null)
            {
                faults.Add(new AssetCsvFault(line, fault));
                continue;
            }
            if (columns is null)
            {
                columns = [.. cells.Select(c => c.Trim().TrimStart('\uFEFF').ToLowerInvariant())];
                foreach (var column in columns.Where(c => !Known.Contains(c))) faults.Add(new AssetCsvFault(line, $"unknown column '{column}'; known are {string.Join(", ", Known)}"));
                if (!columns.Contains("id")) return (assets, [.. faults, new AssetCsvFault(line, "the heading has no column 'id'")]);
                continue;
            }
            if (cells.Count == 1 && cells[0].Length == 0) continue;
            if (cells.Count != columns.Length)
            {
                faults.Add(new AssetCsvFault(line, $"{cells.Count} cells, but the heading has {columns.Length}"));
                continue;
            }
            if (ReadAsset(columns, cells, out var asset, out var problem))
            {
                if (ids.TryGetValue(asset.Id, out var first)) faults.Add(new AssetCsvFault(line, $"id '{asset.Id}' stands on line {first} already"));
                else
                {
                    ids[asset.Id] = line;
                    assets.Add(asset);
                }
            }
            else faults.Add(new AssetCsvFault(line, problem));
        }
        if (columns is null) faults.Add(new AssetCsvFault(1, "the document is empty"));
        return (assets, faults);
    }

    private static bool ReadAsset(string[] columns, IReadOnlyList<string> cells, out Asset asset, out Phrase problem)
    {
        string Cell(string name) => Array.IndexOf(columns, name) is var i and >= 0 ? Plain(cells[i].Trim()) : "";
        asset = null!;
        problem = Phrase.Empty;
        var id = Cell("id");
        if (id.Length is 0 or > 128) problem = "the id is empty or longer than 128 characters";
        else if (!TryImportance(Cell("importance"), out var importance)) problem = $"importance '{Cell("importance")}' is none of general, important, especially-important";
        else
        {
            var name = Cell("name") is { Length: > 0 } given ? given : id;
            asset = new Asset(id, name, Cell("names").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), importance,
                Cell("owner"), Cell("organisation"), Cell("sector"), Cell("zone"), Cell("note"),
                Cell("software") is { Length: > 0 } software ? software.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : null);
        }
        return problem.IsEmpty;
    }

    /// <summary>An apostrophe before what a spreadsheet would take for a formula is not part of the text.</summary>
    private static string Plain(string cell) => cell.Length > 1 && cell[0] == '\'' && "=+-@".Contains(cell[1], StringComparison.Ordinal) ? cell[1..] : cell;

    private static bool TryImportance(string text, out AssetImportance importance)
    {
        importance = text.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant() switch
        {
            "" or "GENERAL" => AssetImportance.General,
            "IMPORTANT" => AssetImportance.Important,
            "ESPECIALLYIMPORTANT" => AssetImportance.EspeciallyImportant,
            _ => (AssetImportance)(-1),
        };
        return importance >= 0;
    }
}
