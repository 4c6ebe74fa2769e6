namespace Beacon.Events;

/// <summary>The asset directory where no assets are configured.</summary>
public sealed class NoAssets : IAssetDirectory
{
    public Asset? Find(string nameOrAddress) => null;

    public IReadOnlyList<Asset> All => [];

    /// <exception cref="NotSupportedException">Always.</exception>
    public Task SaveAsync(IReadOnlyList<Asset> assets, CancellationToken cancellation) =>
        throw new NotSupportedException("no asset directory is registered: register an IAssetDirectory to save assets");
}
