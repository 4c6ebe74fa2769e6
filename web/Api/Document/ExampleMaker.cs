using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Beacon.Web.Api.Document;

/// <summary>An example where an endpoint gives none: every property of its schema, with a value as its name suggests.</summary>
internal static class ExampleMaker
{
    private const int MaxDepth = 12;

    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["actor"] = "ana", ["address"] = "203.0.113.47", ["author"] = "ana", ["by"] = "ana", ["commandLine"] = "bash -i", ["createdBy"] = "ana", ["description"] = "Taken from the bastion before it was cut off.",
        ["domain"] = "enterprise", ["entity"] = "bas-01", ["entityId"] = "e-2391", ["executable"] = "/usr/bin/bash", ["field"] = "host.name", ["file"] = "ssh_root_login.yml", ["hash"] = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        ["host"] = "bas-01", ["id"] = "17", ["kind"] = "sigma", ["message"] = "Accepted password for root from 203.0.113.47", ["name"] = "bas-01", ["note"] = "Known scanner.", ["number"] = "A-17", ["object"] = "alert:17",
        ["organisation"] = "lakeshore-water", ["owner"] = "ana", ["playbookId"] = "playbook--76cc9918-ad36-4e37-9287-db894c00fb68", ["playbookName"] = "Guessed password", ["previousHash"] = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
        ["reason"] = "Known scanner.", ["rule"] = "0210d944-e45b-51cc-848b-dce47ada30c4", ["ruleId"] = "0210d944-e45b-51cc-848b-dce47ada30c4", ["ruleKind"] = "sigma", ["ruleTitle"] = "SSH Password Guessed", ["sector"] = "water",
        ["sha256"] = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", ["source"] = "syslog-tcp", ["summary"] = "SSH password guessed on bas-01", ["text"] = "Called the plant: nobody works on it.", ["title"] = "SSH Password Guessed on bas-01",
        ["tlp"] = "TLP:AMBER", ["user"] = "root", ["value"] = "bas-01", ["zone"] = "dmz",
    };

    private static readonly Dictionary<string, long> Numbers = new(StringComparer.Ordinal) { ["id"] = 17, ["version"] = 3, ["total"] = 1, ["count"] = 12, ["port"] = 5514, ["points"] = 24, ["score"] = 88 };

    public static JsonNode? Of(string mediaType, IOpenApiSchema? schema) => mediaType switch
    {
        "application/json" => Make(schema, "", 0),
        _ => JsonValue.Create(""),
    };

    private static JsonNode? Make(IOpenApiSchema? schema, string name, int depth)
    {
        if (schema is null) return new JsonObject();
        if (schema.Enum is { Count: > 0 } values) return values.First(v => v is not null && !v.IsJsonNullSentinel())!.DeepClone();
        if ((schema.OneOf ?? schema.AnyOf) is { Count: > 0 } choices) return Make(choices.FirstOrDefault(c => c.Type != JsonSchemaType.Null) ?? choices[0], name, depth);
        var type = schema.Type ?? (schema.Properties is { Count: > 0 } ? JsonSchemaType.Object : default);
        // What holds itself ends somewhere.
        if (depth >= MaxDepth && type.HasFlag(JsonSchemaType.Null)) return null;
        if (type.HasFlag(JsonSchemaType.Array)) return depth >= MaxDepth ? new JsonArray() : new JsonArray(Make(schema.Items, name, depth + 1));
        if (type.HasFlag(JsonSchemaType.Object)) return MakeObject(schema, depth);
        if (type.HasFlag(JsonSchemaType.Integer)) return Numbers.GetValueOrDefault(name, 1);
        if (type.HasFlag(JsonSchemaType.Number)) return Numbers.TryGetValue(name, out var number) ? number : 0.5;
        if (type.HasFlag(JsonSchemaType.Boolean)) return true;
        return type.HasFlag(JsonSchemaType.String) ? Text(schema, name) : new JsonObject();
    }

    private static JsonObject MakeObject(IOpenApiSchema schema, int depth)
    {
        var made = new JsonObject();
        foreach (var (key, property) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
            if (depth < MaxDepth || schema.Required?.Contains(key) == true) made[key] = Make(property, key, depth + 1);
        if (schema is { Properties: not { Count: > 0 }, AdditionalProperties: { } values } && depth < MaxDepth) made["bas-01"] = Make(values, "value", depth + 1);
        return made;
    }

    private static JsonNode Text(IOpenApiSchema schema, string name) => schema.Format switch
    {
        "date-time" => "2026-11-24T14:05:18Z",
        "date" => "2026-11-24",
        "uuid" => "0210d944-e45b-51cc-848b-dce47ada30c4",
        _ when schema.Pattern?.Contains(':', StringComparison.Ordinal) == true => "00:10:00",
        _ => Texts.GetValueOrDefault(name, name.Length == 0 ? "text" : string.Concat(name.Select(c => char.IsUpper(c) ? " " + char.ToLowerInvariant(c) : c.ToString()))),
    };
}
