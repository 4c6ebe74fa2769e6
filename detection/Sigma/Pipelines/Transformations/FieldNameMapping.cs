using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Transformations;

/// <summary>'field_name_mapping': a name becomes another, or several that count as one field. With 'template' the new names may hold $service and its like.</summary>
internal sealed class FieldNameMapping(Dictionary<string, string[]> mapping, string[]? keywords, bool template) : FieldTransformation
{
    public override bool IsTable => true;

    public static FieldNameMapping? Read(Arguments arguments)
    {
        var (entries, template) = (FieldMap.Read(arguments, "mapping", required: true, keywords: true), arguments.Flag("template"));
        if (entries is null) return null;
        return new FieldNameMapping(
            entries.Where(static e => e.From is not null).ToDictionary(static e => e.From!, static e => e.To, StringComparer.Ordinal), entries.Find(static e => e.From is null).To, template);
    }

    public IEnumerable<string> Names => mapping.Values.SelectMany(static v => v).Concat(keywords ?? []);

    public override IReadOnlyList<string>? Map(string? field, SigmaLogSource source)
    {
        var names = field is null ? keywords : mapping.GetValueOrDefault(field);
        return names is not null && template ? Array.ConvertAll(names, n => SourceText.Fill(n, source)) : names;
    }
}
