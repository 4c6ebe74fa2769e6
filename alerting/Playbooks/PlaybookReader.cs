using System.Text;
using System.Text.Json;
using Beacon.Alerting.Playbooks.Actions;
using Beacon.Alerting.Playbooks.Conditions;
using Beacon.Alerting.Playbooks.Shapes;
using Beacon.Events;

namespace Beacon.Alerting.Playbooks;

/// <summary>Reads a document: its shape is checked by <see cref="CacaoShapes"/>, what it means by <see cref="WorkflowCheck"/>; here values are only taken.</summary>
internal static class PlaybookReader
{
    public const int MaxBytes = 1024 * 1024;
    public const int MaxSteps = CacaoShapes.MaxSteps;
    private const int MaxDepth = 32;

    /// <returns>The playbook where it can be run here, and everything found.</returns>
    public static (Playbook? Playbook, IReadOnlyList<PlaybookFault> Faults) Read(ReadOnlyMemory<byte> json, DateTimeOffset now, PlaybookActions actions, IPlaybookSecrets secrets)
    {
        var faults = new PlaybookFaults();
        var playbook = ReadDocument(json, now, actions, secrets, faults);
        return (faults.Any ? null : playbook, faults.All);
    }

    /// <summary>What a document calls itself, with everything found; the id is null only where it is faulty.</summary>
    public static (string? Id, string Name, DateTimeOffset Modified, IReadOnlyList<PlaybookFault> Faults) Look(ReadOnlyMemory<byte> json, DateTimeOffset now, PlaybookActions actions, IPlaybookSecrets secrets)
    {
        var faults = new PlaybookFaults();
        var playbook = ReadDocument(json, now, actions, secrets, faults);
        return (playbook?.Id, playbook?.Name ?? "", playbook?.Modified ?? default, faults.All);
    }

    private static Playbook? ReadDocument(ReadOnlyMemory<byte> json, DateTimeOffset now, PlaybookActions actions, IPlaybookSecrets secrets, PlaybookFaults faults)
    {
        if (json.Length > MaxBytes)
        {
            faults.Add(PlaybookFaults.Unreadable, "$", $"a playbook has at most {MaxBytes} bytes, this one has {json.Length}");
            return null;
        }
        try
        {
            DuplicateNames.Check(json.Span, MaxDepth, faults);
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object)
            {
                CacaoShapes.Playbook.Check(root, "$", faults);
                DocumentCheck.Run(root, now, faults);
                if (ReadRoot(root, faults) is not { } playbook) return null;
                WorkflowCheck.Run(playbook, actions, secrets, faults);
                LanguageExtension.Check(root, playbook, faults);
                return playbook;
            }
            faults.Add(PlaybookFaults.Unreadable, "$", "a playbook is a JSON object");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The second is what the parser says of text that is no valid UTF-16.
            faults.Add(PlaybookFaults.Unreadable, "$", fault is JsonException at ? (Phrase)$"not JSON, or nested deeper than {MaxDepth}: line {at.LineNumber + 1}, byte {at.BytePositionInLine + 1}: {at.Message}" : Phrase.Plain(fault.Message));
        }
        return null;
    }

    private static Playbook? ReadRoot(JsonElement root, PlaybookFaults faults)
    {
        if (Id(root, "id") is not { } id || Id(root, "workflow_start") is not { } start || !root.TryGetProperty("workflow", out var workflow) || workflow.ValueKind != JsonValueKind.Object) return null;
        var agents = new Dictionary<string, AgentTarget>();
        foreach (var list in new[] { "agent_definitions", "target_definitions" })
            foreach (var (key, value) in Entries(root, list)) agents[key] = Agent(key, value, PlaybookFaults.Path("$." + list, key));
        var labels = Strings(root, "labels");
        return new Playbook
        {
            Id = id, Name = Text.Cut(String(root, "name") ?? "", 300), Description = String(root, "description") ?? "", Modified = Time(root, "modified") ?? DateTimeOffset.UnixEpoch, Priority = (int)(Whole(root, "priority") ?? 0),
            Labels = labels, Techniques = [.. Techniques(root).Concat(labels.Where(Attack.IsTechnique)).Select(t => t.ToUpperInvariant()).Distinct()],
            Start = start, Exception = Id(root, "workflow_exception"), Variables = Variables(root, "playbook_variables"), Agents = agents, Languages = LanguageExtension.Read(root),
            Steps = Entries(root, "workflow").Take(MaxSteps).DistinctBy(s => s.Name).ToDictionary(s => s.Name, s => Step(s.Name, s.Value, faults)),
            Authentications = Entries(root, "authentication_info_definitions").DistinctBy(a => a.Name).ToDictionary(a => a.Name, a => Authentication(a.Name, a.Value)),
        };
    }

    private static PlaybookStep Step(string id, JsonElement step, PlaybookFaults faults)
    {
        var type = String(step, "type") ?? "";
        return new PlaybookStep
        {
            Id = id, Type = type, Name = Text.Cut(String(step, "name") ?? type, 300), Description = String(step, "description") ?? "",
            Delay = TimeSpan.FromMilliseconds(Whole(step, "delay") ?? 0), Timeout = Whole(step, "timeout") is > 0 and var timeout ? TimeSpan.FromMilliseconds(timeout) : null,
            OnCompletion = Id(step, "on_completion"), OnSuccess = Id(step, "on_success"), OnFailure = Id(step, "on_failure"), OnTrue = Id(step, "on_true"), OnFalse = Id(step, "on_false"),
            NextSteps = Ids(step, "next_steps"), Switch = SwitchVariable(String(step, "switch") ?? ""), Cases = [.. Entries(step, "cases").Where(c => c.Value.ValueKind == JsonValueKind.String).Select(c => new SwitchCase(c.Name, c.Value.GetString()!))],
            Condition = type is StepTypes.If or StepTypes.While && String(step, "condition") is { } text ? Read(text, PlaybookFaults.Path("$.workflow", id), faults) : null,
            Commands = type == StepTypes.Action ? Commands(step) : [], PlaybookId = Id(step, "playbook_id"), PlaybookVersion = Time(step, "playbook_version"),
            Agent = type == StepTypes.Action ? Id(step, "agent") : null, Targets = Ids(step, "targets"), InArgs = Strings(step, "in_args"), OutArgs = Strings(step, "out_args"),
            Variables = Variables(step, "step_variables"), Extension = StepExtensions.Of(step),
        };
    }

    private static Condition? Read(string text, string path, PlaybookFaults faults)
    {
        var (condition, fault) = ConditionParser.Parse(text);
        if (fault is not null) faults.Add(PlaybookFaults.Condition, path + ".condition", fault);
        return condition;
    }

    /// <summary>"__v__:value" as the examples of the specification have it, or the bare name.</summary>
    private static string SwitchVariable(string text) => text.EndsWith(":value", StringComparison.Ordinal) ? text[..^6] : text;

    private static List<PlaybookCommand> Commands(JsonElement step) => !step.TryGetProperty("commands", out var commands) || commands.ValueKind != JsonValueKind.Array ? [] :
    [
        .. commands.EnumerateArray().Where(c => c.ValueKind == JsonValueKind.Object).Take(50).Select(c => new PlaybookCommand(
            String(c, "type") ?? "", String(c, "command") ?? Base64(c, "command_b64") ?? "", String(c, "content") ?? Base64(c, "content_b64") ?? "",
            Entries(c, "headers").DistinctBy(h => h.Name).ToDictionary(h => h.Name, h => (IReadOnlyList<string>)StringsOf(h.Value)))),
    ];

    private static Dictionary<string, PlaybookVariable> Variables(JsonElement parent, string name) => Entries(parent, name).Where(v => v.Value.ValueKind == JsonValueKind.Object).DistinctBy(v => v.Name).ToDictionary(v => v.Name, v =>
        new PlaybookVariable(v.Name, String(v.Value, "type") ?? "string", String(v.Value, "value"), String(v.Value, "description") ?? "", Flag(v.Value, "constant"), Flag(v.Value, "external")));

    private static AgentTarget Agent(string id, JsonElement value, string path)
    {
        var addresses = value.ValueKind == JsonValueKind.Object && value.TryGetProperty("address", out var found)
            ? Entries(found).Where(k => k.Name is "url" or "dname" or "ipv4" or "ipv6").DistinctBy(k => k.Name).ToDictionary(k => k.Name, k => (IReadOnlyList<string>)StringsOf(k.Value)) : [];
        return new AgentTarget(id, String(value, "type") ?? "", String(value, "name") ?? "", addresses, String(value, "port"), Id(value, "authentication_info"), StepExtensions.RoleOf(value), path);
    }

    private static AuthenticationInfo Authentication(string id, JsonElement a) => new(
        id, String(a, "type") ?? "", String(a, "name") ?? "", String(a, "user_id") ?? String(a, "username") ?? "", String(a, "password") ?? String(a, "token") ?? "",
        String(a, "oauth_header") ?? "", Flag(a, "kms"), String(a, "kms_key_identifier") ?? "");

    private static IEnumerable<string> Techniques(JsonElement root)
    {
        if (!root.TryGetProperty("external_references", out var references) || references.ValueKind != JsonValueKind.Array) return [];
        return references.EnumerateArray().Select(r => String(r, "external_id")).OfType<string>().Where(Attack.IsTechnique);
    }

    public static string? String(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static IEnumerable<(string Name, JsonElement Value)> Entries(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) ? Entries(value) : [];

    public static long? Whole(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? Math.Clamp(number, 0, 365L * 86_400_000) : null;

    private static IEnumerable<(string Name, JsonElement Value)> Entries(JsonElement value) => value.ValueKind == JsonValueKind.Object ? value.EnumerateObject().Take(1_000).Select(p => (p.Name, p.Value)) : [];
    private static string? Id(JsonElement parent, string name) => String(parent, name) is { } id && IdentifierShape.Is(id) ? id : null;
    private static List<string> Ids(JsonElement parent, string name) => [.. Strings(parent, name).Where(IdentifierShape.Is)];
    public static List<string> Strings(JsonElement parent, string name) => parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) ? StringsOf(value) : [];
    private static List<string> StringsOf(JsonElement value) => value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Take(1_000).Select(e => e.GetString()!)] : [];
    private static bool Flag(JsonElement parent, string name) => parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
    private static DateTimeOffset? Time(JsonElement parent, string name) => String(parent, name) is { } text ? TimestampShape.Read(text) : null;

    private static string? Base64(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out var bytes) ? Encoding.UTF8.GetString(bytes) : null;
}
