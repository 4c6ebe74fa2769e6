using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Beacon.Web.Tests.Api.Document;

/// <summary>Holds a value against a schema of the document: as much of JSON Schema 2020-12 as the document uses.</summary>
internal sealed class SchemaCheck(JsonObject document)
{
    /// <summary>Where the value is not what the schema says; none where it is.</summary>
    public IReadOnlyList<string> Faults(JsonNode? schema, JsonNode? value)
    {
        var faults = new List<string>();
        Check(schema!.AsObject(), value, "$", faults);
        return faults;
    }

    /// <summary>What a $ref names, or the thing itself.</summary>
    public JsonObject Resolve(JsonObject thing)
    {
        while (thing["$ref"]?.GetValue<string>() is { } name)
        {
            JsonNode? at = document;
            foreach (var part in name.TrimStart('#', '/').Split('/')) at = at?[part.Replace("~1", "/", StringComparison.Ordinal)];
            thing = at as JsonObject ?? throw new InvalidOperationException(name + " names nothing");
        }
        return thing;
    }

    private void Check(JsonObject schema, JsonNode? value, string path, List<string> faults)
    {
        schema = Resolve(schema);
        if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray choices)
        {
            if (!choices.Any(c => Faults(c, value).Count == 0)) faults.Add($"{path} is none of its choices: {Short(value)}");
            return;
        }
        if (schema["enum"] is JsonArray values && !values.Any(v => JsonNode.DeepEquals(v, value))) faults.Add($"{path} is none of {values.ToJsonString()}: {Short(value)}");
        if (schema["type"] is { } type)
        {
            string[] types = type is JsonArray several ? [.. several.Select(t => t!.GetValue<string>())] : [type.GetValue<string>()];
            if (!types.Any(t => Is(t, value)))
            {
                faults.Add($"{path} is no {string.Join(" or ", types)}: {Short(value)}");
                return;
            }
        }
        if (schema["format"]?.GetValue<string>() == "date-time" && value is not null && !DateTimeOffset.TryParse(value.GetValue<string>(), CultureInfo.InvariantCulture, out _)) faults.Add($"{path} is no time: {Short(value)}");
        if (value is JsonArray items && schema["items"] is JsonObject each)
            for (var i = 0; i < items.Count; i++) Check(each, items[i], $"{path}[{i}]", faults);
        if (value is JsonObject properties) Properties(schema, properties, path, faults);
    }

    private void Properties(JsonObject schema, JsonObject value, string path, List<string> faults)
    {
        foreach (var name in schema["required"] as JsonArray ?? [])
            if (!value.ContainsKey(name!.GetValue<string>())) faults.Add($"{path}.{name} is missing");
        var known = schema["properties"] as JsonObject;
        foreach (var (name, inner) in value)
            if (known?[name] is JsonObject property) Check(property, inner, $"{path}.{name}", faults);
            else if (schema["additionalProperties"] is JsonObject other) Check(other, inner, $"{path}.{name}", faults);
            else if (known is not null) faults.Add($"{path}.{name} is not described");
    }

    private static bool Is(string type, JsonNode? value) => (type, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("null", JsonValueKind.Null) or ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("boolean", JsonValueKind.True or JsonValueKind.False) or ("number", JsonValueKind.Number) => true,
        ("integer", JsonValueKind.Number) => double.IsInteger(value!.GetValue<JsonElement>().GetDouble()),
        _ => false,
    };

    private static string Short(JsonNode? value) => value?.ToJsonString() is { } text ? text[..Math.Min(text.Length, 120)] : "null";
}
