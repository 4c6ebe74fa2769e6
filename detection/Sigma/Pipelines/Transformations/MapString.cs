using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;
using Beacon.Detections.Sigma.Yaml;

namespace Beacon.Detections.Sigma.Pipelines.Transformations;

/// <summary>'map_string': a whole text becomes another, or several.</summary>
internal sealed class MapString(Dictionary<string, SigmaValue[]> mapping) : ValueTransformation
{
    public static MapString? Read(Arguments arguments)
    {
        if (arguments.Map("mapping", required: true) is not { } map) return null;
        var mapping = new Dictionary<string, SigmaValue[]>(StringComparer.Ordinal);
        foreach (var (key, value) in map.Entries)
            if (arguments.TextsOf(value, $"'{YamlReader.Shorten(key.Text)}' of {arguments.What}") is { } texts)
                mapping[key.Text] = [.. texts.Select(static t => new PatternValue(SigmaPattern.Parse(t)))];
        return new MapString(mapping);
    }

    protected override IEnumerable<SigmaValue>? Change(SigmaValue value, RuleDraft draft) =>
        value is PatternValue text ? mapping.GetValueOrDefault(ValueText.Plain(text.Pattern)) : null;
}
