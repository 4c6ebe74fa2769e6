using System.Text;
using System.Text.Json.Nodes;
using Beacon.Alerting.Playbooks;
using static Beacon.Alerting.Tests.Playbooks.PlaybookJson;

namespace Beacon.Alerting.Tests.Playbooks;

public sealed class PlaybookValidatorTests
{
    private static IReadOnlyList<PlaybookFault> Check(ReadOnlyMemory<byte> json) => Reading.Of(json).Faults;
    private static PlaybookJson Valid() => new PlaybookJson().Start(A("a")).Manual("a", E()).End();

    [Fact]
    public void Check_Valid_HasNoFault() => Assert.Empty(Check(Valid().Bytes));

    [Fact]
    public void Shipped_AllOfThem_AreValid()
    {
        using var house = new TestHouse();
        Assert.Empty(house.Library.Refused.SelectMany(r => r.Faults.Select(f => $"{r.File} {f.Path} {f.Message}")));
        Assert.True(house.Library.All.Count >= 7);
        // Parts are called by other playbooks: without techniques and categories none is offered by itself.
        Assert.All(house.Library.All, p => Assert.Equal(p.Labels.Contains("part"), p.Techniques.Count == 0));
    }

    public static TheoryData<string, string, string> Broken => new()
    {
        { "dangling", "CACAO-110", $"$.workflow.{A("a")}.on_completion" },
        { "self-loop", "CACAO-111", $"$.workflow.{A("a")}" },
        { "loop", "CACAO-111", $"$.workflow.{A("b")}" },
        { "unreachable", "CACAO-112", $"$.workflow.{A("z")}" },
        { "undeclared", "CACAO-120", $"$.workflow.{A("a")}.commands[0].command" },
        { "condition-undeclared", "CACAO-120", $"$.workflow.{I("i")}.condition" },
        { "condition-syntax", "CACAO-123", $"$.workflow.{I("i")}.condition" },
        { "agent", "CACAO-124", $"$.workflow.{A("a")}.agent" },
        { "command", "CACAO-202", $"$.workflow.{A("a")}.commands[0].type" },
        { "while-body-leads-back", "CACAO-111", $"$.workflow.{A("b")}" },
        { "while-undeclared", "CACAO-120", $"$.workflow.{Id("while-condition", "w")}.condition" },
        { "switch-dangling", "CACAO-110", $"$.workflow.{Id("switch-condition", "w")}.cases.one" },
        { "switch-type", "CACAO-120", $"$.workflow.{Id("switch-condition", "w")}.cases.one" },
        { "runs-itself", "CACAO-111", $"$.workflow.{Id("playbook-action", "w")}.playbook_id" },
        { "in-args", "CACAO-120", $"$.workflow.{A("a")}.in_args[0]" },
        { "condition-type", "CACAO-120", $"$.workflow.{I("i")}.condition" },
        { "constant-empty", "CACAO-120", "$.playbook_variables.__k__.value" },
        { "mixed", "CACAO-203", $"$.workflow.{A("a")}.commands[1].type" },
        { "marking", "CACAO-124", "$.markings[0]" },
        { "extension", "CACAO-124", $"$.workflow.{A("a")}.step_extensions.extension-definition--77777777-7777-4777-8777-777777777777" },
        { "approval-word", "CACAO-101", $"$.workflow.{A("a")}.step_extensions.extension-definition--b1f5a3d2-6c0e-4a7b-9d34-2e8c57f0a911.approval" },
        { "key-store", "CACAO-204", "$.authentication_info_definitions.http-basic--88888888-8888-4888-8888-888888888888" },
        { "duplicate-step", "CACAO-125", $"$.workflow.{A("a")}" },
        { "shared-parallel", "CACAO-114", $"$.workflow.{A("c")}" },
        { "shared-after", "CACAO-114", $"$.workflow.{A("b")}" },
        { "end-leads", "CACAO-115", $"$.workflow.{E()}" },
        { "both-exits", "CACAO-115", $"$.workflow.{A("a")}" },
        { "no-exit", "CACAO-115", $"$.workflow.{A("a")}" },
        { "type", "CACAO-113", $"$.workflow.{A("a")}.type" },
        { "spec", "CACAO-101", "$.spec_version" },
        { "time", "CACAO-101", "$.created" },
        { "id", "CACAO-102", "$.id" },
        { "constant-out", "CACAO-120", $"$.workflow.{A("a")}.out_args[0]" },
        { "value-type", "CACAO-120", "$.playbook_variables.__n__.value" },
        { "revoked", "CACAO-207", "$.revoked" },
        { "http", "CACAO-206", $"$.workflow.{A("a")}.commands[0].command" },
        { "bare", "CACAO-212", $"$.workflow.{A("a")}.commands[0].command" },
        { "bare-content", "CACAO-212", $"$.workflow.{A("a")}.commands[0].content" },
        { "bare-host", "CACAO-212", $"$.workflow.{A("a")}.commands[0].command" },
        { "bare-address", "CACAO-212", $"$.target_definitions.{PlaybookJson.Target}.address.url" },
        { "header", "CACAO-206", $"$.workflow.{A("a")}.commands[0].headers.Host" },
        { "commands", "CACAO-101", $"$.workflow.{A("a")}.commands" },
        { "delay", "CACAO-101", $"$.workflow.{A("a")}.delay" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Check_Broken_NamesCodeAndPath(string fault, string code, string path) =>
        Assert.Contains((code, path), Check(fault == "duplicate-step" ? Twice() : Break(fault).Bytes).Select(f => (f.Code, f.Path)));

    private static byte[] Twice()
    {
        var text = Encoding.UTF8.GetString(Valid().Bytes);
        return Encoding.UTF8.GetBytes(text.Replace("\"workflow\":{", $"\"workflow\":{{\"{A("a")}\":{{}},", StringComparison.Ordinal));
    }

    private static PlaybookJson Break(string fault)
    {
        var p = Valid();
        var a = p.Workflow[A("a")]!.AsObject();
        switch (fault)
        {
            case "dangling": a["on_completion"] = A("x"); break;
            case "self-loop": a["on_completion"] = A("a"); break;
            case "loop": a["on_completion"] = A("b"); p.Manual("b", A("a")); break;
            case "unreachable": p.Manual("z", E()); break;
            case "undeclared": a["commands"]![0]!["command"] = "look at __nothing__:value"; break;
            case "condition-undeclared": a["on_completion"] = I("i"); p.If("i", "__nothing__:value = 'x'", E("t"), null, E()).End("t"); break;
            case "condition-syntax": a["on_completion"] = I("i"); p.Variable("__n__", "integer", "1").If("i", "__n__:value FOLLOWEDBY 3", E("t"), null, E()).End("t"); break;
            case "agent": a["agent"] = "group--99999999-9999-4999-8999-999999999999"; break;
            case "command": a["commands"]![0]!["type"] = "bash"; break;
            case "while-body-leads-back": a["on_completion"] = While("w"); p.Variable("__n__", "integer", "1").While("w", "__n__:value = 1", A("b"), E()).Manual("b", While("w")); break;
            case "while-undeclared": a["on_completion"] = While("w"); p.While("w", "__n__:value = 1", E("t"), E()).End("t"); break;
            case "switch-dangling": a["on_completion"] = Switch("w"); p.Variable("__s__", "string", "x").Switch("w", "__s__:value", E(), ("one", A("z"))); break;
            case "switch-type": a["on_completion"] = Switch("w"); p.Variable("__s__", "integer", "1").Switch("w", "__s__", E(), ("one", E("t"))).End("t"); break;
            case "runs-itself": a["on_completion"] = Id("playbook-action", "w"); p.Runs("w", PlaybookId, E()); break;
            case "in-args": a["in_args"] = new JsonArray("__nothing__"); break;
            case "condition-type": a["on_completion"] = I("i"); p.Variable("__n__", "integer", "1").If("i", "__n__:value = 'many'", E("t"), null, E()).End("t"); break;
            case "constant-empty": p.Variable("__k__", "string", null, constant: true); break;
            case "mixed": p.HttpTarget("https://x.example"); a["commands"]!.AsArray().Add(new JsonObject { ["type"] = "http-api", ["command"] = "GET https://x.example/" }); break;
            case "marking": p.Root["markings"] = new JsonArray("marking-tlp--66666666-6666-4666-8666-666666666666"); break;
            case "extension": a["step_extensions"] = new JsonObject { ["extension-definition--77777777-7777-4777-8777-777777777777"] = new JsonObject() }; break;
            case "approval-word": p.Extend("a", new JsonObject { ["approval"] = "maybe" }); break;
            case "bare": p.Variable("__n__", "integer", "1").HttpTarget("https://x.example").Http("a", E(), "GET /x/__n__"); break;
            case "bare-content": p.Variable("__n__", "integer", "1").HttpTarget("https://x.example").Http("a", E(), "POST /x", extra: new JsonObject { ["content"] = "n=__n__:value&m=__n__" }); break;
            case "bare-host": p.HttpTarget("https://x.example").Http("a", E(), "GET https://__nothing__/x"); break;
            case "bare-address": p.HttpTarget("https://__nothing__/").Http("a", E(), "GET /x"); break;
            case "key-store":
                p.HttpTarget("https://x.example").Http("a", E(), "GET /x");
                p.Root["target_definitions"]![PlaybookJson.Target]!["authentication_info"] = "http-basic--88888888-8888-4888-8888-888888888888";
                p.Root["authentication_info_definitions"] = new JsonObject { ["http-basic--88888888-8888-4888-8888-888888888888"] = new JsonObject { ["type"] = "http-basic", ["kms"] = true } };
                break;
            case "shared-parallel": a["on_completion"] = P("p"); p.Parallel("p", E(), A("b"), A("d")).Manual("b", A("c")).Manual("d", A("c")).Manual("c", E("t")).End("t"); break;
            case "shared-after": a["on_completion"] = I("i"); p.Variable("__n__", "integer", "1").If("i", "__n__:value = 1", A("b"), null, A("b")).Manual("b", E()); break;
            case "end-leads": p.Workflow[E()]!["on_completion"] = A("a"); p.Workflow[A("a")]!.AsObject()["on_completion"] = E("t"); p.Workflow[E()]!["on_completion"] = E("t"); p.End("t"); break;
            case "both-exits": a["on_failure"] = E(); break;
            case "no-exit": a.Remove("on_completion"); break;
            case "type": a["type"] = "dance"; break;
            case "spec": p.Root["spec_version"] = "cacao-1.1"; break;
            case "time": p.Root["created"] = "yesterday"; break;
            case "id": p.Root["id"] = "playbook--1"; break;
            case "constant-out": p.Variable("__k__", "string", "v", constant: true); a["out_args"] = new JsonArray("__k__"); break;
            case "value-type": p.Variable("__n__", "integer", "many"); break;
            case "revoked": p.Root["revoked"] = true; break;
            case "http": p.HttpTarget("https://x.example").Http("a", E(), "FETCH /x"); break;
            case "header": p.HttpTarget("https://x.example").Http("a", E(), "GET /x", extra: new JsonObject { ["headers"] = new JsonObject { ["Host"] = new JsonArray("evil") } }); break;
            case "commands": a["commands"] = new JsonArray(); break;
            case "delay": a["delay"] = -5; break;
        }
        return p;
    }

    [Fact]
    public void Check_ManyFaults_NamesAllAtOnce()
    {
        var p = Valid();
        p.Root["spec_version"] = "x";
        p.Root.Remove("created_by");
        p.Workflow[A("a")]!["on_completion"] = A("x");
        p.Workflow[A("a")]!["commands"]![0]!["command"] = "__q__:value";
        Assert.Superset(new HashSet<string> { "$.spec_version", "$.created_by", $"$.workflow.{A("a")}.on_completion", $"$.workflow.{A("a")}.commands[0].command" }, Check(p.Bytes).Select(f => f.Path).ToHashSet());
    }

    [Fact]
    public void Check_HostileInput_IsAnAnswer()
    {
        Assert.Equal("CACAO-100", Assert.Single(Check("{"u8.ToArray())).Code);
        Assert.Equal("CACAO-100", Assert.Single(Check("[]"u8.ToArray())).Code);
        Assert.Equal("CACAO-100", Assert.Single(Check(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 5_000)) + "1" + new string('}', 5_000)))).Code);
        Assert.Equal("CACAO-100", Assert.Single(Check(new byte[PlaybookReader.MaxBytes + 1])).Code);
        Assert.Contains(("CACAO-125", "$.type"), Check("{\"type\":\"playbook\",\"type\":\"x\"}"u8.ToArray()).Select(f => (f.Code, f.Path)));
        Assert.Contains(Check("{\"name\":\"\\ud800\",\"type\":\"playbook\"}"u8.ToArray()), f => f.Code == "CACAO-100");
        Assert.NotEmpty(Check("{\"workflow\":[1],\"labels\":[3],\"playbook_variables\":\"x\",\"agent_definitions\":{\"a\":1}}"u8.ToArray()));
    }

    [Theory]
    [InlineData("__n__:value = 5", true)]
    [InlineData("__n__:value >= 5.0 AND __s__:value != 'x'", true)]
    [InlineData("[__n__:value > 5]", false)]
    [InlineData("(__n__:value < 5 OR __s__:value = 'it\\'s') AND __n__:value IN (1, 5)", true)]
    [InlineData("__s__:value LIKE 'it%'", true)]
    [InlineData("__s__:value NOT LIKE 'it%'", false)]
    [InlineData("__s__:value MATCHES '^i.*s$'", true)]
    [InlineData("__ip__:value ISSUBSET '10.0.0.0/8'", true)]
    [InlineData("__ip__:value ISSUBSET '11.0.0.0/8'", false)]
    [InlineData("NOT (__n__:value = 4)", true)]
    [InlineData("NOT __n__:value = 5 OR NOT NOT __n__:value = 5", true)]
    [InlineData("[__n__:value = 5] AND [__s__:value = 'it\\'s']", true)]
    [InlineData("EXISTS __s__:value AND NOT EXISTS __empty__:value", true)]
    [InlineData("__net__:value ISSUPERSET '10.1.2.3'", true)]
    [InlineData("__net__:value ISSUPERSET '10.0.0.0/8'", false)]
    [InlineData("__net__:value ISSUBSET '10.0.0.0/8'", true)]
    [InlineData("__t__:value > t'2026-03-01T00:00:00Z'", true)]
    [InlineData("__hex__:value = h'C0FFEE'", true)]
    [InlineData("__n__:value = 4 OR __n__:value = 5 AND __s__:value = 'no'", false)]
    public void Condition_IsEvaluated(string text, bool expected)
    {
        var (condition, fault) = Beacon.Alerting.Playbooks.Conditions.ConditionParser.Parse(text);
        Assert.Null(fault);
        var values = new Dictionary<string, string> { ["__n__"] = "5", ["__s__"] = "it's", ["__ip__"] = "10.1.2.3", ["__net__"] = "10.1.0.0/16", ["__t__"] = "2026-03-02T09:00:00Z", ["__hex__"] = "c0ffee" };
        Assert.Equal(expected, condition!.Holds(values.GetValueOrDefault));
    }

    [Theory]
    [InlineData("integer", "10", "> 9", true)]
    [InlineData("string", "10", "> '9'", false)]
    [InlineData("float", "1.50", "= '1.5'", true)]
    [InlineData("bool", "True", "= 'true'", true)]
    [InlineData("string", "True", "= 'true'", false)]
    [InlineData("ipv6-addr", "2001:db8::1", "= '2001:DB8:0:0:0:0:0:1'", true)]
    [InlineData("ipv4-addr", "10.0.0.9", "< '10.0.0.10'", true)]
    [InlineData("sha256-hash", "ABCD", "= 'abcd'", true)]
    [InlineData("integer", "x", "> 1", false)]
    [InlineData("integer", "x", "!= 1", true)]
    public void Condition_ComparesByDeclaredType(string type, string value, string rest, bool expected) =>
        Assert.Equal(expected, Beacon.Alerting.Playbooks.Conditions.ConditionParser.Parse("__v__:value " + rest).Condition!.Holds(_ => value, _ => type));

    [Fact]
    public void Condition_Faulty_NamesThePlace() => Assert.Contains("FOLLOWEDBY at character 17", Beacon.Alerting.Playbooks.Conditions.ConditionParser.Parse("__n__:value = 1 FOLLOWEDBY __n__:value = 2").Fault?.ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("__n__:value")]
    [InlineData("__n__:value = ")]
    [InlineData("__n__:value = 'open")]
    [InlineData("(__n__:value = 1")]
    [InlineData("__n__:value MATCHES '('")]
    [InlineData("__n__:value MATCHES '(?=x)'")]
    [InlineData("[ipv4-addr:value = '1.2.3.4']")]
    [InlineData("__n__:value = 1 WITHIN 5 SECONDS")]
    [InlineData("__n__:value ISSUBSET 'x'")]
    [InlineData("((((((((((((((((((__n__:value = 1))))))))))))))))))")]
    public void Condition_Unsupported_IsRefused(string text) => Assert.NotNull(Beacon.Alerting.Playbooks.Conditions.ConditionParser.Parse(text).Fault);

    [Fact]
    public void Graph_OfTheShippedPlantPlaybook_IsConnectedAndLayered()
    {
        using var house = new TestHouse();
        foreach (var info in house.Library.All)
        {
            var graph = house.Library.Graph(info.Id)!;
            var layer = graph.Nodes.ToDictionary(n => n.StepId, n => n.Layer);
            Assert.All(graph.Edges, e => Assert.True(layer[e.From] < layer[e.To], $"{info.Name}: {e}"));
            Assert.Equal(graph.Nodes.Count, graph.Nodes.Select(n => (n.Layer, n.Row)).Distinct().Count());
            Assert.Equal(info.Steps, graph.Nodes.Count(n => n.Type is not ("start" or "end")));
            Assert.Equal(graph.Layers, graph.Nodes.Max(n => n.Layer) + 1);
            Assert.All(graph.Nodes.Where(n => n.Type is not ("start" or "end")), n => Assert.NotEqual("", n.Label));
            Assert.All(graph.Nodes.Where(n => n.Layer > 0), n => Assert.Contains(graph.Edges, e => e.To == n.StepId));
        }
    }
}
