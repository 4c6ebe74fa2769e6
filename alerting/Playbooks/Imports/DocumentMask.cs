using System.Text.Json;
using System.Text.Json.Nodes;

namespace Beacon.Alerting.Playbooks.Imports;

/// <summary>Takes the secrets out of a document before anybody reads it.</summary>
internal static class DocumentMask
{
    private const string Masked = "•••";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Mask(string json)
    {
        if (JsonNode.Parse(json) is not JsonObject root) return json;
        foreach (var (secrets, name) in SecretsOf(root)) secrets[name] = Masked;
        return root.ToJsonString(Indented);
    }

    public static bool IsMasked(string json) => JsonNode.Parse(json) is JsonObject root && SecretsOf(root).Any(s => s.Of[s.Name]!.GetValue<string>() == Masked);

    private static List<(JsonObject Of, string Name)> SecretsOf(JsonObject root) => root["authentication_info_definitions"] is not JsonObject all ? [] :
    [
        .. from entry in all
           where entry.Value is JsonObject
           from property in entry.Value.AsObject()
           where property.Key is "password" or "token" or "private_key" && property.Value is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0
           select (entry.Value.AsObject(), property.Key),
    ];
}
