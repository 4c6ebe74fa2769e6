using System.Text;
using System.Text.Json.Nodes;

namespace Beacon.Alerting.Tests.Playbooks;

/// <summary>Builds playbooks for tests; steps are named by letters.</summary>
internal sealed class PlaybookJson
{
    public const string PlaybookId = "playbook--11111111-1111-4111-8111-111111111111";
    private const string Agent = "group--22222222-2222-4222-8222-222222222222";
    public const string Target = "http-api--33333333-3333-4333-8333-333333333333";

    public const string Extension = "extension-definition--b1f5a3d2-6c0e-4a7b-9d34-2e8c57f0a911";

    public JsonObject Root { get; } = new()
    {
        ["type"] = "playbook", ["spec_version"] = "cacao-2.0", ["id"] = PlaybookId, ["name"] = "Test", ["created_by"] = "identity--44444444-4444-4444-8444-444444444444",
        ["created"] = "2026-01-01T00:00:00.000Z", ["modified"] = "2026-01-01T00:00:00.000Z", ["workflow_start"] = Id("start", "s"), ["workflow"] = new JsonObject(),
        ["agent_definitions"] = new JsonObject { [Agent] = new JsonObject { ["type"] = "group", ["name"] = "Crew" } },
    };

    public JsonObject Workflow => Root["workflow"]!.AsObject();

    /// <summary>"action--0000000a-0000-4000-8000-00000000000a".</summary>
    public static string Id(string type, string name) => $"{type}--{(int)name[0]:x8}-0000-4000-8000-{string.Concat(name.Select(c => ((int)c).ToString("x2", System.Globalization.CultureInfo.InvariantCulture))).PadLeft(12, '0')}";

    public PlaybookJson Start(string next) => Add("start", "s", s => s["on_completion"] = next);
    public PlaybookJson End(string name = "e") => Add("end", name, _ => { });

    public PlaybookJson Manual(string name, string? next, string command = "do it", Action<JsonObject>? more = null) => Add("action", name, s =>
    {
        s["agent"] = Agent;
        s["commands"] = new JsonArray(new JsonObject { ["type"] = "manual", ["command"] = command });
        if (next is not null) s["on_completion"] = next;
        more?.Invoke(s);
    });

    public PlaybookJson Http(string name, string? next, string command, Action<JsonObject>? more = null, JsonObject? extra = null) => Add("action", name, s =>
    {
        s["agent"] = Agent;
        s["targets"] = new JsonArray(Target);
        var c = new JsonObject { ["type"] = "http-api", ["command"] = command };
        foreach (var (k, v) in extra ?? []) c[k] = v?.DeepClone();
        s["commands"] = new JsonArray(c);
        if (next is not null) s["on_completion"] = next;
        more?.Invoke(s);
    });

    public PlaybookJson HttpTarget(string url)
    {
        Root["target_definitions"] = new JsonObject { [Target] = new JsonObject { ["type"] = "http-api", ["name"] = "firewall", ["address"] = new JsonObject { ["url"] = new JsonArray(url) } } };
        return this;
    }

    public PlaybookJson If(string name, string condition, string onTrue, string? onFalse, string? next) => Add("if-condition", name, s =>
    {
        s["condition"] = condition;
        s["on_true"] = onTrue;
        if (onFalse is not null) s["on_false"] = onFalse;
        if (next is not null) s["on_completion"] = next;
    });

    public PlaybookJson Parallel(string name, string? next, params string[] branches) => Add("parallel", name, s =>
    {
        s["next_steps"] = new JsonArray([.. branches.Select(b => (JsonNode)b)]);
        if (next is not null) s["on_completion"] = next;
    });

    public PlaybookJson While(string name, string condition, string onTrue, string? next) => Add("while-condition", name, s =>
    {
        s["condition"] = condition;
        s["on_true"] = onTrue;
        if (next is not null) s["on_completion"] = next;
    });

    public PlaybookJson Switch(string name, string variable, string? next, params (string Value, string Step)[] cases) => Add("switch-condition", name, s =>
    {
        s["switch"] = variable;
        s["cases"] = new JsonObject([.. cases.Select(c => KeyValuePair.Create(c.Value, (JsonNode?)c.Step))]);
        if (next is not null) s["on_completion"] = next;
    });

    public PlaybookJson Runs(string name, string playbook, string? next, Action<JsonObject>? more = null) => Add("playbook-action", name, s =>
    {
        s["playbook_id"] = playbook;
        if (next is not null) s["on_completion"] = next;
        more?.Invoke(s);
    });

    /// <summary>Gives a step what only our own extension can say.</summary>
    public PlaybookJson Extend(string action, JsonObject ours)
    {
        Root["extension_definitions"] = new JsonObject
        {
            [Extension] = new JsonObject { ["type"] = "extension-definition", ["name"] = "Beacon", ["created_by"] = "identity--44444444-4444-4444-8444-444444444444", ["schema"] = "https://beacon.example/extension.json", ["version"] = "1.0.0" },
        };
        Workflow[A(action)]!["step_extensions"] = new JsonObject { [Extension] = ours };
        return this;
    }

    public PlaybookJson Variable(string name, string type, string? value = null, bool constant = false)
    {
        if (Root["playbook_variables"] is null) Root["playbook_variables"] = new JsonObject();
        Root["playbook_variables"]!.AsObject()[name] = new JsonObject { ["type"] = type, ["value"] = value, ["constant"] = constant };
        return this;
    }

    public PlaybookJson Add(string type, string name, Action<JsonObject> fill)
    {
        var step = new JsonObject { ["type"] = type, ["name"] = name };
        fill(step);
        Workflow[Id(type, name)] = step;
        return this;
    }

    public byte[] Bytes => Encoding.UTF8.GetBytes(Root.ToJsonString());

    public static string A(string name) => Id("action", name);
    public static string E(string name = "e") => Id("end", name);
    public static string I(string name) => Id("if-condition", name);
    public static string While(string name) => Id("while-condition", name);
    public static string Switch(string name) => Id("switch-condition", name);
    public static string R(string name) => Id("playbook-action", name);
    public static string P(string name) => Id("parallel", name);
}
