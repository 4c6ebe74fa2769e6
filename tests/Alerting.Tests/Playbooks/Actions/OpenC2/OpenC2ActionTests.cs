using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Beacon.Alerting.Playbooks.Actions;
using Beacon.Alerting.Playbooks.Actions.OpenC2;
using Beacon.Alerting.Playbooks.Actions.Outgoing;
using Beacon.Alerting.Tests.Playbooks.Actions.Outgoing;

namespace Beacon.Alerting.Tests.Playbooks.Actions.OpenC2;

public sealed class OpenC2ActionTests
{
    private const string Deny = """{"action":"deny","target":{"ipv4_net":"__ip__:value"},"args":{"response_requested":"complete"}}""";

    private static ActionRun Command(string content, int port, string type = "openc2-http", string scheme = "https")
    {
        var run = new ActionRun().With("__ip__", "203.0.113.4");
        run.Book.HttpTarget($"{scheme}://fw.example.org:{port}");
        return run.Step(new JsonObject { ["type"] = type, ["command"] = "POST /.well-known/openc2 HTTP/1.1", ["content_b64"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(content)) }, PlaybookJson.Target, "__openc2_status__", "__rule__");
    }

    private static async Task<(ActionResult Result, List<string> Requests)> RunAsync(string answer, string content = Deny, string type = "openc2-http", string? ip = null, string scheme = "https")
    {
        using var target = new HttpsTarget(_ => answer);
        var options = new AlertingOptions();
        options.AllowedHosts.Add("POST fw.example.org");
        options.AllowedPrivateHosts.Add("fw.example.org");
        options.Outgoing.Certificates.Add(new HostCertificate { Host = "fw.example.org", Sha256 = target.Sha256 });
        using var http = Reading.Outgoing(options, TimeProvider.System, new FixedResolver(IPAddress.Loopback));
        var run = Command(content, target.Port, type, scheme);
        if (ip is not null) run.Values["__ip__"] = ip;
        return (await run.RunAsync(new OpenC2Action(http, TimeProvider.System)), target.Requests);
    }

    [Theory]
    [InlineData("openc2-http")]
    [InlineData("openc2")]
    public async Task Run_Success_SpeaksTheTransferAndTakesResults(string type)
    {
        var (result, requests) = await RunAsync(HttpsTarget.Ok("""{"body":{"openc2":{"response":{"status":200,"results":{"rule":"7"}}}}}"""), type: type);
        Assert.True(result.Succeeded, result.Said);
        Assert.Equal(("200", "7"), (result.Outputs["__openc2_status__"], result.Outputs["__rule__"]));
        var request = Assert.Single(requests);
        Assert.StartsWith("POST /.well-known/openc2 HTTP/1.1", request, StringComparison.Ordinal);
        foreach (var header in new[] { "Content-Type: application/openc2+json;version=1.0", "Accept: application/openc2+json;version=1.0", "X-Request-ID: key-1-0", "Date: " }) Assert.Contains(header, request.Replace("; ", ";", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.EndsWith(Deny.Replace("__ip__:value", "203.0.113.4", StringComparison.Ordinal), request, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"status":201}""", "complete", true, "OpenC2 status 201")]
    [InlineData("""{"status":102}""", "ack", true, "OpenC2 status 102")]
    [InlineData("""{"status":102}""", "complete", false, "OpenC2 status 102")]
    [InlineData("""{"status":501,"status_text":"no such target"}""", "complete", false, "501: no such target")]
    [InlineData("""{"status":"200"}""", "complete", false, "without an OpenC2 response")]
    [InlineData("hello", "complete", false, "without an OpenC2 response")]
    [InlineData("hello", "none", true, "answered 200")]
    public async Task Run_Status_Decides(string body, string wanted, bool succeeded, string said)
    {
        var (result, _) = await RunAsync(HttpsTarget.Ok(body), Deny.Replace("complete", wanted, StringComparison.Ordinal));
        Assert.Equal(succeeded, result.Succeeded);
        Assert.Contains(said, result.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_HttpError_Fails() => Assert.Contains("answered 503", (await RunAsync("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")).Result.Said, StringComparison.Ordinal);

    [Fact]
    public async Task Run_HostileValue_StaysAString()
    {
        var (_, requests) = await RunAsync(HttpsTarget.Ok("""{"status":200}"""), ip: "\"},\"action\":\"allow\n");
        var body = requests[0][(requests[0].IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        Assert.Equal("\"},\"action\":\"allow\n", JsonNode.Parse(body)!["target"]!["ipv4_net"]!.GetValue<string>());
        Assert.Equal("deny", JsonNode.Parse(body)!["action"]!.GetValue<string>());
    }

    [Fact]
    public async Task Run_PlainHttp_IsRefused()
    {
        var (result, requests) = await RunAsync(HttpsTarget.Ok("{}"), scheme: "http");
        Assert.Contains("https only", result.Said, StringComparison.Ordinal);
        Assert.Empty(requests);
    }

    [Theory]
    [InlineData("query", false)]
    [InlineData("scan", false)]
    [InlineData("locate", false)]
    [InlineData("deny", true)]
    [InlineData("investigate", true)]
    public void Changes_AllButReads(string verb, bool changes)
    {
        using var http = Reading.Outgoing(new AlertingOptions());
        var action = new OpenC2Action(http, TimeProvider.System);
        var step = Command(Deny.Replace("deny", verb, StringComparison.Ordinal), 443).Call(action).Step;
        Assert.Equal((changes, !changes), (action.ChangesTarget(step, step.Commands[0]), action.IsRepeatable(step, step.Commands[0])));
    }

    [Theory]
    [InlineData("[]", "JSON object")]
    [InlineData("""{"action":"dance","target":{"file":{}}}""", "'dance'")]
    [InlineData("""{"action":"deny","target":{}}""", "target")]
    [InlineData("""{"headers":{},"body":{}}""", "body.openc2.request")]
    [InlineData("""{"action":"query","action":"deny","target":{"file":{}}}""", "JSON object")]
    public void Check_NoOpenC2Command_IsRefused(string content, string why)
    {
        using var http = Reading.Outgoing(new AlertingOptions());
        Assert.Contains(Command(content, 443).Read(new OpenC2Action(http, TimeProvider.System)).Faults, f => f.Code == "CACAO-210" && f.Message.ToString().Contains(why, StringComparison.Ordinal));
    }
}
