using System.Text.Json;
using Beacon.Alerting.Playbooks.Shapes;

namespace Beacon.Alerting.Playbooks;

/// <summary>What a document says of itself beyond its workflow: times that agree, markings and extensions that are defined, definitions that are named once.</summary>
internal static class DocumentCheck
{
    public static void Run(JsonElement root, DateTimeOffset now, PlaybookFaults faults)
    {
        Times(root, now, faults);
        Defined(root, "markings", "data_marking_definitions", faults);
        var extensions = PlaybookReader.Entries(root, "extension_definitions").Select(e => e.Name).ToHashSet();
        Extensions(root, "$", "playbook_extensions", extensions, faults);
        foreach (var (id, step) in PlaybookReader.Entries(root, "workflow"))
        {
            var path = PlaybookFaults.Path("$.workflow", id);
            StepType(id, step, path, faults);
            Extensions(step, path, "step_extensions", extensions, faults);
            StepExtensions.Check(step, "step_extensions", path, faults);
        }
        var agents = new HashSet<string>();
        var authentications = PlaybookReader.Entries(root, "authentication_info_definitions").Select(a => a.Name).ToHashSet();
        foreach (var list in new[] { "agent_definitions", "target_definitions" })
        {
            foreach (var (id, agent) in PlaybookReader.Entries(root, list))
            {
                var path = PlaybookFaults.Path("$." + list, id);
                if (!agents.Add(id) && list == "target_definitions") faults.Add(PlaybookFaults.Duplicate, path, "is an agent's id, too: which is meant is anybody's guess");
                if (PlaybookReader.String(agent, "authentication_info") is { } named && IdentifierShape.Is(named) && !authentications.Contains(named)) faults.Add(PlaybookFaults.Undefined, path + ".authentication_info", $"'{Text.Cut(named, 100)}' is not defined");
                Extensions(agent, path, "agent_target_extensions", extensions, faults);
                StepExtensions.Check(agent, "agent_target_extensions", path, faults);
            }
        }
        foreach (var (id, value) in PlaybookReader.Entries(root, "authentication_info_definitions"))
        {
            var path = PlaybookFaults.Path("$.authentication_info_definitions", id);
            Extensions(value, path, "authentication_info_extensions", extensions, faults);
            Secrets(value, path, faults);
        }
        foreach (var (id, value) in PlaybookReader.Entries(root, "data_marking_definitions"))
            Extensions(value, PlaybookFaults.Path("$.data_marking_definitions", id), "marking_extensions", extensions, faults);
        if (root.TryGetProperty("signatures", out var signatures) && signatures.ValueKind == JsonValueKind.Array) faults.Add(PlaybookFaults.Unverified, "$.signatures", "signatures are kept with the document and are not verified");
    }

    private static void Secrets(JsonElement authentication, string path, PlaybookFaults faults)
    {
        if (authentication.ValueKind != JsonValueKind.Object || (authentication.TryGetProperty("kms", out var kms) && kms.ValueKind == JsonValueKind.True)) return;
        foreach (var name in new[] { "password", "token", "private_key" })
            if (PlaybookReader.String(authentication, name) is { Length: > 0 } text && !VariableReference.In(text).Any())
                faults.Add(PlaybookFaults.SecretInDocument, path + "." + name, "a secret is written into the playbook; put it into the vault ('secret put NAME') and name it with kms and kms_key_identifier");
    }

    private static void Times(JsonElement root, DateTimeOffset now, PlaybookFaults faults)
    {
        DateTimeOffset? Time(string name) => PlaybookReader.String(root, name) is { } text ? TimestampShape.Read(text) : null;
        var (from, until) = (Time("valid_from"), Time("valid_until"));
        if (Time("modified") < Time("created")) faults.Add(PlaybookFaults.Property, "$.modified", "is before created");
        if (until <= from) faults.Add(PlaybookFaults.Property, "$.valid_until", "is not after valid_from");
        var revoked = root.TryGetProperty("revoked", out var flag) && flag.ValueKind == JsonValueKind.True;
        if (revoked) faults.Add(PlaybookFaults.Validity, "$.revoked", "the playbook is revoked: no run of it begins");
        else if (until <= now) faults.Add(PlaybookFaults.Validity, "$.valid_until", "the playbook is no longer valid: no run of it begins");
        else if (from > now) faults.Add(PlaybookFaults.Validity, "$.valid_from", "the playbook is not valid yet: no run of it begins");
    }

    private static void StepType(string id, JsonElement step, string path, PlaybookFaults faults)
    {
        if (PlaybookReader.String(step, "type") is not { } type) return;
        if (!StepTypes.All.Contains(type)) faults.Add(PlaybookFaults.StepType, path + ".type", $"'{Text.Cut(type, 50)}' is no CACAO 2.0 step type");
        else if (!id.StartsWith(type + "--", StringComparison.Ordinal)) faults.Add(PlaybookFaults.StepType, path, $"the id's type is not the step's type '{type}'");
    }

    private static void Defined(JsonElement root, string list, string definitions, PlaybookFaults faults)
    {
        if (!root.TryGetProperty(list, out var ids) || ids.ValueKind != JsonValueKind.Array) return;
        var known = PlaybookReader.Entries(root, definitions).Select(e => e.Name).ToHashSet();
        var n = 0;
        foreach (var id in ids.EnumerateArray())
        {
            var path = $"$.{list}[{n++}]";
            if (id.ValueKind == JsonValueKind.String && IdentifierShape.Is(id.GetString()!) && !known.Contains(id.GetString()!)) faults.Add(PlaybookFaults.Undefined, path, $"'{Text.Cut(id.GetString()!, 100)}' is not defined in {definitions}");
        }
    }

    private static void Extensions(JsonElement parent, string path, string name, HashSet<string> known, PlaybookFaults faults)
    {
        foreach (var (id, _) in PlaybookReader.Entries(parent, name))
            if (IdentifierShape.Is(id) && !known.Contains(id)) faults.Add(PlaybookFaults.Undefined, PlaybookFaults.Path($"{path}.{name}", id), "is not defined in extension_definitions");
    }
}
