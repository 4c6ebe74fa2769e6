using System.Collections.Frozen;
using System.Net;
using Beacon.Events;

namespace Beacon.Alerting.Incidents;

/// <summary>
/// One key for an entity under its several names: a known asset's host name and addresses are one; "CORP\svc-backup" and
/// "svc-backup@corp.example" are one user. Entities that everybody has (SYSTEM, loopback) tie nothing together.
/// </summary>
internal sealed class EntityKeys(IAssetDirectory assets)
{
    private static readonly FrozenSet<string> Common = FrozenSet.ToFrozenSet(
    [
        "system", "root", "administrator", "admin", "guest", "nobody", "local service", "network service", "anonymous logon", "anonymous",
        "localsystem", "s-1-5-18", "s-1-5-19", "s-1-5-20", "-", "n/a", "unknown", "localhost", "localhost.localdomain",
    ]);

    public Asset? AssetOf(Entity entity)
    {
        if (entity.Kind is not (EntityKind.Host or EntityKind.Address or EntityKind.Source)) return null;
        if (assets.Find(entity.Value) is { } asset) return asset;
        var dot = entity.Kind == EntityKind.Host ? entity.Value.IndexOf('.', StringComparison.Ordinal) : -1;
        return dot > 0 && !IPAddress.TryParse(entity.Value, out _) ? assets.Find(entity.Value[..dot]) : null;
    }

    public string KeyOf(Entity entity) => AssetOf(entity) is { } asset && entity.Kind != EntityKind.Source
        ? "asset:" + asset.Id.ToLowerInvariant()
        : entity.Kind.ToString().ToLowerInvariant() + ":" + Plain(entity).ToLowerInvariant();

    /// <summary>False for what is too common, or no thing of its own, to tie alerts together.</summary>
    public static bool Ties(Entity entity)
    {
        if (entity.Kind is EntityKind.Source or EntityKind.Other) return false;
        var plain = Plain(entity).ToLowerInvariant();
        if (plain.Length == 0 || Common.Contains(plain)) return false;
        if (!IPAddress.TryParse(plain, out var address)) return true;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || address.IsIPv6Multicast) return false;
        var bytes = address.GetAddressBytes();
        return bytes.Length != 4 || bytes[0] is > 0 and < 224;
    }

    private static string Plain(Entity entity)
    {
        var value = entity.Value.Trim();
        if (entity.Kind != EntityKind.User) return value;
        var domain = value.LastIndexOf('\\');
        if (domain >= 0) value = value[(domain + 1)..];
        var at = value.IndexOf('@', StringComparison.Ordinal);
        return at > 0 ? value[..at] : value;
    }
}
