using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Transformations;

/// <summary>'field_name_prefix_mapping': the beginning of a name becomes another, or several; the first that fits counts.</summary>
internal sealed class FieldNamePrefixMapping(List<(string? From, string[] To)> mapping) : FieldTransformation
{
    /// <summary>An empty beginning is every name's: no table then.</summary>
    public override bool IsTable => !mapping.Exists(static m => m.From!.Length == 0);

    public static FieldNamePrefixMapping? Read(Arguments arguments) =>
        FieldMap.Read(arguments, "mapping", required: true, keywords: false) is { } entries ? new FieldNamePrefixMapping(entries) : null;

    public IEnumerable<string> Names => mapping.SelectMany(static m => m.To);

    public override IReadOnlyList<string>? Map(string? field, SigmaLogSource source)
    {
        if (field is null) return null;
        foreach (var (from, to) in mapping)
            if (field.StartsWith(from!, StringComparison.Ordinal)) return Array.ConvertAll(to, t => t + field[from!.Length..]);
        return null;
    }
}
