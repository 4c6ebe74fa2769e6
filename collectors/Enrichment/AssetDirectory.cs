using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using Beacon.Events;

namespace Beacon.Collectors.Enrichment;

/// <summary>The assets, kept in the state database and answered from memory; the index is swapped whole when they change.</summary>
internal sealed class AssetDirectory(IStateDatabase state) : IAssetDirectory, IDisposable
{
    /// <summary>Assets kept.</summary>
    public const int MaxAssets = 200_000;

    private const string VersionName = "assets";

    private sealed record Snapshot(IReadOnlyList<Asset> All, FrozenDictionary<string, Asset> ByName);

    private volatile Snapshot _current = new([], FrozenDictionary<string, Asset>.Empty);
    private readonly SemaphoreSlim _saving = new(1, 1);
    private long _version;

    public IReadOnlyList<Asset> All => _current.All;

    public Asset? Find(string nameOrAddress) => _current.ByName.GetValueOrDefault(nameOrAddress);

    public bool IsEmpty => _current.All.Count == 0;

    /// <summary>Finds by characters, without making a string.</summary>
    public Asset? Find(ReadOnlySpan<char> nameOrAddress) =>
        _current.ByName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(nameOrAddress, out var asset) ? asset : null;

    public async Task LoadAsync(CancellationToken cancellation)
    {
        await _saving.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var (version, all) = await state.ReadAsync(db => (VersionOf(db), db.Query("SELECT document FROM assets ORDER BY id", r => r.GetString(0))), cancellation).ConfigureAwait(false);
            Set([.. all.Select(d => JsonSerializer.Deserialize(d, AssetJson.Default.Asset)).OfType<Asset>()]);
            Volatile.Write(ref _version, version);
        }
        finally
        {
            _saving.Release();
        }
    }

    /// <summary>Loads anew where another process has saved assets since.</summary>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        if (await state.ReadAsync(VersionOf, cancellation).ConfigureAwait(false) != Volatile.Read(ref _version)) await LoadAsync(cancellation).ConfigureAwait(false);
    }

    public Task SaveAsync(IReadOnlyList<Asset> assets, CancellationToken cancellation) => ChangeAsync(all =>
    {
        foreach (var asset in assets) all[asset.Id] = asset;
        if (all.Count > MaxAssets) throw new InvalidOperationException($"more than {MaxAssets} assets");
        return tx =>
        {
            foreach (var asset in assets)
                tx.Execute("INSERT INTO assets(id, document) VALUES (@p0, @p1) ON CONFLICT(id) DO UPDATE SET document = excluded.document",
                    asset.Id, JsonSerializer.Serialize(asset, AssetJson.Default.Asset));
        };
    }, cancellation);

    public async Task<bool> RemoveAsync(string id, CancellationToken cancellation)
    {
        var removed = 0;
        await ChangeAsync(all =>
        {
            all.Remove(id);
            return tx => removed = tx.Execute("DELETE FROM assets WHERE id = @p0", id);
        }, cancellation).ConfigureAwait(false);
        return removed > 0;
    }

    /// <param name="change">Changes what is in memory, and says how to write it.</param>
    private async Task ChangeAsync(Func<Dictionary<string, Asset>, Action<System.Data.Common.DbTransaction>> change, CancellationToken cancellation)
    {
        await _saving.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var all = _current.All.ToDictionary(a => a.Id, StringComparer.Ordinal);
            var write = change(all);
            var version = await state.WriteAsync(tx =>
            {
                write(tx);
                return tx.Scalar<long>("INSERT INTO asset_versions(name, version) VALUES (@p0, 1) ON CONFLICT(name) DO UPDATE SET version = asset_versions.version + 1 RETURNING version", VersionName);
            }, cancellation).ConfigureAwait(false);
            // A greater step means that another process saved in between: the next refresh reads its assets.
            if (version == _version + 1) Volatile.Write(ref _version, version);
            Set([.. all.Values.OrderBy(a => a.Id, StringComparer.Ordinal)]);
        }
        finally
        {
            _saving.Release();
        }
    }

    public void Dispose() => _saving.Dispose();

    private static long VersionOf(System.Data.Common.DbConnection db) => db.Scalar<long>("SELECT version FROM asset_versions WHERE name = @p0", VersionName);

    private void Set(IReadOnlyList<Asset> all)
    {
        var names = new Dictionary<string, Asset>(StringComparer.OrdinalIgnoreCase);
        foreach (var asset in all)
            foreach (var name in asset.Names.Append(asset.Id).Append(asset.Name))
                if (name.Length > 0) names.TryAdd(name, asset);
        _current = new Snapshot(all, names.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase));
    }
}

[JsonSerializable(typeof(Asset))]
[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
internal sealed partial class AssetJson : JsonSerializerContext;
