using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Transformations;

/// <summary>'field_name_prefix' and 'field_name_suffix': a text before or behind every name. With 'template' it may hold $service and its like.</summary>
internal sealed class FieldNameAffix(string prefix, string suffix, bool template) : FieldTransformation
{
    public override bool IsTable => false;

    public string Prefix => prefix;

    public static FieldNameAffix? ReadPrefix(Arguments arguments) => Read(arguments, "prefix") is { } text ? new FieldNameAffix(text, "", arguments.Flag("template")) : null;

    public static FieldNameAffix? ReadSuffix(Arguments arguments) => Read(arguments, "suffix") is { } text ? new FieldNameAffix("", text, arguments.Flag("template")) : null;

    public override IReadOnlyList<string>? Map(string? field, SigmaLogSource source)
    {
        if (field is null) return null;
        return [template ? SourceText.Fill(prefix, source) + field + SourceText.Fill(suffix, source) : prefix + field + suffix];
    }

    private static string? Read(Arguments arguments, string key)
    {
        if (arguments.Text(key, required: true) is not { } text) return null;
        if (text.Length <= DetectionReader.MaxFieldName) return text;
        arguments.Error(key, FaultCodes.TooLarge, $"'{key}' is longer than {DetectionReader.MaxFieldName} characters");
        return null;
    }
}
