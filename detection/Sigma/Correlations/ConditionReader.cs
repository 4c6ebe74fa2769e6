using System.Collections.Immutable;
using System.Globalization;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Sigma.Correlations;

/// <summary>Reads a correlation's condition: bounds with field and percentile, or an expression over rules.</summary>
internal static class ConditionReader
{
    public const int MaxFields = 4;

    /// <summary>Largest count that can be asked for: as many events as a group keeps.</summary>
    public const int MaxCount = 50_000;

    private static readonly (string Name, SigmaBoundOperator Operator)[] Operators =
    [
        ("gt", SigmaBoundOperator.Greater), ("gte", SigmaBoundOperator.GreaterOrEqual), ("lt", SigmaBoundOperator.Less),
        ("lte", SigmaBoundOperator.LessOrEqual), ("eq", SigmaBoundOperator.Equal), ("neq", SigmaBoundOperator.NotEqual),
    ];

    /// <param name="rules">Filled from the expression where the document lists none.</param>
    public static SigmaCorrelationCondition? Read(YamlMap correlation, SigmaCorrelationType? type, ref List<(string Name, YamlMark Mark)> rules, FaultList faults)
    {
        switch (correlation.Find("condition"))
        {
            case null or YamlScalar { IsNull: true } when type?.IsTemporal() == true:
                // Every rule must match: what the specification's examples of the temporal types leave unsaid.
                return new SigmaCorrelationCondition([new SigmaBound(SigmaBoundOperator.GreaterOrEqual, rules.Count)], [], 0, "");
            case null or YamlScalar { IsNull: true }:
                if (type is not null) faults.Error(correlation.Mark, FaultCodes.Missing, "the correlation has no condition", $"write condition: with one of {string.Join(", ", Operators.Select(static o => o.Name))}");
                return null;
            case YamlMap map:
                return Bounds(map, type, rules.Count, faults);
            case YamlScalar text when type is null || type.Value.IsTemporal():
                return CorrelationExpressionParser.Parse(text, ref rules, faults) is { } expression
                    ? new SigmaCorrelationCondition([], [], 0, text.Text) { Expression = expression }
                    : null;
            case YamlScalar text:
                faults.Error(text.Mark, FaultCodes.Condition, $"an expression over rules is for temporal and temporal_ordered, not {type!.Value.Name()}", "write a map such as {gte: 10}");
                return null;
            case var other:
                faults.Error(other.Mark, FaultCodes.Structure, $"a condition is a map of bounds, or an expression over rules, not {other.Kind}");
                return null;
        }
    }

    private static SigmaCorrelationCondition? Bounds(YamlMap map, SigmaCorrelationType? type, int rules, FaultList faults)
    {
        var before = faults.Errors;
        var bounds = ImmutableArray.CreateBuilder<SigmaBound>();
        foreach (var (key, value) in map.Entries)
        {
            if (key.Text is "field" or "percentile") continue;
            var known = Array.FindIndex(Operators, o => o.Name == key.Text);
            if (known < 0)
                faults.Error(key.Mark, FaultCodes.Unknown, $"'{YamlReader.Shorten(key.Text)}' is not part of a condition", $"its parts are {string.Join(", ", Operators.Select(static o => o.Name))}, field and percentile", FaultRemedy.Replace(key.Text, [.. Operators.Select(static o => o.Name), "field", "percentile"]));
            else if (value is not YamlScalar { Type: ScalarKind.Number } number || !double.TryParse(number.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var limit) || !double.IsFinite(limit))
                faults.Error(value.Mark, FaultCodes.Value, $"'{key.Text}' takes a number");
            else if (type is { } t && !t.IsNumeric() && (limit < 0 || limit != Math.Floor(limit)))
                faults.Error(value.Mark, FaultCodes.Value, $"'{key.Text}' of {t.Name()} takes a whole number that is not negative");
            else if (type is { } c && !c.IsNumeric() && limit > MaxCount)
                faults.Error(value.Mark, FaultCodes.TooLarge, $"a count of {limit} is beyond what a group keeps", $"at most {MaxCount}; a scheduled threshold rule counts in the store, see docs/extending/rule.md");
            else bounds.Add(new SigmaBound(Operators[known].Operator, limit));
        }
        if (bounds.Count == 0 && faults.Errors == before) faults.Error(map.Mark, FaultCodes.Missing, "the condition has no bound", $"write one of {string.Join(", ", Operators.Select(static o => o.Name))}");
        var fields = Fields(map, type, faults);
        var percentile = Percentile(map, type, faults);
        if (faults.Errors > before) return null;
        var condition = new SigmaCorrelationCondition(bounds.ToImmutable(), fields, percentile, "");
        if (type is { } kind && !kind.IsNumeric()) CheckReachable(map, kind, condition, rules, faults);
        return faults.Errors > before ? null : condition;
    }

    private static ImmutableArray<string> Fields(YamlMap map, SigmaCorrelationType? type, FaultList faults)
    {
        var node = map.Find("field");
        var fields = CorrelationReader.References(node, "field", faults);
        if (type is not { } kind) return [];
        var needsField = kind == SigmaCorrelationType.ValueCount || kind.IsNumeric();
        if (needsField && node is null)
            faults.Error(map.Mark, FaultCodes.Missing, $"{kind.Name()} needs the field whose values it looks at", "write field: beside the bound");
        else if (!needsField && node is not null)
            faults.Error(node.Mark, FaultCodes.Condition, $"{kind.Name()} takes no field", kind == SigmaCorrelationType.EventCount ? (Phrase)"use value_count to count different values" : "a temporal correlation counts the rules that matched");
        else if (needsField && node is YamlList { Items.Count: 0 } or YamlScalar { IsNull: true })
            faults.Error(node!.Mark, FaultCodes.Missing, "the field has no name");
        else if (kind.IsNumeric() && fields.Count > 1)
            faults.Error(node!.Mark, FaultCodes.Condition, $"{kind.Name()} takes one field; a list is for value_count");
        if (fields.Count > MaxFields) faults.Error(node!.Mark, FaultCodes.TooLarge, $"{fields.Count} fields are listed; at most {MaxFields} are taken");
        if (fields.Exists(static f => f.Name.Length > DetectionReader.MaxFieldName)) faults.Error(node!.Mark, FaultCodes.TooLarge, $"the field name is longer than {DetectionReader.MaxFieldName} characters");
        return [.. fields.Select(static f => f.Name)];
    }

    private static double Percentile(YamlMap map, SigmaCorrelationType? type, FaultList faults)
    {
        var node = map.Find("percentile");
        if (type != SigmaCorrelationType.ValuePercentile)
        {
            if (node is not null && type is { } other) faults.Error(node.Mark, FaultCodes.Condition, $"{other.Name()} takes no percentile", "it is for value_percentile");
            return 0;
        }
        if (node is null)
        {
            faults.Warn(map.Mark, FaultCodes.Missing, "value_percentile has no percentile; 50, the median, is taken", "write percentile: 95 beside the bound");
            return 50;
        }
        if (node is YamlScalar { Type: ScalarKind.Number } scalar && double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 100) return share;
        faults.Error(node.Mark, FaultCodes.Value, "percentile is a number from 0 to 100");
        return 0;
    }

    /// <summary>A group begins with its first event: a count of none is never seen, and bounds may leave no count at all.</summary>
    private static void CheckReachable(YamlMap map, SigmaCorrelationType type, SigmaCorrelationCondition condition, int rules, FaultList faults)
    {
        var most = type.IsTemporal() ? Math.Max(rules, 1) : MaxCount + 1;
        for (var n = 1; n <= most; n++)
            if (condition.Holds(n)) return;
        if (condition.Holds(0))
            faults.Error(map.Mark, FaultCodes.Condition, "only the absence of every event fulfils the condition, and a correlation begins with an event", "a scheduled rule of the detector silent-source watches for silence");
        else faults.Error(map.Mark, FaultCodes.Condition, type.IsTemporal() ? (Phrase)$"no number of the {rules} listed rules fulfils the condition" : "no count fulfils the condition");
    }
}
