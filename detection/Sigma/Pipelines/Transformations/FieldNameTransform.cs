using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Transformations;

/// <summary>'field_name_transform': every name in another case; 'mapping' names the exceptions.</summary>
internal sealed class FieldNameTransform(Func<string, string> change, Dictionary<string, string[]> exceptions) : FieldTransformation
{
    public override bool IsTable => false;

    public static FieldNameTransform? Read(Arguments arguments)
    {
        var (name, mapping) = (arguments.Choice("transform_func", null, LetterCase.Names), FieldMap.Read(arguments, "mapping", required: false, keywords: false) ?? []);
        return name is null ? null : new FieldNameTransform(LetterCase.Of(name), mapping.ToDictionary(static m => m.From!, static m => m.To, StringComparer.Ordinal));
    }

    public override IReadOnlyList<string>? Map(string? field, SigmaLogSource source)
    {
        if (field is null) return null;
        return exceptions.TryGetValue(field, out var names) ? names : [change(field)];
    }
}
