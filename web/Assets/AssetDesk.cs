using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Beacon.Alerting;
using Beacon.Alerting.Audit;
using Beacon.Collectors.Enrichment;
using Beacon.Events;

namespace Beacon.Web.Assets;

/// <summary>What a CSV would do, or did.</summary>
/// <param name="Added">Ids that were not there.</param>
/// <param name="Changed">Ids that were there with other words.</param>
/// <param name="Same">Lines that change nothing.</param>
/// <param name="Done">It was imported: without faults only.</param>
public sealed record AssetImportReport(IReadOnlyList<string> Added, IReadOnlyList<string> Changed, int Same, IReadOnlyList<AssetCsvFault> Faults, bool Done)
{
    public int Lines => Added.Count + Changed.Count + Same;
}

/// <summary>Changes assets for a person: checked, under the version that was read, and recorded.</summary>
internal sealed class AssetDesk(IAssetDirectory assets, IAuditTrail audit)
{
    /// <summary>Longest text of one part of an asset.</summary>
    public const int MaxText = 500;

    /// <summary>Names, or products, of one asset.</summary>
    public const int MaxNames = 200;

    public IReadOnlyList<Asset> All => assets.All;

    public Asset? Find(string id) => assets.All.FirstOrDefault(a => a.Id == id);

    /// <summary>Stands for the words of an asset: a change is made only to what was read. 16 hexadecimal digits.</summary>
    public static string VersionOf(Asset asset) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(asset))[..8]);

    /// <summary>What a CSV would do.</summary>
    public AssetImportReport Check(string csv) => Read(csv).Report;

    /// <summary>Adds assets, or replaces those of the same id: all of the text, or none where a line is faulty.</summary>
    public async Task<AssetImportReport> ImportAsync(string csv, string by, CancellationToken cancellation)
    {
        var (read, report) = Read(csv);
        if (report.Faults.Count > 0) return report;
        await assets.SaveAsync(read, cancellation);
        await audit.AppendAsync(new AuditRecord(by, "asset.import", "", "", string.Create(CultureInfo.InvariantCulture, $"{report.Added.Count} added, {report.Changed.Count} changed, {report.Same} the same")), cancellation);
        return report with { Done = true };
    }

    /// <param name="version">From <see cref="VersionOf"/> of what was read; empty for a new asset.</param>
    public async Task<Outcome<Asset>> SaveAsync(Asset asset, string version, string by, CancellationToken cancellation)
    {
        if (Fault(asset) is { } fault) return new Refusal(RefusalKind.Invalid, fault);
        var before = Find(asset.Id);
        if (before is null ? version.Length > 0 : VersionOf(before) != version)
            return new Refusal(RefusalKind.Conflict, before is null ? (Phrase)$"there is no asset {asset.Id} any more" : version.Length == 0 ? (Phrase)$"there is an asset {asset.Id} already" : $"somebody changed {asset.Id} meanwhile: read it again");
        foreach (var name in asset.Names.Append(asset.Id).Append(asset.Name))
            if (name.Length > 0 && assets.Find(name) is { } other && other.Id != asset.Id) return new Refusal(RefusalKind.Invalid, $"{name} names {other.Id} already");
        await assets.SaveAsync([asset], cancellation);
        await audit.AppendAsync(new AuditRecord(by, before is null ? "asset.add" : "asset.change", $"asset:{asset.Id}", before is null ? "" : JsonSerializer.Serialize(before), JsonSerializer.Serialize(asset)), cancellation);
        return asset;
    }

    public async Task<Outcome<Asset>> RemoveAsync(string id, string version, string reason, string by, CancellationToken cancellation)
    {
        if (Find(id) is not { } before) return new Refusal(RefusalKind.NotFound, $"there is no asset {id}");
        if (VersionOf(before) != version) return new Refusal(RefusalKind.Conflict, $"somebody changed {id} meanwhile: read it again");
        if (reason.Trim().Length is 0 or > 2_000) return new Refusal(RefusalKind.Invalid, "a reason of 1 to 2,000 characters is wanted");
        await assets.RemoveAsync(id, cancellation);
        await audit.AppendAsync(new AuditRecord(by, "asset.remove", $"asset:{id}", JsonSerializer.Serialize(before), Reason: reason.Trim()), cancellation);
        return before;
    }

    private (IReadOnlyList<Asset> Read, AssetImportReport Report) Read(string csv)
    {
        var (read, faults) = AssetCsv.Read(csv);
        var known = assets.All.ToDictionary(a => a.Id, StringComparer.Ordinal);
        List<string> added = [], changed = [];
        foreach (var asset in read)
            if (!known.TryGetValue(asset.Id, out var before)) added.Add(asset.Id);
            else if (VersionOf(before) != VersionOf(asset)) changed.Add(asset.Id);
        faults = [.. faults, .. read.SelectMany(a => Fault(a) is { } fault ? [new AssetCsvFault(0, $"{a.Id}: {fault}")] : Array.Empty<AssetCsvFault>())];
        return (read, new AssetImportReport(added, changed, read.Count - added.Count - changed.Count, faults, Done: false));
    }

    private static Phrase? Fault(Asset a)
    {
        if (a.Id.Length is 0 or > 128 || a.Id.AsSpan().ContainsAnyInRange('\0', ' ')) return "an id has 1 to 128 characters, without spaces";
        if (a.Names.Count > MaxNames || a.Software?.Count > MaxNames) return $"an asset has at most {MaxNames} names and {MaxNames} products";
        return new[] { a.Name, a.Owner, a.Organisation, a.Sector, a.Zone, a.Note }.Concat(a.Names).Concat(a.Software ?? []).Any(static t => t.Length > MaxText || t.AsSpan().ContainsAnyInRange('\0', '\u001f'))
            ? (Phrase)$"a part is longer than {MaxText} characters, or has a control character" : null;
    }
}
