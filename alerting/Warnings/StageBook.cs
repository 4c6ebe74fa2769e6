using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Warnings;

/// <summary>What a stage of an attack means and what usually follows it, from data/stages.json.</summary>
internal sealed class StageBook(IOptions<AlertingOptions> options)
{
    /// <summary>Stages told of at once, the furthest first.</summary>
    private const int Most = 5;

    /// <summary>The first stages: a warning that comes here comes early.</summary>
    private static readonly HashSet<string> First = ["reconnaissance", "initial-access", "discovery", "credential-access"];

    private readonly Lazy<FrozenDictionary<(string Domain, string Tactic), StageEntry>> _entries = new(() => Load(Path.Combine(options.Value.DataDirectory, "stages.json")));

    public static bool IsFirst(string tactic) => First.Contains(tactic);

    public IReadOnlyList<StageOutlook> Of(IReadOnlyList<string> stages, IEnumerable<string> techniques)
    {
        // Techniques of ATT&CK for ICS begin with T0: the same tactic means something else in a plant.
        var plant = techniques.Any(t => t.StartsWith("T0", StringComparison.Ordinal));
        return [.. stages.Reverse().Select(s => Find(plant, s)).OfType<StageEntry>().Take(Most).Select(e => new StageOutlook(e.Tactic, First.Contains(e.Tactic), e.Means, [.. e.Follows.Select(f => new StageFollow(f.Tactic, f.Text))], e.Watch))];
    }

    private StageEntry? Find(bool plant, string tactic) =>
        (plant ? _entries.Value.GetValueOrDefault(("ics", tactic)) : null) ?? _entries.Value.GetValueOrDefault(("enterprise", tactic)) ?? _entries.Value.GetValueOrDefault(("ics", tactic));

    private static FrozenDictionary<(string, string), StageEntry> Load(string path)
    {
        using var file = File.OpenRead(path);
        var document = JsonSerializer.Deserialize(file, StageJson.Default.StageDocument) ?? throw new InvalidDataException($"{path} is empty");
        foreach (var entry in document.Stages)
            if (Attack.OrderOf(entry.Tactic) < 0 || entry.Domain is not ("enterprise" or "ics") || entry.Follows.Any(f => Attack.OrderOf(f.Tactic) < 0))
                throw new InvalidDataException($"{path}: {entry.Domain}/{entry.Tactic} names what is no domain or tactic of ATT&CK");
        return document.Stages.ToFrozenDictionary(e => (e.Domain, e.Tactic));
    }
}

internal sealed record StageDocument(IReadOnlyList<StageEntry> Stages);

/// <param name="Domain">"enterprise" or "ics".</param>
internal sealed record StageEntry(string Domain, string Tactic, string Means, IReadOnlyList<StageFollow> Follows, string Watch);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StageDocument))]
internal sealed partial class StageJson : JsonSerializerContext;
