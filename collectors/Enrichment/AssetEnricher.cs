using System.Text;
using Beacon.Events;

namespace Beacon.Collectors.Enrichment;

/// <summary>Adds what is known of the asset that an event happened on: by host name, host address, destination, then source.</summary>
internal sealed class AssetEnricher(AssetDirectory assets)
{
    private static readonly FieldId[] Order = [Field.HostName, Field.HostIp, Field.DestinationIp, Field.SourceIp];
    private static readonly FieldId Sector = FieldNames.Intern("asset.sector");

    public void Enrich(SecurityEvent e)
    {
        if (assets.IsEmpty || e.Has(Field.AssetId)) return;
        Span<char> name = stackalloc char[256];
        foreach (var field in Order)
        {
            for (var i = e.IndexOf(field); i >= 0; i = e.IndexOf(field, i + 1))
            {
                if (!Encoding.UTF8.TryGetChars(e.ValueAt(i), name, out var n) || n == 0) continue;
                var asset = assets.Find(name[..n]) ?? (field == Field.HostName ? FindShort(name[..n]) : null);
                if (asset is null) continue;
                Add(e, asset);
                return;
            }
        }
    }

    /// <summary>A host reported by its full name is found by its short one.</summary>
    private Asset? FindShort(ReadOnlySpan<char> name)
    {
        var dot = name.IndexOf('.');
        // The first label of an address is not a name.
        return dot > 0 && !char.IsAsciiDigit(name[0]) ? assets.Find(name[..dot]) : null;
    }

    private static void Add(SecurityEvent e, Asset asset)
    {
        e.Add(Field.AssetId, asset.Id);
        e.Add(Field.AssetName, asset.Name);
        e.Add(Field.AssetCriticality, asset.Importance switch
        {
            AssetImportance.EspeciallyImportant => "especially-important"u8,
            AssetImportance.Important => "important"u8,
            _ => "general"u8,
        });
        if (asset.Zone.Length > 0) e.Add(Field.AssetZone, asset.Zone);
        if (asset.Sector.Length > 0) e.Add(Sector, asset.Sector);
        if (asset.Organisation.Length > 0)
        {
            e.Remove(Field.OrganizationId);
            e.Add(Field.OrganizationId, asset.Organisation);
        }
    }
}
