using System.Collections.Frozen;
using Beacon.Events;

namespace Beacon.Alerting.Warnings;

/// <summary>Assets by what they share. Built again whenever the directory has another list.</summary>
internal sealed class AssetIndex(IAssetDirectory directory)
{
    /// <summary>What one asset may share with another, the telling ones first.</summary>
    public enum Shared
    {
        Software,
        Zone,
        Owner,
    }

    private sealed record Index(IReadOnlyList<Asset> Of, FrozenDictionary<string, Asset> ById, FrozenDictionary<(Shared, string), Asset[]> ByProperty);

    private volatile Index _current = new([], FrozenDictionary<string, Asset>.Empty, FrozenDictionary<(Shared, string), Asset[]>.Empty);

    public Asset? Find(string id) => Current().ById.GetValueOrDefault(id);

    public IReadOnlyList<Asset> Sharing(Shared property, string value) => Current().ByProperty.GetValueOrDefault((property, value.ToLowerInvariant())) ?? [];

    /// <summary>The asset's properties that others may share.</summary>
    public static IEnumerable<(Shared Property, string Value)> PropertiesOf(Asset asset)
    {
        foreach (var software in asset.Software ?? []) if (software.Length > 0) yield return (Shared.Software, software);
        if (asset.Zone.Length > 0) yield return (Shared.Zone, asset.Zone);
        // An owner of one organisation is not the owner of the same name of another.
        if (asset.Owner.Length > 0) yield return (Shared.Owner, asset.Organisation.Length > 0 ? $"{asset.Owner} ({asset.Organisation})" : asset.Owner);
    }

    private Index Current()
    {
        var all = directory.All;
        if (ReferenceEquals(_current.Of, all)) return _current;
        return _current = new Index(all, all.DistinctBy(a => a.Id, StringComparer.OrdinalIgnoreCase).ToFrozenDictionary(a => a.Id, StringComparer.OrdinalIgnoreCase),
            all.SelectMany(a => PropertiesOf(a).Select(p => (Key: (p.Property, p.Value.ToLowerInvariant()), Asset: a))).GroupBy(x => x.Key).ToFrozenDictionary(g => g.Key, g => g.Select(x => x.Asset).ToArray()));
    }
}
