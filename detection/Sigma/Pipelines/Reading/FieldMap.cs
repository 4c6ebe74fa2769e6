using Beacon.Detections.Sigma.Yaml;

namespace Beacon.Detections.Sigma.Pipelines.Reading;

/// <summary>A mapping from a name to one or several.</summary>
internal static class FieldMap
{
    /// <summary>The entries in their order; a null key stands for keywords. Null after a report.</summary>
    public static List<(string? From, string[] To)>? Read(Arguments arguments, string key, bool required, bool keywords)
    {
        if (arguments.Map(key, required) is not { } map) return null;
        var entries = new List<(string?, string[])>();
        foreach (var (name, value) in map.Entries)
        {
            if (name.IsNull && !keywords)
            {
                arguments.Faults.Error(name.Mark, FaultCodes.Value, $"{arguments.What} maps no keywords");
                continue;
            }
            if (value is YamlScalar { IsNull: true } || arguments.TextsOf(value, $"'{YamlReader.Shorten(name.Text)}' of {arguments.What}") is not { } names)
            {
                if (value is YamlScalar) arguments.Faults.Error(value.Mark, FaultCodes.Value, $"'{YamlReader.Shorten(name.Text)}' of {arguments.What} is mapped to nothing");
                continue;
            }
            if (names.Count is 0 or > PipelineLimits.FieldNames || names.Any(static n => n.Length is 0 or > DetectionReader.MaxFieldName))
                arguments.Faults.Error(value.Mark, FaultCodes.Value, $"a field is mapped to 1 to {PipelineLimits.FieldNames} names of 1 to {DetectionReader.MaxFieldName} characters");
            else entries.Add((name.IsNull ? null : name.Text, [.. names]));
        }
        return entries;
    }
}
