using Beacon.Detections.Sigma.Correlations;
using Beacon.Detections.Sigma.Yaml;

namespace Beacon.Detections.Sigma.Filters;

/// <summary>Reads a filter document (Sigma filters specification 2.1).</summary>
internal static class SigmaFilterReader
{
    public const int MaxRules = 5_000;

    /// <returns>Null, or what must not be used, after a report.</returns>
    public static SigmaFilter? Read(YamlMap root, YamlDocument document, SourceLines lines, FaultList faults, SigmaReaderOptions options)
    {
        var title = SigmaReader.Text(root, "title", faults);
        if (title.Length == 0) faults.Error(root.Mark, FaultCodes.Missing, "the filter has no title");
        else if (title.Length > 256) faults.Warn(root.Mark, FaultCodes.Value, "the title is longer than 256 characters");
        var id = SigmaReader.Id(root, title, faults);
        var source = SigmaReader.LogSource(root, faults);
        if (root.Find("detection") is { } detection) faults.Error(detection.Mark, FaultCodes.Structure, "a filter has no detection", "its selections and its condition stand under filter");
        if (root.Find("filter") is not YamlMap map)
        {
            faults.Error(root.Find("filter")!.Mark, FaultCodes.Structure, $"filter is a map, not {root.Find("filter")!.Kind}");
            return null;
        }
        var rules = Rules(map, faults);
        if (map.Find("condition") is YamlList list) faults.Error(list.Mark, FaultCodes.Structure, "a filter has one condition", "join them with 'and' or 'or'");
        var condition = DetectionReader.ReadSearches(map, ["rules"], faults, options, out var unresolved);
        if (title.Length == 0 || source is null || condition is null || rules is null) return null;
        return new SigmaFilter
        {
            Id = id, Name = SigmaReader.Text(root, "name", faults), Title = title, Description = SigmaReader.Text(root, "description", faults), Author = SigmaReader.Text(root, "author", faults),
            References = SigmaReader.Texts(root, "references", faults), LogSource = source, Rules = [.. rules.Select(static r => r.Name)], RuleMarks = [.. rules.Select(static r => r.Mark)],
            File = faults.File, Line = document.FirstLine, Source = lines.Slice(document.FirstLine, document.LastLine), Condition = condition, UnresolvedPlaceholders = unresolved,
        };
    }

    /// <summary>Empty for every rule.</summary>
    private static List<(string Name, YamlMark Mark)>? Rules(YamlMap map, FaultList faults)
    {
        const string hint = "list ids or names, or write 'any' for every rule of the log source";
        var node = map.Find("rules");
        if (node is null or YamlScalar { IsNull: true })
        {
            faults.Error(map.Mark, FaultCodes.Missing, "the filter does not say for which rules it is", hint);
            return null;
        }
        if (node is YamlScalar word && (word.Text.Equals("any", StringComparison.OrdinalIgnoreCase) || word.Text.Equals("all", StringComparison.OrdinalIgnoreCase))) return [];
        var rules = CorrelationReader.References(node, "rules", faults);
        if (rules.Count > MaxRules) faults.Error(node.Mark, FaultCodes.TooLarge, $"{rules.Count} rules are listed; at most {MaxRules} are taken");
        if (rules.Count > 0) return rules;
        if (node is YamlList { Items.Count: 0 }) faults.Error(node.Mark, FaultCodes.Missing, "the filter lists no rule", hint);
        return null;
    }
}
