using System.Collections.Immutable;
using Beacon.Detections.Sigma.Correlations;
using Beacon.Detections.Sigma.Modifiers;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Sigma;

/// <summary>Reads a rule's detection: its search identifiers, and the condition over them.</summary>
internal static class DetectionReader
{
    public const int MaxFieldName = FieldNames.MaxNameLength / 4;

    public static SigmaCondition? Read(YamlMap root, FaultList faults, SigmaReaderOptions options, out IReadOnlyList<string> unresolved)
    {
        unresolved = [];
        if (root.Find("detection") is not { } node)
        {
            faults.Error(root.Mark, FaultCodes.Missing, "the rule has no detection");
            return null;
        }
        if (node is not YamlMap map)
        {
            faults.Error(node.Mark, FaultCodes.Structure, $"detection is a map, not {node.Kind}");
            return null;
        }
        return ReadSearches(map, [], faults, options, out unresolved);
    }

    /// <summary>The condition over a map's searches.</summary>
    /// <param name="others">Keys that are no searches.</param>
    public static SigmaCondition? ReadSearches(YamlMap map, ReadOnlySpan<string> others, FaultList faults, SigmaReaderOptions options, out IReadOnlyList<string> unresolved)
    {
        var selections = new List<SigmaSelection>();
        foreach (var (key, value) in map.Entries)
        {
            if (key.Text == "condition" || others.Contains(key.Text)) continue;
            if (key.Text == "timeframe")
            {
                faults.Error(key.Mark, FaultCodes.Deprecated, "'timeframe' was removed from Sigma rules", $"write the counting part as a correlation with 'timespan: {(value is YamlScalar span && SigmaTimespan.Read(span.Text) is not null ? span.Text : "5m")}', or as a scheduled rule");
                continue;
            }
            if (Item(value, faults, options) is { } item) selections.Add(new SigmaSelection(key.Text, item));
            // A broken selection keeps its name, so that the condition is not blamed too.
            else selections.Add(new SigmaSelection(key.Text, new AnyItem([])));
        }
        unresolved = [.. selections.SelectMany(static s => Unresolved(s.Item)).Distinct(StringComparer.Ordinal)];
        return Condition(map, selections, faults);
    }

    private static SigmaCondition? Condition(YamlMap map, List<SigmaSelection> selections, FaultList faults)
    {
        var timeframe = map.Find("timeframe") is YamlScalar given ? given.Text : "";
        switch (map.Find("condition"))
        {
            case null or YamlScalar { IsNull: true }:
                faults.Error(map.Mark, FaultCodes.Missing, "the detection has no condition", remedy: selections.Count == 0 ? null : FaultRemedy.Add("condition", selections.Select(static s => s.Name)));
                return null;
            case YamlScalar scalar:
                return ConditionParser.Parse(scalar, selections, faults, timeframe);
            case YamlList { Items.Count: > 0 } list:
                var parts = new List<SigmaCondition>();
                foreach (var item in list.Items)
                {
                    if (item is not YamlScalar text) faults.Error(item.Mark, FaultCodes.Structure, $"a condition is text, not {item.Kind}");
                    else if (ConditionParser.Parse(text, selections, faults, timeframe) is { } part) parts.Add(part);
                }
                return parts.Count == 1 ? parts[0] : new OrCondition([.. parts]);
            case var other:
                faults.Error(other.Mark, FaultCodes.Structure, "a condition is text");
                return null;
        }
    }

    /// <summary>What a search identifier holds, or null after a report.</summary>
    internal static SigmaItem? Item(YamlNode node, FaultList faults, SigmaReaderOptions options)
    {
        switch (node)
        {
            case YamlMap { Entries.Count: 0 } or YamlList { Items.Count: 0 } or YamlScalar { IsNull: true }:
                faults.Error(node.Mark, FaultCodes.Structure, "the selection is empty");
                return null;
            case YamlMap map:
                var parts = map.Entries.Select(e => Entry(e, faults, options)).ToArray();
                return Array.Exists(parts, static p => p is null) ? null : parts.Length == 1 ? parts[0] : new AllItems([.. parts!]);
            case YamlList list:
                var scalars = list.Items.OfType<YamlScalar>().ToArray();
                var alternatives = new List<SigmaItem?>();
                if (scalars.Length > 0) alternatives.Add(Values(null, [], list.Mark, scalars, isList: true, faults, options));
                foreach (var item in list.Items)
                    if (item is not YamlScalar) alternatives.Add(Item(item, faults, options));
                return alternatives.Contains(null) ? null : alternatives.Count == 1 ? alternatives[0] : new AnyItem([.. alternatives!]);
            case YamlScalar scalar:
                return Values(null, [], scalar.Mark, [scalar], isList: false, faults, options);
            default:
                return null;
        }
    }

    private static FieldItem? Entry(YamlEntry entry, FaultList faults, SigmaReaderOptions options)
    {
        var names = entry.Key.Text.Split('|');
        var field = names[0].Length == 0 ? null : names[0];
        if (field is { Length: > MaxFieldName })
        {
            faults.Error(entry.Key.Mark, FaultCodes.TooLarge, $"the field name is longer than {MaxFieldName} characters");
            return null;
        }
        switch (entry.Value)
        {
            case YamlScalar scalar:
                return Values(field, names[1..], entry.Key.Mark, [scalar], isList: false, faults, options);
            case YamlList list when list.Items.All(static i => i is YamlScalar):
                return Values(field, names[1..], entry.Key.Mark, [.. list.Items.Cast<YamlScalar>()], isList: true, faults, options);
            default:
                faults.Error(entry.Value.Mark, FaultCodes.Structure, $"the values of '{YamlReader.Shorten(entry.Key.Text)}' are text, numbers, booleans or null, or a list of them",
                    "name nested fields with dots");
                return null;
        }
    }

    private static FieldItem? Values(string? field, string[] modifiers, YamlMark mark, YamlScalar[] scalars, bool isList, FaultList faults, SigmaReaderOptions options)
    {
        // Without values, a field is asked to have none.
        if (scalars.Length == 0)
        {
            if (field is not null && modifiers.Length == 0) return new FieldItem(field, [new NullValue()], All: false, Cased: false, Negated: false);
            faults.Error(mark, FaultCodes.Value, "the item has no values");
            return null;
        }
        var raw = modifiers.Contains("re");
        var chain = new ModifierChain(field, [.. scalars.Select(s => Value(s, raw))], isList, mark, faults, options);
        ModifierSet.Apply(modifiers, chain);
        if (field is null && chain.Values.Exists(static v => v is NullValue)) chain.Fault(FaultCodes.Value, "a keyword cannot be null");
        if (!chain.HasFault && chain.Values.Count == 0) chain.Fault(FaultCodes.Value, "the modifiers leave no value: the text is too short for them");
        return chain.HasFault ? null : new FieldItem(field, [.. chain.Values], chain.All, chain.Cased, chain.Negated);
    }

    private static SigmaValue Value(YamlScalar scalar, bool raw) => scalar.Type switch
    {
        ScalarKind.Null => new NullValue(),
        ScalarKind.Number => new NumberValue(scalar.Text.TrimStart('+')),
        ScalarKind.Boolean when !raw => new BooleanValue(scalar.Text[0] is 't' or 'T'),
        _ when raw => new RawText(scalar.Text),
        _ => new PatternValue(SigmaPattern.Parse(scalar.Text)),
    };

    /// <summary>Placeholders that have no values.</summary>
    internal static IEnumerable<string> Unresolved(SigmaItem item) => item switch
    {
        AllItems all => all.Parts.SelectMany(Unresolved),
        AnyItem any => any.Parts.SelectMany(Unresolved),
        FieldItem field => field.Values.OfType<UnresolvedValue>().Select(static v => v.Placeholder),
        _ => [],
    };
}
