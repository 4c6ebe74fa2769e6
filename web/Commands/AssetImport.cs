using System.Globalization;
using Beacon.Alerting.Audit;
using Beacon.Collectors.Enrichment;
using Beacon.Events;

namespace Beacon.Web.Commands;

/// <summary>Takes assets from CSV, all of them or none, and records it.</summary>
internal sealed class AssetImport(IAssetDirectory assets, IAuditTrail audit)
{
    public IReadOnlyList<Asset> All => assets.All;

    /// <returns>How many were added or replaced, and the faults for which none was.</returns>
    public async Task<(int Count, IReadOnlyList<AssetCsvFault> Faults)> RunAsync(string csv, string by, CancellationToken cancellation)
    {
        var (read, faults) = AssetCsv.Read(csv);
        if (faults.Count > 0) return (0, faults);
        await assets.SaveAsync(read, cancellation);
        await audit.AppendAsync(new AuditRecord(by, "asset.import", "", "", read.Count.ToString(CultureInfo.InvariantCulture)), cancellation);
        return (read.Count, []);
    }
}
