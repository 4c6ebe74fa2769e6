using System.Text.Json;
using System.Text.RegularExpressions;
using Beacon.Alerting.Playbooks.Actions;
using Beacon.Alerting.Playbooks.Conditions;

namespace Beacon.Alerting.Playbooks;

/// <summary>Reads a document and its shape (the OASIS JSON schemas' demands); what the workflow means is checked by <see cref="WorkflowCheck"/>.</summary>
internal sealed partial class PlaybookReader(PlaybookFaults faults)
{
    public const int MaxBytes = 1024 * 1024;
    public const int MaxSteps = 500;
    private const int MaxText = 20_000;

    /// <summary>Agent and target types of CACAO 2.0, section 7; others are the author's own.</summary>
    private static readonly HashSet<string> KnownTypes = ["group", "individual", "location", "organization", "sector", "http-api", "linux", "net-address", "security-category", "ssh"];

    public static (Playbook? Playbook, IReadOnlyList<PlaybookFault> Faults) Read(ReadOnlyMemory<byte> json, DateTimeOffset now, PlaybookActions actions, IPlaybookSecrets secrets)
    {
        var faults = new PlaybookFaults();
        var playbook = new PlaybookReader(faults).ReadDocument(json, now);
        if (playbook is not null) WorkflowCheck.Run(playbook, actions, secrets, faults);
        return (faults.Any ? null : playbook, faults.All);
    }

    private Playbook? ReadDocument(ReadOnlyMemory<byte> json, DateTimeOffset now)
    {
        if (json.Length > MaxBytes)
        {
            faults.Add(PlaybookFaults.Unreadable, "$", $"a playbook has at most {MaxBytes} bytes, this one has {json.Length}");
            return null;
        }
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 32, AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind == JsonValueKind.Object) return ReadRoot(document.RootElement, now);
            faults.Add(PlaybookFaults.Unreadable, "$", "a playbook is a JSON object");
        }
        catch (JsonException fault)
        {
            faults.Add(PlaybookFaults.Unreadable, "$", $"not JSON, or nested deeper than 32: line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}: {fault.Message}");
        }
        return null;
    }

    private Playbook? ReadRoot(JsonElement root, DateTimeOffset now)
    {
        if (Required(root, "$", "type") is { } type && type != "playbook") faults.Add(PlaybookFaults.Property, "$.type", $"'{Text.Cut(type, 50)}' is not 'playbook'");
        if (Required(root, "$", "spec_version") is { } version && version != "cacao-2.0") faults.Add(PlaybookFaults.Property, "$.spec_version", $"'{Text.Cut(version, 50)}' is not 'cacao-2.0'");
        var id = RequiredId(root, "$", "id");
        var name = Required(root, "$", "name") ?? "";
        RequiredId(root, "$", "created_by");
        var created = Timestamp(root, "created", required: true);
        var modified = Timestamp(root, "modified", required: true);
        if (modified < created) faults.Add(PlaybookFaults.Property, "$.modified", "is before created");
        var from = Timestamp(root, "valid_from", required: false);
        var until = Timestamp(root, "valid_until", required: false);
        if (from is not null && until is not null && until <= from) faults.Add(PlaybookFaults.Property, "$.valid_until", "is not after valid_from");
        var revoked = root.TryGetProperty("revoked", out var flag) && flag.ValueKind == JsonValueKind.True;
        if (revoked || until <= now || from > now) faults.Add(PlaybookFaults.Validity, revoked ? "$.revoked" : until <= now ? "$.valid_until" : "$.valid_from", "the playbook is revoked, or not valid today");
        var priority = Whole(root, "$", "priority", 0, 100);
        Whole(root, "$", "severity", 0, 100);
        Whole(root, "$", "impact", 0, 100);
        var start = RequiredId(root, "$", "workflow_start");
        var exception = OptionalId(root, "$", "workflow_exception");
        var variables = Variables(root, "$", "playbook_variables");
        var agents = new Dictionary<string, AgentTarget>();
        Agents(root, "agent_definitions", agents);
        Agents(root, "target_definitions", agents);
        var authentications = Authentications(root);
        var steps = Steps(root);
        if (id is not null && !id.StartsWith("playbook--", StringComparison.Ordinal)) faults.Add(PlaybookFaults.Identifier, "$.id", "a playbook's id starts with 'playbook--'");
        if (steps is null || start is null || id is null) return null;
        var labels = Strings(root, "$", "labels");
        return new Playbook
        {
            Id = id, Name = Text.Cut(name, 300), Description = Optional(root, "$", "description") ?? "", Modified = modified ?? DateTimeOffset.UnixEpoch, Priority = (int)(priority ?? 0),
            Labels = labels, Techniques = [.. Techniques(root).Concat(labels.Where(Attack.IsTechnique)).Select(t => t.ToUpperInvariant()).Distinct()],
            Start = start, Exception = exception, Steps = steps, Variables = variables, Agents = agents, Authentications = authentications,
        };
    }

    private Dictionary<string, PlaybookStep>? Steps(JsonElement root)
    {
        if (Object(root, "$", "workflow") is not { } workflow)
        {
            if (!root.TryGetProperty("workflow", out _)) faults.Add(PlaybookFaults.Property, "$.workflow", "is wanted");
            return null;
        }
        var steps = new Dictionary<string, PlaybookStep>();
        foreach (var property in workflow.EnumerateObject())
        {
            var path = PlaybookFaults.Path("$.workflow", property.Name);
            if (steps.Count >= MaxSteps)
            {
                faults.Add(PlaybookFaults.Property, "$.workflow", $"a playbook has at most {MaxSteps} steps");
                return null;
            }
            if (!IdPattern().IsMatch(property.Name)) faults.Add(PlaybookFaults.Identifier, path, "a step's id is its type, '--' and a UUID");
            if (property.Value.ValueKind != JsonValueKind.Object) faults.Add(PlaybookFaults.Property, path, "a step is an object");
            else steps[property.Name] = Step(property.Name, property.Value, path);
        }
        return steps;
    }

    private PlaybookStep Step(string id, JsonElement step, string path)
    {
        var type = Required(step, path, "type") ?? "";
        if (type.Length > 0 && !StepTypes.All.Contains(type)) faults.Add(PlaybookFaults.StepType, path + ".type", $"'{Text.Cut(type, 50)}' is no CACAO 2.0 step type");
        else if (type.Length > 0 && !id.StartsWith(type + "--", StringComparison.Ordinal)) faults.Add(PlaybookFaults.StepType, path, $"the id's type is not the step's type '{type}'");
        var delay = Whole(step, path, "delay", 1, 365L * 86_400_000);
        var timeout = Whole(step, path, "timeout", 0, 365L * 86_400_000);
        return new PlaybookStep
        {
            Id = id, Type = type, Name = Text.Cut(Optional(step, path, "name") ?? type, 300), Description = Optional(step, path, "description") ?? "",
            Delay = TimeSpan.FromMilliseconds(delay ?? 0), Timeout = timeout is > 0 ? TimeSpan.FromMilliseconds(timeout.Value) : null,
            OnCompletion = OptionalId(step, path, "on_completion"), OnSuccess = OptionalId(step, path, "on_success"), OnFailure = OptionalId(step, path, "on_failure"),
            OnTrue = OptionalId(step, path, "on_true"), OnFalse = OptionalId(step, path, "on_false"), NextSteps = Ids(step, path, "next_steps"), Cases = Cases(step, path),
            Condition = type == StepTypes.If ? ReadCondition(step, path) : null,
            Commands = type == StepTypes.Action ? Commands(step, path) : [],
            Agent = type == StepTypes.Action ? RequiredId(step, path, "agent") : null, Targets = Ids(step, path, "targets"),
            OutArgs = Strings(step, path, "out_args"), Variables = Variables(step, path, "step_variables"),
        };
    }

    private Condition? ReadCondition(JsonElement step, string path)
    {
        if (Required(step, path, "condition") is not { } text) return null;
        var (condition, fault) = ConditionParser.Parse(text);
        if (fault is not null) faults.Add(PlaybookFaults.Condition, path + ".condition", fault);
        return condition;
    }

    private List<PlaybookCommand> Commands(JsonElement step, string path)
    {
        var commands = new List<PlaybookCommand>();
        if (Array(step, path, "commands") is not { } array || array.GetArrayLength() == 0)
        {
            faults.Add(PlaybookFaults.Property, path + ".commands", "an action has at least one command");
            return commands;
        }
        var n = 0;
        foreach (var item in array.EnumerateArray())
        {
            var at = $"{path}.commands[{n++}]";
            if (n > 50)
            {
                faults.Add(PlaybookFaults.Property, path + ".commands", "a step has at most 50 commands");
                break;
            }
            if (item.ValueKind != JsonValueKind.Object)
            {
                faults.Add(PlaybookFaults.Property, at, "a command is an object");
                continue;
            }
            var type = Required(item, at, "type") ?? "";
            var text = Optional(item, at, "command") ?? Base64(item, at, "command_b64") ?? "";
            if (text.Length == 0 && type is "manual" or "http-api") faults.Add(PlaybookFaults.Property, at + ".command", "is wanted");
            commands.Add(new PlaybookCommand(type, text, Optional(item, at, "content") ?? Base64(item, at, "content_b64") ?? "", Headers(item, at)));
        }
        return commands;
    }

    private Dictionary<string, IReadOnlyList<string>> Headers(JsonElement command, string path)
    {
        var headers = new Dictionary<string, IReadOnlyList<string>>();
        if (Object(command, path, "headers") is not { } read) return headers;
        foreach (var header in read.EnumerateObject()) headers[header.Name] = Strings(read, path + ".headers", header.Name);
        return headers;
    }

    private Dictionary<string, PlaybookVariable> Variables(JsonElement parent, string path, string name)
    {
        var variables = new Dictionary<string, PlaybookVariable>();
        if (Object(parent, path, name) is not { } read) return variables;
        foreach (var property in read.EnumerateObject())
        {
            var at = PlaybookFaults.Path($"{path}.{name}", property.Name);
            if (!VariableReference.IsName(property.Name)) faults.Add(PlaybookFaults.Variable, at, "a variable's name begins and ends with '__' and a letter follows");
            else if (property.Value.ValueKind != JsonValueKind.Object) faults.Add(PlaybookFaults.Property, at, "a variable is an object");
            else
            {
                var type = Required(property.Value, at, "type") ?? "string";
                var value = property.Value.TryGetProperty("value", out var given) && given.ValueKind == JsonValueKind.Null ? null : Optional(property.Value, at, "value");
                if (!VariableTypes.Fits(type, value)) faults.Add(PlaybookFaults.Variable, at + ".value", $"is no {type}");
                variables[property.Name] = new PlaybookVariable(property.Name, type, value, Optional(property.Value, at, "description") ?? "",
                    property.Value.TryGetProperty("constant", out var constant) && constant.ValueKind == JsonValueKind.True);
            }
        }
        return variables;
    }

    private void Agents(JsonElement root, string name, Dictionary<string, AgentTarget> into)
    {
        if (Object(root, "$", name) is not { } read) return;
        foreach (var property in read.EnumerateObject())
        {
            var path = PlaybookFaults.Path("$." + name, property.Name);
            if (!IdPattern().IsMatch(property.Name)) faults.Add(PlaybookFaults.Identifier, path, "an id is a type, '--' and a UUID");
            if (property.Value.ValueKind != JsonValueKind.Object)
            {
                faults.Add(PlaybookFaults.Property, path, "a definition is an object");
                continue;
            }
            var addresses = new Dictionary<string, IReadOnlyList<string>>();
            if (Object(property.Value, path, "address") is { } address)
                foreach (var kind in address.EnumerateObject()) if (kind.Name is "url" or "dname" or "ipv4" or "ipv6") addresses[kind.Name] = Strings(address, path + ".address", kind.Name);
            foreach (var (url, i) in addresses.GetValueOrDefault("url", []).Select((u, i) => (u, i)))
                if (!VariableReference.Pattern.IsMatch(url) && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https"))) faults.Add(PlaybookFaults.Property, $"{path}.address.url[{i}]", "is no http or https address");
            var type = Required(property.Value, path, "type") ?? "";
            var prefix = property.Name.Split("--")[0];
            if (KnownTypes.Contains(prefix) && type.Length > 0 && type != prefix) faults.Add(PlaybookFaults.Property, path + ".type", $"'{Text.Cut(type, 50)}' is not the id's type '{prefix}'");
            into[property.Name] = new AgentTarget(property.Name, type, Required(property.Value, path, "name") ?? "", addresses,
                Optional(property.Value, path, "port"), Optional(property.Value, path, "authentication_info"));
        }
    }

    private Dictionary<string, AuthenticationInfo> Authentications(JsonElement root)
    {
        var all = new Dictionary<string, AuthenticationInfo>();
        if (Object(root, "$", "authentication_info_definitions") is not { } read) return all;
        foreach (var property in read.EnumerateObject())
        {
            var path = PlaybookFaults.Path("$.authentication_info_definitions", property.Name);
            if (property.Value.ValueKind != JsonValueKind.Object)
            {
                faults.Add(PlaybookFaults.Property, path, "a definition is an object");
                continue;
            }
            var kms = property.Value.TryGetProperty("kms", out var flag) && flag.ValueKind == JsonValueKind.True;
            var type = Required(property.Value, path, "type") ?? "";
            all[property.Name] = new AuthenticationInfo(property.Name, type, Optional(property.Value, path, "name") ?? "",
                Optional(property.Value, path, "user_id") ?? Optional(property.Value, path, "username") ?? "",
                Optional(property.Value, path, "password") ?? Optional(property.Value, path, "token") ?? "", Optional(property.Value, path, "oauth_header") ?? "", kms, Optional(property.Value, path, "kms_key_identifier") ?? "");
        }
        return all;
    }

    private static IEnumerable<string> Techniques(JsonElement root)
    {
        if (!root.TryGetProperty("external_references", out var references) || references.ValueKind != JsonValueKind.Array) yield break;
        foreach (var reference in references.EnumerateArray())
            if (reference.ValueKind == JsonValueKind.Object && reference.TryGetProperty("external_id", out var id) && id.ValueKind == JsonValueKind.String && Attack.IsTechnique(id.GetString()!)) yield return id.GetString()!;
    }

    private List<string> Cases(JsonElement step, string path) => Object(step, path, "cases") is { } cases
        ? [.. cases.EnumerateObject().Select(c => OptionalId(cases, path + ".cases", c.Name)).OfType<string>()] : [];

    // data-types/identifier.json and data-types/timestamp.json of the OASIS schemas.
    [GeneratedRegex("^[a-z][a-z0-9-]+[a-z0-9]--[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$", RegexOptions.CultureInvariant)]
    private static partial Regex IdPattern();

    [GeneratedRegex("^[0-9]{4}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]+)?Z$", RegexOptions.CultureInvariant)]
    private static partial Regex TimestampPattern();
}
