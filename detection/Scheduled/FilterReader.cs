using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Scheduled;

/// <summary>Reads a map of ECS fields into a filter: every field must pass, with one of its values; '*' and '?' are wildcards as in Sigma.</summary>
internal static class FilterReader
{
    private const int MaxValues = 1_000;

    private static readonly string[] Modifiers = ["contains", "startswith", "endswith", "cidr", "lt", "lte", "gt", "gte", "exists"];

    public static EventFilter Read(YamlMap map, FaultList faults)
    {
        var parts = new List<EventFilter>();
        foreach (var (key, value) in map.Entries)
        {
            var names = key.Text.Split('|');
            if (names[0].Length is 0 or > DetectionReader.MaxFieldName || names.Length > 2)
            {
                faults.Error(key.Mark, FaultCodes.Structure, $"'{YamlReader.Shorten(key.Text)}' is not a field with at most one modifier", "write it as field or field|contains");
                continue;
            }
            IReadOnlyList<YamlNode> values = value is YamlList list ? list.Items : [value];
            if (values.Count is 0 or > MaxValues)
            {
                faults.Error(value.Mark, FaultCodes.Value, $"'{names[0]}' has {values.Count} values; 1 to {MaxValues} are taken");
                continue;
            }
            var tests = new List<EventFilter>();
            foreach (var item in values)
            {
                if (item is not YamlScalar { IsNull: false } scalar) faults.Error(item.Mark, FaultCodes.Value, $"a value is text, a number or a boolean, not {item.Kind}");
                else if (Test(names[0], names.Length > 1 ? names[1] : "", scalar, faults, key.Mark) is { } test) tests.Add(test);
            }
            if (tests.Count > 0) parts.Add(tests.Count == 1 ? tests[0] : new OrFilter(tests));
        }
        return EventFilter.And([.. parts]);
    }

    private static EventFilter? Test(string field, string modifier, YamlScalar scalar, FaultList faults, YamlMark mark)
    {
        FieldTest? test = modifier switch
        {
            "" => FieldTest.Equals,
            "contains" => FieldTest.Contains,
            "startswith" => FieldTest.StartsWith,
            "endswith" => FieldTest.EndsWith,
            "cidr" => FieldTest.Cidr,
            "lt" => FieldTest.Less,
            "lte" => FieldTest.LessOrEqual,
            "gt" => FieldTest.Greater,
            "gte" => FieldTest.GreaterOrEqual,
            "exists" => FieldTest.Exists,
            _ => null,
        };
        switch (test)
        {
            case null:
                faults.Error(mark, FaultCodes.Modifier, $"a filter has no modifier '{YamlReader.Shorten(modifier)}'", $"it has {string.Join(", ", Modifiers)}", FaultRemedy.Replace(modifier, Modifiers));
                return null;
            case FieldTest.Exists:
                if (scalar.Type != ScalarKind.Boolean)
                {
                    faults.Error(scalar.Mark, FaultCodes.Value, "'exists' needs true or false");
                    return null;
                }
                var exists = new FieldFilter(field, FieldTest.Exists, "");
                return scalar.Text[0] is 't' or 'T' ? exists : new NotFilter(exists);
            case FieldTest.Cidr when !System.Net.IPNetwork.TryParse(scalar.Text, out _):
                faults.Error(scalar.Mark, FaultCodes.Value, $"'{YamlReader.Shorten(scalar.Text)}' is not a network", "write it as 10.0.0.0/8");
                return null;
            case FieldTest.Less or FieldTest.LessOrEqual or FieldTest.Greater or FieldTest.GreaterOrEqual when scalar.Type != ScalarKind.Number:
                faults.Error(scalar.Mark, FaultCodes.Value, $"'{modifier}' needs a number");
                return null;
            case FieldTest.Equals:
                var pattern = SigmaPattern.Parse(scalar.Text);
                return pattern.HasWildcards ? new FieldFilter(field, FieldTest.Wildcard, scalar.Text) : new FieldFilter(field, FieldTest.Equals, pattern.Text);
            default:
                return new FieldFilter(field, test.Value, scalar.Text);
        }
    }
}
