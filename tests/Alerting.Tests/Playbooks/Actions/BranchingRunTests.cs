using System.Text.Json.Nodes;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Playbooks.Actions.Outgoing;
using Beacon.Alerting.Playbooks.Drills;
using Beacon.Alerting.Tests.Playbooks.Actions.Outgoing;
using static Beacon.Alerting.Tests.Playbooks.PlaybookJson;

namespace Beacon.Alerting.Tests.Playbooks.Actions;

/// <summary>An example of ours with every kind of branch, over HTTPS: what targets answer decides the path.</summary>
public sealed class BranchingRunTests
{
    private const string Host = "fw.example.org";

    /// <summary>Two questions side by side; a loop until the queue is empty; a branch by an address; a switch by a verdict.</summary>
    private static byte[] Book(int port) => new PlaybookJson().HttpTarget($"https://{Host}:{port}/v1")
        .Variable("__source__", "ipv4-addr").Variable("__left__", "integer", "1").Variable("__verdict__", "string").Variable("__ticket__", "string")
        .Start(P("p")).Parallel("p", While("w"), A("a"), A("b"))
        .Http("a", E("a"), "GET /source", Sets("__source__")).End("a").Http("b", E("b"), "GET /verdict", Sets("__verdict__")).End("b")
        .While("w", "__left__:value > 0", A("c"), I("i")).Http("c", E("c"), "GET /queue", Sets("__left__")).End("c")
        .If("i", "__source__:value ISSUBSET '10.0.0.0/8'", A("d"), A("f"), Switch("s")).Http("d", E("d"), "GET /inside/__source__:value").End("d").Http("f", E("f"), "GET /outside/__source__:value").End("f")
        .Switch("s", "__verdict__:value", E(), ("bad", A("g")), ("default", A("h")))
        .Http("g", E("g"), "POST /tickets", Sets("__ticket__"), new JsonObject { ["content"] = "{\"about\": \"__source__:value\"}" }).End("g").Http("h", E("h"), "GET /good").End("h").End().Bytes;

    private static Action<JsonObject> Sets(string name) => s => s["out_args"] = new JsonArray(name);

    [Theory]
    [InlineData("10.1.2.3", "bad", "a|b|c|d|g|i|p|s|w", "GET /v1/inside/10.1.2.3", "POST /v1/tickets")]
    [InlineData("203.0.113.4", "unsure", "a|b|c|f|h|i|p|s|w", "GET /v1/outside/203.0.113.4", "GET /v1/good")]
    public async Task Run_OfEveryBranch_GoesWhereTheAnswersLead(string source, string verdict, string path, string then, string last)
    {
        var left = 3;
        using var target = new HttpsTarget(r => HttpsTarget.Ok(
            r.Contains("/source ", StringComparison.Ordinal) ? $"{{\"source\": \"{source}\"}}" : r.Contains("/verdict ", StringComparison.Ordinal) ? $"{{\"verdict\": \"{verdict}\"}}"
            : r.Contains("/queue ", StringComparison.Ordinal) ? $"{{\"left\": {--left}}}" : "{\"ticket\": \"T-5\"}"));
        using var books = new CorpusRunTests.Books(Book(target.Port));
        using var house = books.House(TestHouse.Start, o =>
        {
            o.AllowedHosts.Add($"{Host}:{target.Port}");
            o.AllowedPrivateHosts.Add(Host);
            o.Outgoing.Certificates.Add(new HostCertificate { Host = Host, Sha256 = target.Sha256 });
        });
        Assert.Empty(house.Library.Refused.SelectMany(r => r.Faults.Select(f => $"{f.Path} {f.Message}")));
        var run = await CorpusRunTests.ToTheEndAsync(house, books.Id);
        Assert.Equal(RunStatus.Completed, run.Summary.Status);
        Assert.Equal(path, string.Join('|', Drill.PathOf(run).Order(StringComparer.Ordinal)));
        var lines = target.Requests.Select(r => r.Split(" HTTP", 2)[0]).ToList();
        Assert.Equal(["GET /v1/source", "GET /v1/verdict"], lines.Take(2).Order(StringComparer.Ordinal));
        Assert.Equal(["GET /v1/queue", "GET /v1/queue", "GET /v1/queue", then, last], lines.Skip(2));
        if (verdict != "bad") return;
        Assert.EndsWith("{\"about\": \"10.1.2.3\"}", target.Requests[^1], StringComparison.Ordinal);
        Assert.Equal("T-5", run.Variables.Single(v => v.Name == "__ticket__").Value);
    }
}
