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
        Assert.All(house.Library.All, p => Assert.NotEmpty(p.Techniques));
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
        { "while", "CACAO-201", $"$.workflow.{Id("while-condition", "w")}.type" },
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
        { "header", "CACAO-206", $"$.workflow.{A("a")}.commands[0].headers.Host" },
        { "commands", "CACAO-101", $"$.workflow.{A("a")}.commands" },
        { "delay", "CACAO-101", $"$.workflow.{A("a")}.delay" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Check_Broken_NamesCodeAndPath(string fault, string code, string path) =>
        Assert.Contains((code, path), Check(Break(fault).Bytes).Select(f => (f.Code, f.Path)));

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
            case "while": a["on_completion"] = Id("while-condition", "w"); p.Add("while-condition", "w", s => { s["condition"] = "x"; s["on_true"] = E("t"); s["on_completion"] = E(); }).End("t"); break;
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
        Assert.Equal("CACAO-100", Assert.Single(Check("{\"type\":\"playbook\",\"type\":\"x\"}"u8.ToArray())).Code);
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
    [InlineData("__n__:value = 4 OR __n__:value = 5 AND __s__:value = 'no'", false)]
    public void Condition_IsEvaluated(string text, bool expected)
    {
        var (condition, fault) = Beacon.Alerting.Playbooks.Conditions.ConditionParser.Parse(text);
        Assert.Null(fault);
        var values = new Dictionary<string, string> { ["__n__"] = "5", ["__s__"] = "it's", ["__ip__"] = "10.1.2.3" };
        Assert.Equal(expected, condition!.Holds(values.GetValueOrDefault));
    }

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
