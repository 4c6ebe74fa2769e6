using System.Globalization;
using System.Text.Json;

namespace Beacon.Detections.Attack;

/// <summary>A rule as a coverage map counts it.</summary>
/// <param name="IsBlind">No event can match it.</param>
public sealed record LayerRule(string Id, string Title, IReadOnlyList<string> Tags, bool IsBlind);

/// <summary>
/// Which techniques of ATT&amp;CK rules look for, as a layer of the ATT&amp;CK Navigator (layer format 4.5). A technique's score is the
/// number of its rules; a technique of which every rule is blind is grey, since nothing would be seen. Revoked techniques count as what took their place.
/// </summary>
public sealed class AttackLayer
{
    /// <summary>Rules listed in the comment of a technique; further ones are counted.</summary>
    public const int MaxListed = 100;

    private const string Grey = "#9e9e9e";
    private static readonly string[] Gradient = ["#dceefb", "#4f9bd9", "#08519c"];

    private readonly AttackDomain _domain;
    private readonly string _title;
    private readonly SortedDictionary<string, List<LayerRule>> _techniques = new(StringComparer.Ordinal);

    /// <param name="domain">Enterprise or Ics.</param>
    /// <exception cref="ArgumentOutOfRangeException">The domain is Mobile, of which the tactics are not kept.</exception>
    public AttackLayer(AttackDomain domain, string title, IEnumerable<LayerRule> rules)
    {
        if (domain == AttackDomain.Mobile) throw new ArgumentOutOfRangeException(nameof(domain), "layers are of Enterprise or ICS");
        (_domain, _title) = (domain, title);
        var unknown = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var rule in rules)
        {
            Rules++;
            var counted = false;
            foreach (var id in AttackTags.TechniquesOf(rule.Tags).Select(Current).DistinctBy(static t => t.Id))
            {
                if (id.Technique is null) unknown.Add(id.Id);
                if (id.Technique?.Domain != domain) continue;
                counted = true;
                if (!_techniques.TryGetValue(id.Id, out var list)) _techniques[id.Id] = list = [];
                list.Add(rule);
            }
            if (counted) Counted++;
        }
        Unknown = [.. unknown];

        static (string Id, AttackTechnique? Technique) Current(string id) => AttackCatalog.Find(id) is { } technique ? (AttackCatalog.Current(technique).Id, AttackCatalog.Current(technique)) : (id, null);
    }

    /// <summary>Rules that were given, and those of them that name a technique of the domain.</summary>
    public int Rules { get; }

    public int Counted { get; }

    /// <summary>Techniques that a rule looks for, and those of them of which every rule is blind.</summary>
    public int Covered => _techniques.Count;

    public int BlindOnly => _techniques.Values.Count(static t => t.TrueForAll(static r => r.IsBlind));

    /// <summary>Techniques that rules name and ATT&amp;CK does not have: they stand in no layer.</summary>
    public IReadOnlyList<string> Unknown { get; }

    /// <summary>Writes the layer as JSON.</summary>
    public void Write(Stream output)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("name", _title);
        json.WriteStartObject("versions");
        json.WriteString("attack", _domain == AttackDomain.Ics ? AttackCatalog.IcsVersion : AttackCatalog.EnterpriseVersion);
        json.WriteString("navigator", "5.1.0");
        json.WriteString("layer", "4.5");
        json.WriteEndObject();
        json.WriteString("domain", _domain == AttackDomain.Ics ? "ics-attack" : "enterprise-attack");
        json.WriteString("description", string.Create(CultureInfo.InvariantCulture, $"{Counted} of {Rules} rules name {Covered} techniques; of {BlindOnly} of these every rule is blind. The score is the number of rules."));
        json.WriteNumber("sorting", 3);
        json.WriteBoolean("hideDisabled", false);
        json.WriteStartArray("techniques");
        foreach (var (id, rules) in _techniques) Write(json, id, rules);
        json.WriteEndArray();
        WriteColours(json);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string id, List<LayerRule> rules)
    {
        var blind = rules.Count(static r => r.IsBlind);
        json.WriteStartObject();
        json.WriteString("techniqueID", id);
        json.WriteNumber("score", rules.Count);
        if (blind == rules.Count) json.WriteString("color", Grey);
        json.WriteString("comment", Comment(rules));
        json.WriteBoolean("enabled", true);
        json.WriteBoolean("showSubtechniques", false);
        json.WriteStartArray("metadata");
        Meta(json, "rules that see", rules.Count - blind);
        Meta(json, "blind rules", blind);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Comment(List<LayerRule> rules)
    {
        var lines = rules.OrderBy(static r => r.IsBlind).ThenBy(static r => r.Title, StringComparer.Ordinal).Take(MaxListed).Select(static r => r.Title + (r.IsBlind ? " (blind)" : ""));
        var text = string.Join('\n', lines);
        return rules.Count <= MaxListed ? text : string.Create(CultureInfo.InvariantCulture, $"{text}\nand {rules.Count - MaxListed} more");
    }

    private static void Meta(Utf8JsonWriter json, string name, int value)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("value", value.ToString(CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    private void WriteColours(Utf8JsonWriter json)
    {
        json.WriteStartObject("gradient");
        json.WriteStartArray("colors");
        foreach (var colour in Gradient) json.WriteStringValue(colour);
        json.WriteEndArray();
        json.WriteNumber("minValue", 1);
        json.WriteNumber("maxValue", Math.Max(2, _techniques.Count == 0 ? 0 : _techniques.Values.Max(static r => r.Count)));
        json.WriteEndObject();
        json.WriteStartArray("legendItems");
        json.WriteStartObject();
        json.WriteString("label", "every rule is blind");
        json.WriteString("color", Grey);
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
