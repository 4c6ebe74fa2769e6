using System.Text.Json;
using System.Text.Json.Nodes;
using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Actions.OpenC2;

/// <param name="Message">The whole text to send: a message with headers and body, or a bare command.</param>
/// <param name="Target">Kind of the target: "ipv4_net", "file".</param>
/// <param name="ResponseWanted">none, ack, status or complete.</param>
internal sealed record OpenC2Command(string Message, string Action, string Target, string ResponseWanted)
{
    private static readonly HashSet<string> Actions = new(StringComparer.Ordinal)
    {
        "scan", "locate", "query", "deny", "contain", "allow", "start", "stop", "restart", "cancel", "set", "update", "redirect", "create", "delete", "detonate", "restore", "copy", "investigate", "remediate",
    };

    /// <summary>Reads a command, alone or within a message's body.openc2.request.</summary>
    public static (OpenC2Command? Command, Phrase? Fault) Read(string text)
    {
        if (JsonText.Object(text) is not { } root) return (null, "an OpenC2 command is a JSON object");
        var command = root["body"] is JsonObject body ? (body["openc2"] as JsonObject)?["request"] as JsonObject : root;
        if (command is null) return (null, "a message holds its command in body.openc2.request");
        if (Word(command["action"]) is not { } action || !Actions.Contains(action)) return (null, $"'{Text.Cut(Word(command["action"]) ?? "", 50)}' is no action of OpenC2 1.0");
        if (command["target"] is not JsonObject { Count: 1 } target) return (null, "target is an object with one member, its kind");
        var wanted = command["args"] is JsonObject args && args["response_requested"] is { } asked ? Word(asked) ?? "" : "complete";
        return wanted is "none" or "ack" or "status" or "complete" ? (new OpenC2Command(text, action, target.First().Key, wanted), null) : (null, "response_requested is none, ack, status or complete");
    }

    private static string? Word(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}

/// <summary>What a consumer answers.</summary>
internal static class OpenC2Response
{
    /// <summary>The response, alone or within a message's body.openc2.response; null where it is none.</summary>
    public static JsonObject? Of(string text) => JsonText.Object(text) is not { } root ? null : root["body"] is JsonObject body ? (body["openc2"] as JsonObject)?["response"] as JsonObject : root;

    public static (int? Status, string Text) Read(string text) =>
        Of(text) is { } response && response["status"] is JsonValue value && value.TryGetValue<int>(out var status) && status is >= 100 and < 600
            ? (status, response["status_text"] is JsonValue said && said.TryGetValue<string>(out var line) ? line : "") : (null, "");
}

/// <summary>JSON that others wrote.</summary>
internal static class JsonText
{
    /// <summary>The object, or null where the text is none, nests deeper than 32 or names a member twice.</summary>
    public static JsonObject? Object(string text)
    {
        try
        {
            if (JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 32, AllowDuplicateProperties = false }) is not JsonObject root) return null;
            return root;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
