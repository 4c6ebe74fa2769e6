namespace Beacon.Events;

/// <summary>Importance of a protected object, in the three grades of GB/T 32924-2016.</summary>
public enum AssetImportance
{
    General,
    Important,
    EspeciallyImportant,
}

/// <summary>What is protected.</summary>
/// <param name="Id">Stable short name, unique ("plc-ps3-01").</param>
/// <param name="Names">Host names and addresses by which events name it; compared without case.</param>
/// <param name="Zone">Network zone ("dmz", "ot-cell-3"), or empty.</param>
/// <param name="Sector">"water", "power", "transport", …, or empty.</param>
/// <param name="Software">Products that run on it ("nginx", "siemens s7-1500"), as one's own list names them; null for not known. What is exploited in one is exploited in the others.</param>
/// <param name="Note">Why it matters, in a sentence for operators, or empty.</param>
public sealed record Asset(
    string Id, string Name, IReadOnlyList<string> Names, AssetImportance Importance,
    string Owner, string Organisation, string Sector, string Zone, string Note, IReadOnlyList<string>? Software = null);

/// <summary>Finds the asset behind an entity; answers from memory, in constant time.</summary>
public interface IAssetDirectory
{
    Asset? Find(string nameOrAddress);
    IReadOnlyList<Asset> All { get; }

    /// <summary>Adds or replaces assets by id, durably.</summary>
    Task SaveAsync(IReadOnlyList<Asset> assets, CancellationToken cancellation);

    /// <summary>Removes an asset, durably; false where there is none of that id.</summary>
    Task<bool> RemoveAsync(string id, CancellationToken cancellation) => throw new NotSupportedException("these assets are fixed");
}
