using System.Text;
using Beacon.Events;

namespace Beacon.Web.Assets;

/// <summary>Assets as the CSV (RFC 4180) that the import reads.</summary>
internal static class AssetCsvText
{
    public static string Write(IEnumerable<Asset> assets)
    {
        var text = new StringBuilder("id,name,names,importance,owner,organisation,sector,zone,note,software\r\n");
        foreach (var a in assets)
        {
            text.AppendJoin(',', new[] { a.Id, a.Name, string.Join(';', a.Names), Word(a.Importance), a.Owner, a.Organisation, a.Sector, a.Zone, a.Note, string.Join(';', a.Software ?? []) }.Select(Cell)).Append("\r\n");
        }
        return text.ToString();
    }

    /// <summary>As the import reads it.</summary>
    public static string Word(AssetImportance importance) => importance switch
    {
        AssetImportance.EspeciallyImportant => "especially-important",
        AssetImportance.Important => "important",
        _ => "general",
    };

    // A spreadsheet takes what begins so for a formula; the import takes the apostrophe away again.
    private static string Cell(string value) => Quoted(value.Length > 0 && "=+-@".Contains(value[0], StringComparison.Ordinal) ? "'" + value : value);

    private static string Quoted(string value) => value.AsSpan().ContainsAny(",\"\r\n") || value.AsSpan().Trim().Length != value.Length ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;
}
