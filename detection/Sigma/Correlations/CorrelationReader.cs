using System.Collections.Immutable;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Sigma.Correlations;

/// <summary>Reads a correlation document (Sigma correlation rules specification 2.1). Reports every fault that the document alone shows.</summary>
internal static class CorrelationReader
{
    public const int MaxRules = 50;
    /// <summary>The temporal types keep a set of rules as one 32-bit mask.</summary>
    public const int MaxTemporalRules = 32;
    /// <summary>temporal_ordered keeps a start for each subset of its rules.</summary>
    public const int MaxOrderedRules = 10;
    public const int MaxGroupBy = 8;
    public const int MaxAliases = 20;

    private static readonly string[] Keys = ["type", "rules", "group-by", "timespan", "condition", "aliases", "generate"];

    /// <returns>Null, or what must not be used, after a report.</returns>
    public static SigmaCorrelation? Read(YamlMap root, YamlDocument document, SourceLines lines, FaultList faults)
    {
        var before = faults.Errors;
        var title = SigmaReader.Text(root, "title", faults);
        if (title.Length == 0) faults.Error(root.Mark, FaultCodes.Missing, "the correlation has no title");
        else if (title.Length > 256) faults.Warn(root.Mark, FaultCodes.Value, "the title is longer than 256 characters");
        var id = SigmaReader.Id(root, title, faults);
        var status = SigmaReader.Status(root, faults);
        var hasLevel = root.Find("level") is not (null or YamlScalar { IsNull: true });
        var level = hasLevel ? SigmaReader.Level(root, faults) : Severity.Medium;
        if (root.Find("detection") is { } detection)
            faults.Error(detection.Mark, FaultCodes.Structure, "a correlation has no detection of its own", "put the detection into a rule, one document each, and list that rule under rules");
        if (root.Find("logsource") is { } source) faults.Warn(source.Mark, FaultCodes.Structure, "a correlation has no logsource of its own; this one says nothing");
        if (root.Find("correlation") is not YamlMap map)
        {
            faults.Error(root.Find("correlation")!.Mark, FaultCodes.Structure, $"correlation is a map, not {root.Find("correlation")!.Kind}");
            return null;
        }
        foreach (var (key, _) in map.Entries)
            if (!Keys.Contains(key.Text)) faults.Error(key.Mark, FaultCodes.Unknown, $"'{YamlReader.Shorten(key.Text)}' is not part of a correlation", $"its parts are {string.Join(", ", Keys)}", FaultRemedy.Replace(key.Text, Keys));

        var type = Type(map, faults);
        var rules = Rules(map, faults);
        var condition = ConditionReader.Read(map, type, ref rules, faults);
        if (rules.Count == 0 && (faults.Errors == before || map.Find("rules") is null or YamlScalar { IsNull: true })) faults.Error(map.Mark, FaultCodes.Missing, "the correlation lists no rules", "rules: takes ids or names of rules");
        var most = type switch { SigmaCorrelationType.Temporal => MaxTemporalRules, SigmaCorrelationType.TemporalOrdered => MaxOrderedRules, _ => MaxRules };
        if (rules.Count > most) faults.Error(map.Find("rules")?.Mark ?? map.Mark, FaultCodes.TooLarge, $"{rules.Count} rules are listed; {type?.Name()} takes at most {most}");
        var timespan = Timespan(map, faults);
        var groupBy = GroupBy(map, faults);
        var aliases = Aliases(map, [.. rules.Select(static r => r.Name)], groupBy, faults);
        var generate = Flag(map, faults) || Flag(root, faults);
        if (faults.Errors > before || type is not { } known || condition is null || timespan is not { } span) return null;
        return new SigmaCorrelation
        {
            Id = id, Name = SigmaReader.Text(root, "name", faults), Title = title, Status = status, Description = SigmaReader.Text(root, "description", faults),
            Author = SigmaReader.Text(root, "author", faults), References = SigmaReader.Texts(root, "references", faults), Level = level, HasLevel = hasLevel,
            Tags = SigmaReader.Texts(root, "tags", faults), FalsePositives = SigmaReader.Texts(root, "falsepositives", faults),
            File = faults.File, Line = document.FirstLine, Source = lines.Slice(document.FirstLine, document.LastLine),
            Type = known, Rules = [.. rules.Select(static r => r.Name)], RuleMarks = [.. rules.Select(static r => r.Mark)],
            GroupBy = groupBy, Aliases = aliases, Timespan = span, Condition = condition, Generate = generate,
        };
    }

    private static SigmaCorrelationType? Type(YamlMap map, FaultList faults)
    {
        var names = string.Join(", ", SigmaCorrelationTypes.All.Select(static t => t.Name));
        var text = SigmaReader.Text(map, "type", faults);
        if (text.Length == 0)
        {
            faults.Error(map.Mark, FaultCodes.Missing, "the correlation has no type", $"it is one of {names}");
            return null;
        }
        var found = Array.FindIndex(SigmaCorrelationTypes.All, t => t.Name.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (found >= 0) return SigmaCorrelationTypes.All[found].Type;
        faults.Error(map.Find("type")!.Mark, FaultCodes.Unknown, $"there is no correlation of type '{YamlReader.Shorten(text)}'", $"the types are {names}", FaultRemedy.Replace(text, names.Split(", ")));
        return null;
    }

    /// <summary>The references with their places; a single one may stand without a list.</summary>
    internal static List<(string Name, YamlMark Mark)> References(YamlNode? node, string key, FaultList faults)
    {
        var found = new List<(string Name, YamlMark Mark)>();
        switch (node)
        {
            case null or YamlScalar { IsNull: true }: break;
            case YamlScalar one: Add(one); break;
            case YamlList list:
                foreach (var item in list.Items)
                {
                    if (item is YamlScalar { IsNull: false } scalar) Add(scalar);
                    else faults.Error(item.Mark, FaultCodes.Structure, $"'{key}' lists ids or names, not {item.Kind}");
                }
                break;
            default: faults.Error(node.Mark, FaultCodes.Structure, $"'{key}' is a list of ids or names, not {node.Kind}"); break;
        }
        return found;

        void Add(YamlScalar scalar)
        {
            var name = scalar.Text.Trim();
            if (name.Length is 0 or > 256) faults.Error(scalar.Mark, FaultCodes.Value, $"an entry of '{key}' has 1 to 256 characters");
            else if (found.Exists(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase))) faults.Error(scalar.Mark, FaultCodes.Duplicate, $"'{name}' is listed twice");
            else found.Add((name, scalar.Mark));
        }
    }

    private static List<(string Name, YamlMark Mark)> Rules(YamlMap map, FaultList faults) => References(map.Find("rules"), "rules", faults);

    private static TimeSpan? Timespan(YamlMap map, FaultList faults)
    {
        var text = SigmaReader.Text(map, "timespan", faults);
        const string hint = "write a number and one of s, m, h, d, w, M (month), y, such as 5m; at most 1y";
        if (text.Length == 0)
        {
            faults.Error(map.Mark, FaultCodes.Missing, "the correlation has no timespan", hint);
            return null;
        }
        var span = SigmaTimespan.Read(text);
        if (span is null) faults.Error(map.Find("timespan")!.Mark, FaultCodes.Value, $"'{YamlReader.Shorten(text)}' is not a timespan", hint);
        return span;
    }

    private static ImmutableArray<string> GroupBy(YamlMap map, FaultList faults)
    {
        if (map.Find("group-by") is not { } node || node is YamlScalar { IsNull: true })
        {
            faults.Error(map.Mark, FaultCodes.Missing, "the correlation has no group-by", "list the fields whose values keep groups apart; 'group-by: []' makes one group of everything");
            return [];
        }
        var fields = References(node, "group-by", faults);
        if (fields.Count > MaxGroupBy) faults.Error(node.Mark, FaultCodes.TooLarge, $"group-by lists {fields.Count} fields; at most {MaxGroupBy} are taken");
        foreach (var (name, mark) in fields.Where(static f => f.Name.Length > DetectionReader.MaxFieldName))
            faults.Error(mark, FaultCodes.TooLarge, $"the field name is longer than {DetectionReader.MaxFieldName} characters");
        return [.. fields.Select(static f => f.Name)];
    }

    private static List<SigmaFieldAlias> Aliases(YamlMap map, string[] rules, ImmutableArray<string> groupBy, FaultList faults)
    {
        var aliases = new List<SigmaFieldAlias>();
        if (map.Find("aliases") is not { } node || node is YamlScalar { IsNull: true }) return aliases;
        if (node is not YamlMap given)
        {
            faults.Error(node.Mark, FaultCodes.Structure, $"aliases is a map, not {node.Kind}", "write alias: {rule name: field}");
            return aliases;
        }
        if (given.Entries.Count > MaxAliases) faults.Error(node.Mark, FaultCodes.TooLarge, $"{given.Entries.Count} aliases are given; at most {MaxAliases} are taken");
        foreach (var (key, value) in given.Entries)
        {
            if (value is not YamlMap fields)
            {
                faults.Error(value.Mark, FaultCodes.Structure, $"an alias is a map of rule to field, not {value.Kind}");
                continue;
            }
            var byRule = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var (rule, field) in fields.Entries)
            {
                if (!rules.Contains(rule.Text, StringComparer.OrdinalIgnoreCase))
                    faults.Error(rule.Mark, FaultCodes.Unknown, $"the alias '{YamlReader.Shorten(key.Text)}' names the rule '{YamlReader.Shorten(rule.Text)}', which is not listed under rules", $"the rules are {string.Join(", ", rules.Take(20))}");
                else if (field is not YamlScalar { IsNull: false } text || text.Text.Length is 0 or > DetectionReader.MaxFieldName)
                    faults.Error(field.Mark, FaultCodes.Value, $"an alias gives a field name of 1 to {DetectionReader.MaxFieldName} characters");
                else byRule[rule.Text] = text.Text;
            }
            if (!groupBy.Contains(key.Text)) faults.Warn(key.Mark, FaultCodes.Value, $"the alias '{YamlReader.Shorten(key.Text)}' is not used in group-by");
            aliases.Add(new SigmaFieldAlias(key.Text, byRule));
        }
        return aliases;
    }

    private static bool Flag(YamlMap map, FaultList faults)
    {
        switch (map.Find("generate"))
        {
            case null or YamlScalar { IsNull: true }: return false;
            case YamlScalar { Type: ScalarKind.Boolean } flag: return flag.Text[0] is 't' or 'T';
            case var other:
                faults.Error(other.Mark, FaultCodes.Value, "generate is true or false");
                return false;
        }
    }
}
