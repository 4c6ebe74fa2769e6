using System.Text;
using System.Text.Json.Nodes;
using Beacon.Alerting.Playbooks;
using static Beacon.Alerting.Tests.Playbooks.PlaybookJson;

namespace Beacon.Alerting.Tests.Playbooks;

/// <summary>Valid playbooks made faulty in every way that can be made by rule, place by place: each variant is refused, and the place is named.</summary>
public sealed class MutationTests
{
    // By the object a property stands in: "playbook", a step's type, "command", "agent", "variable", …
    private static readonly Dictionary<string, string[]> Required = new()
    {
        ["playbook"] = ["type", "spec_version", "id", "name", "created_by", "created", "modified", "workflow_start", "workflow"],
        ["action"] = ["type", "commands", "agent"], ["parallel"] = ["type", "next_steps"], ["if-condition"] = ["type", "condition", "on_true"], ["while-condition"] = ["type", "condition", "on_true"],
        ["switch-condition"] = ["type", "switch", "cases"], ["playbook-action"] = ["type", "playbook_id"], ["command"] = ["type"], ["agent"] = ["type", "name"], ["variable"] = ["type"],
        ["marking-tlp"] = ["type", "id", "created_by", "created", "tlpv2_level"], ["extension-definition"] = ["type", "name", "created_by", "schema", "version"],
        ["signature"] = ["type", "id", "created", "modified", "signee", "related_to", "related_version", "hash_algorithm", "algorithm", "value"], ["external-reference"] = ["name"],
    };

    private static readonly string[] Enumerated = ["type", "spec_version", "tlpv2_level", "region"];

    /// <summary>Every kind of object and step.</summary>
    private static PlaybookJson Full()
    {
        var book = new PlaybookJson().HttpTarget("https://fw.example/api").Variable("__ip__", "ipv4-addr", "203.0.113.9").Variable("__n__", "integer", "1").Variable("__k__", "string", "fixed", constant: true)
            .Start(P("p")).Parallel("p", I("i"), A("a"), A("b")).Manual("a", E("x"), "look at __ip__:value", s => { s["in_args"] = new JsonArray("__ip__"); s["out_args"] = new JsonArray("__n__"); s["delay"] = 5; s["timeout"] = 9; })
            .Http("b", E("x"), "GET /x", extra: new JsonObject { ["headers"] = new JsonObject { ["X-Why"] = new JsonArray("test") }, ["content_b64"] = "e30=" }).End("x")
            .If("i", "__n__:value = 1", A("c"), A("d"), While("w")).Manual("c", E("x")).Manual("d", E("x")).While("w", "__n__:value > 5", A("f"), Switch("v")).Manual("f", E("x"))
            .Switch("v", "__n__:value", R("r"), ("1", A("g")), ("default", A("h"))).Manual("g", E("x")).Manual("h", E("x")).Runs("r", "playbook--99999999-9999-4999-8999-999999999999", E(), s => s["playbook_version"] = "2026-01-01T00:00:00Z").End()
            .Extend("a", new JsonObject { ["role"] = "responder" });
        var root = book.Root;
        root["description"] = "all of it";
        root["playbook_types"] = new JsonArray("mitigation");
        root["labels"] = new JsonArray("category:test");
        root["priority"] = 5;
        root["valid_from"] = "2026-01-01T00:00:00Z";
        root["playbook_processing_summary"] = new JsonObject { ["if_logic"] = true };
        root["external_references"] = new JsonArray(new JsonObject { ["name"] = "ATT&CK", ["external_id"] = "T1110" });
        root["markings"] = new JsonArray("marking-tlp--66666666-6666-4666-8666-666666666666");
        root["data_marking_definitions"] = new JsonObject
        {
            ["marking-tlp--66666666-6666-4666-8666-666666666666"] = new JsonObject
            {
                ["type"] = "marking-tlp", ["id"] = "marking-tlp--66666666-6666-4666-8666-666666666666", ["created_by"] = "identity--44444444-4444-4444-8444-444444444444", ["created"] = "2026-01-01T00:00:00Z", ["tlpv2_level"] = "TLP:AMBER",
            },
        };
        root["agent_definitions"]!.AsObject().First().Value!["location"] = new JsonObject { ["region"] = "europe" };
        root["authentication_info_definitions"] = new JsonObject { ["http-basic--88888888-8888-4888-8888-888888888888"] = new JsonObject { ["type"] = "http-basic", ["user_id"] = "u", ["password"] = "p" } };
        root["target_definitions"]!.AsObject().First().Value!["authentication_info"] = "http-basic--88888888-8888-4888-8888-888888888888";
        root["signatures"] = new JsonArray(new JsonObject
        {
            ["type"] = "jss", ["id"] = "jss--12121212-1212-4212-8212-121212121212", ["created"] = "2026-01-01T00:00:00Z", ["modified"] = "2026-01-01T00:00:00Z", ["signee"] = "Test", ["related_to"] = PlaybookId,
            ["related_version"] = "2026-01-01T00:00:00Z", ["hash_algorithm"] = "sha-256", ["algorithm"] = "Ed25519", ["thumbprint"] = "ab", ["value"] = "cd",
        });
        return book;
    }

    private static IReadOnlyList<PlaybookFault> Faults(JsonNode root) => [.. Reading.Of(Encoding.UTF8.GetBytes(root.ToJsonString())).Faults.Where(f => f.Grade == FaultGrade.Faulty)];

    public static TheoryData<string> Books
    {
        get
        {
            var data = new TheoryData<string> { Full().Root.ToJsonString() };
            using var house = new TestHouse();
            foreach (var file in house.Options.PlaybookDirectories.SelectMany(d => Directory.EnumerateFiles(d, "*.json"))) data.Add(File.ReadAllText(file));
            return data;
        }
    }

    /// <summary>Every object and list of a document, with its path and what it is.</summary>
    private static IEnumerable<(JsonNode Node, string Path, string Kind)> Places(JsonNode node, string path, string kind)
    {
        yield return (node, path, kind);
        if (node is JsonObject all)
        {
            foreach (var (name, value) in all)
                if (value is JsonObject or JsonArray) foreach (var place in Places(value, PlaybookFaults.Path(path, name), KindOf(kind, name, value))) yield return place;
        }
        else if (node is JsonArray list)
        {
            for (var i = 0; i < list.Count; i++) if (list[i] is JsonObject or JsonArray) foreach (var place in Places(list[i]!, $"{path}[{i}]", kind)) yield return place;
        }
    }

    private static string KindOf(string parent, string name, JsonNode value) => (parent, name) switch
    {
        ("workflow", _) => value["type"]?.GetValue<string>() ?? "",
        ("agents", _) => "agent", ("variables", _) => "variable", ("data_marking_definitions", _) => value["type"]?.GetValue<string>() ?? "", ("extension_definitions", _) => "extension-definition",
        (_, "agent_definitions" or "target_definitions") => "agents", (_, "playbook_variables" or "step_variables") => "variables", (_, "commands") => "command", (_, "external_references") => "external-reference",
        (_, "signatures") => "signature", _ => name,
    };

    private static JsonNode At(JsonNode root, string path) => Places(root, "$", "playbook").First(p => p.Path == path).Node;

    /// <summary>Faulty copies of a document: how, the place that must be named, and the copy.</summary>
    private static IEnumerable<(string How, string Path, JsonNode Copy)> Variants(JsonNode root)
    {
        foreach (var (node, path, kind) in Places(root, "$", "playbook"))
        {
            if (node is not JsonObject all) continue;
            foreach (var name in Required.GetValueOrDefault(kind, []).Where(all.ContainsKey))
                yield return Copy("without " + name, PlaybookFaults.Path(path, name), o => o.Remove(name));
            foreach (var (name, value) in all.ToList())
            {
                var at = PlaybookFaults.Path(path, name);
                if (kind is "extension-definition--b1f5a3d2-6c0e-4a7b-9d34-2e8c57f0a911") continue;
                if (value is not null && !(kind == "address" && name is not ("url" or "dname" or "ipv4" or "ipv6"))) yield return Copy("wrong type of " + name, at, o => o[name] = value is JsonArray ? new JsonObject() : new JsonArray());
                if (value is not JsonValue text || !text.TryGetValue<string>(out var word)) continue;
                if (Enumerated.Contains(name) && kind is not ("command" or "variable")) yield return Copy("unknown " + name, at, o => o[name] = "dance");
                if (name is "on_completion" or "on_success" or "on_failure" or "on_true" or "on_false" or "agent" or "workflow_start" or "authentication_info" || kind == "cases")
                    yield return Copy("dangling " + name, at, o => o[name] = word[..^12] + "ffffffffffff");
                if (name is "created" or "modified") yield return Copy("no time in " + name, at, o => o[name] = "2026-13-01T00:00:00Z");
            }
            foreach (var (name, list) in all.Where(p => p.Value is JsonArray { Count: > 0 } && p.Key is "next_steps" or "targets" or "in_args" or "out_args"))
            {
                var count = list!.AsArray().Count;
                yield return Copy("an entry twice in " + name, name == "next_steps" ? PlaybookFaults.Path(path, name) : $"{PlaybookFaults.Path(path, name)}[{count}]", o => o[name]!.AsArray().Add(o[name]![0]!.DeepClone()));
                if (name is not "in_args" and not "out_args") yield return Copy("dangling in " + name, $"{PlaybookFaults.Path(path, name)}[0]", o => o[name]![0] = o[name]![0]!.GetValue<string>()[..^12] + "ffffffffffff");
                else yield return Copy("undeclared in " + name, $"{PlaybookFaults.Path(path, name)}[0]", o => o[name]![0] = "__never_declared__");
            }

            (string, string, JsonNode) Copy(string how, string place, Action<JsonObject> change)
            {
                var copy = root.DeepClone();
                change(At(copy, path).AsObject());
                return (how, place, copy);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Books))]
    public void EveryVariant_IsRefusedAtItsPlace(string json)
    {
        var root = JsonNode.Parse(json)!;
        Assert.Empty(Faults(root));
        var missed = new List<string>();
        var count = 0;
        foreach (var (how, path, copy) in Variants(root))
        {
            count++;
            var faults = Faults(copy);
            if (!faults.Any(f => f.Path == path || f.Path == Parent(path))) missed.Add($"{how} at {path}: {string.Join("; ", faults.Take(3).Select(f => f.Path + " " + f.Message))}");
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} variants");
        Assert.Empty(missed);
        Assert.True(count > 60, $"{count} variants");

        // A step's wrong type is a fault of the step as much as of the property.
        static string Parent(string path) => path.EndsWith(".type", StringComparison.Ordinal) ? path[..^5] : path;
    }

    [Theory]
    [MemberData(nameof(Books))]
    public void EveryName_StandingTwice_IsRefusedAtItsPlace(string json)
    {
        foreach (var (node, path, _) in Places(JsonNode.Parse(json)!, "$", "playbook"))
        {
            if (node is not JsonObject { Count: > 0 } all) continue;
            var (name, value) = all.First();
            var was = all.ToJsonString();
            var twice = $"{{{System.Text.Json.JsonSerializer.Serialize(name)}:{value?.ToJsonString() ?? "null"},{was[1..]}";
            var text = JsonNode.Parse(json)!.ToJsonString();
            var at = text.IndexOf(was, StringComparison.Ordinal);
            Assert.Contains(Reading.Of(Encoding.UTF8.GetBytes(text[..at] + twice + text[(at + was.Length)..])).Faults, f => f.Code == "CACAO-125" && f.Path.EndsWith(name, StringComparison.Ordinal) | f.Path.Contains(name, StringComparison.Ordinal));
        }
    }
}
