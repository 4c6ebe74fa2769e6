using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Beacon.Detections.Sigma.Yaml;

namespace Beacon.Detections.Tests.Rules;

/// <summary>As much of JSON Schema (draft 2020-12) as our schemas use; an unknown keyword is a fault of the schema.</summary>
internal sealed class JsonSchema(JsonObject root)
{
    private static readonly HashSet<string> Notes = ["$schema", "$id", "title", "description", "$defs"];

    public JsonObject Root => root;

    /// <summary>What is wrong with the document, by path.</summary>
    public IReadOnlyList<string> Validate(JsonNode? document)
    {
        var faults = new List<string>();
        Check(root, document, "$", faults);
        return faults;
    }

    public static JsonNode? Of(YamlNode node) => node switch
    {
        YamlMap map => new JsonObject(map.Entries.DistinctBy(static e => e.Key.Text).Select(static e => KeyValuePair.Create(e.Key.Text, Of(e.Value)))),
        YamlList list => new JsonArray([.. list.Items.Select(Of)]),
        YamlScalar { IsNull: true } => null,
        YamlScalar { Type: ScalarKind.Number } number => JsonValue.Create(double.Parse(number.Text, CultureInfo.InvariantCulture)),
        YamlScalar { Type: ScalarKind.Boolean } flag => JsonValue.Create(flag.Text[0] is 't' or 'T'),
        YamlScalar scalar => JsonValue.Create(scalar.Text),
        _ => throw new NotSupportedException(node.Kind.ToString()),
    };

    private void Check(JsonObject schema, JsonNode? node, string path, List<string> faults)
    {
        foreach (var (keyword, value) in schema)
        {
            switch (keyword)
            {
                case "$ref": Check(Resolve((string)value!), node, path, faults); break;
                case "type":
                    var types = value is JsonArray many ? many.Select(static t => (string)t!).ToArray() : [(string)value!];
                    if (!types.Contains(TypeOf(node)) && !(types.Contains("number") && TypeOf(node) == "integer")) faults.Add($"{path}: {TypeOf(node)} is not {string.Join(" or ", types)}");
                    break;
                case "enum" when !((JsonArray)value!).Any(v => JsonNode.DeepEquals(v, node)): faults.Add($"{path}: {node} is not one of the values"); break;
                case "const" when !JsonNode.DeepEquals(value, node): faults.Add($"{path}: {node} is not {value}"); break;
                case "pattern" when node is JsonValue text && text.TryGetValue<string>(out var s) && !Regex.IsMatch(s, (string)value!, RegexOptions.CultureInvariant): faults.Add($"{path}: '{s}' does not fit {value}"); break;
                case "minLength" when node is JsonValue text && text.TryGetValue<string>(out var s) && s.Length < (int)value!: faults.Add($"{path}: too short"); break;
                case "minimum" when NumberOf(node) < (double)value!: faults.Add($"{path}: below {value}"); break;
                case "maximum" when NumberOf(node) > (double)value!: faults.Add($"{path}: above {value}"); break;
                case "minItems" when node is JsonArray a && a.Count < (int)value!: faults.Add($"{path}: too few"); break;
                case "maxItems" when node is JsonArray a && a.Count > (int)value!: faults.Add($"{path}: too many"); break;
                case "minProperties" when node is JsonObject o && o.Count < (int)value!: faults.Add($"{path}: too few"); break;
                case "items" when node is JsonArray a:
                    for (var i = 0; i < a.Count; i++) Check((JsonObject)value!, a[i], $"{path}[{i}]", faults);
                    break;
                case "required" when node is JsonObject o: faults.AddRange(((JsonArray)value!).Select(static r => (string)r!).Where(r => !o.ContainsKey(r)).Select(r => $"{path}: {r} is missing")); break;
                case "properties" when node is JsonObject o:
                    foreach (var (name, inner) in (JsonObject)value!) if (o.TryGetPropertyValue(name, out var member)) Check((JsonObject)inner!, member, $"{path}.{name}", faults);
                    break;
                case "additionalProperties" when node is JsonObject o:
                    foreach (var (name, member) in o.Where(m => schema["properties"]?[m.Key] is null))
                    {
                        if (value is JsonObject inner) Check(inner, member, $"{path}.{name}", faults);
                        else faults.Add($"{path}: {name} is not known");
                    }
                    break;
                case "anyOf" when !((JsonArray)value!).Any(s => Fits((JsonObject)s!, node)): faults.Add($"{path}: fits no form"); break;
                case "allOf": foreach (var s in (JsonArray)value!) Check((JsonObject)s!, node, path, faults); break;
                case "if" when Fits((JsonObject)value!, node): Check((JsonObject)schema["then"]!, node, path, faults); break;
                case "enum" or "const" or "pattern" or "minLength" or "minimum" or "maximum" or "minItems" or "maxItems" or "minProperties" or "items" or "required" or "properties" or "additionalProperties" or "anyOf" or "if" or "then": break;
                default:
                    if (!Notes.Contains(keyword)) throw new NotSupportedException($"the keyword '{keyword}' at {path}");
                    break;
            }
        }
    }

    private bool Fits(JsonObject schema, JsonNode? node)
    {
        var faults = new List<string>();
        Check(schema, node, "$", faults);
        return faults.Count == 0;
    }

    private JsonObject Resolve(string reference) => (JsonObject)reference.TrimStart('#', '/').Split('/').Aggregate((JsonNode)root, static (at, name) => at[name] ?? throw new KeyNotFoundException(name));

    private static double? NumberOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<double>(out var number) ? number : null;

    private static string TypeOf(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject => "object",
        JsonArray => "array",
        JsonValue value when value.TryGetValue<bool>(out _) => "boolean",
        JsonValue value when value.TryGetValue<double>(out var number) => number == Math.Floor(number) ? "integer" : "number",
        _ => "string",
    };
}
