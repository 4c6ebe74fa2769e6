using Beacon.Events;

namespace Beacon.Web.Assets;

/// <summary>Finds assets by their words.</summary>
internal static class AssetSearch
{
    /// <summary>Assets in whose words every word of the text stands, without case; the most important first.</summary>
    public static IReadOnlyList<Asset> Find(IReadOnlyList<Asset> all, string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. all.Where(a => words.All(w => Has(a, w))).OrderByDescending(static a => a.Importance).ThenBy(static a => a.Name, StringComparer.OrdinalIgnoreCase)];
    }

    private static bool Has(Asset a, string word)
    {
        bool In(string text) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
        return In(a.Id) || In(a.Name) || In(a.Owner) || In(a.Organisation) || In(a.Sector) || In(a.Zone) || In(a.Note) || a.Names.Any(In) || (a.Software?.Any(In) ?? false);
    }
}
