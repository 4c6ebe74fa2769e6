using System.Globalization;
using Beacon.Detections.Indicators;
using Beacon.Detections.Scheduled;
using Beacon.Events;

namespace Beacon.Detections.Rules;

/// <summary>What a case has beside events: indicators, and assets with their zones.</summary>
internal sealed class CaseSurroundings : IAssetDirectory
{
    private const int Most = 1_000;

    private CaseSurroundings(IReadOnlyList<Indicator> indicators, IReadOnlyList<Asset> assets) => (Indicators, All) = (indicators, assets);

    public IReadOnlyList<Indicator> Indicators { get; }

    public IReadOnlyList<Asset> All { get; }

    public static CaseSurroundings Read(SettingsReader settings) => new(
        [.. settings.Each("indicators", 0, Most, ReadIndicator).OfType<Indicator>().OrderBy(static i => i.Added)],
        [.. settings.Each("assets", 0, Most, ReadAsset).OfType<Asset>()]);

    public Asset? Find(string nameOrAddress) => All.FirstOrDefault(a => a.Names.Contains(nameOrAddress, StringComparer.OrdinalIgnoreCase));

    public Task SaveAsync(IReadOnlyList<Asset> assets, CancellationToken cancellation) => throw new NotSupportedException("the assets of a case are those that it names");

    private static Indicator? ReadIndicator(SettingsReader settings)
    {
        var value = settings.Text("value") ?? "";
        var (added, until) = (Time(settings, "added"), Time(settings, "valid-until"));
        var name = settings.Text("name") ?? "";
        if (IndicatorValues.Guess(value) is { } kind) return new Indicator(kind, IndicatorValues.Normalise(kind, value)!, name, "", until) { Source = "case", Added = added ?? DateTimeOffset.UnixEpoch };
        settings.Fault("value", "an indicator has a value: an address, a domain, a URL or a hash");
        return null;
    }

    private static Asset? ReadAsset(SettingsReader settings)
    {
        var (names, zone) = (settings.Texts("names"), settings.Text("zone") ?? "");
        if (names.Count > 0) return new Asset(names[0], names[0], names, AssetImportance.General, "", "", "", zone, "");
        settings.Fault("names", "an asset has names or addresses");
        return null;
    }

    private static DateTimeOffset? Time(SettingsReader settings, string name)
    {
        if (settings.Text(name) is not { } text) return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return time;
        settings.Fault(name, $"'{name}' is not a time", "write it as 2026-01-01T00:00:05Z");
        return null;
    }
}
