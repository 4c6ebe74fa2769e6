using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Playbooks.Actions;
using Beacon.Alerting.Playbooks.Actions.HttpApi;
using Beacon.Alerting.Playbooks.Actions.Outgoing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using static Beacon.Alerting.Tests.Playbooks.PlaybookJson;

namespace Beacon.Alerting.Tests.Playbooks.Actions;

public sealed class HttpApiActionTests
{
    private readonly FakeTimeProvider _clock = new(TestHouse.Start);

    private async Task<ActionResult> RunAsync(
        FakeTarget target, string command = "POST /block/__ip__:value", Action<AlertingOptions>? options = null, JsonObject? extra = null, string[]? outputs = null, string ip = "203.0.113.47", bool allow = true, Action<PlaybookJson>? more = null)
    {
        var settings = new AlertingOptions();
        if (allow)
        {
            settings.AllowedHosts.Add($"127.0.0.1:{target.Port}");
            settings.AllowedPrivateHosts.Add("127.0.0.1");
        }
        options?.Invoke(settings);
        var book = new PlaybookJson().HttpTarget($"http://127.0.0.1:{target.Port}/api").Variable("__ip__", "string", ip).Variable("__rule__", "string").Variable("__http_status__", "string").Variable("__http_body__", "string")
            .Start(A("a")).Http("a", E(), command, s => { if (outputs is not null) s["out_args"] = new JsonArray([.. outputs.Select(o => (JsonNode)o)]); }, extra).End();
        more?.Invoke(book);
        var (playbook, faults) = Reading.Of(book);
        Assert.DoesNotContain(faults, f => f.Grade != FaultGrade.Told);
        using var http = Reading.Outgoing(settings, _clock);
        var action = new HttpApiAction(http);
        var step = playbook!.Steps[A("a")];
        return await action.RunAsync(new ActionCall(playbook, step, n => playbook.VariableOf(step, n)?.Value, "key-1", FixedSecrets.None), step.Commands[0], TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Run_Success_SendsTheFilledRequestUnderTheKeyAndTakesOutputs()
    {
        using var target = new FakeTarget("HTTP/1.1 201 Created\r\nContent-Length: 13\r\n\r\n{\"rule\": \"7\"}");
        var result = await RunAsync(target, outputs: ["__rule__", "__http_status__"], extra: new JsonObject
        {
            ["content"] = "{\"address\": \"__ip__:value\"}", ["headers"] = new JsonObject { ["X-Reason"] = new JsonArray("for __ip__:value") },
        });
        Assert.True(result.Succeeded, result.Said);
        Assert.Equal(("7", "201"), (result.Outputs["__rule__"], result.Outputs["__http_status__"]));
        Assert.StartsWith("POST /api/block/203.0.113.47 HTTP/1.1", target.Request, StringComparison.Ordinal);
        Assert.Contains("Idempotency-Key: key-1-0", target.Request, StringComparison.Ordinal);
        Assert.Contains("X-Reason: for 203.0.113.47", target.Request, StringComparison.Ordinal);
        Assert.EndsWith("{\"address\": \"203.0.113.47\"}", target.Request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_HostileValue_StaysWithinItsPlace()
    {
        using var target = new FakeTarget("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        var result = await RunAsync(target, ip: "1\"}/../../admin?x=1#\r\nX: y", extra: new JsonObject { ["content"] = "{\"address\": \"__ip__:value\"}" });
        Assert.True(result.Succeeded, result.Said);
        Assert.StartsWith("POST /api/block/1%22%7D%2F..%2F..%2Fadmin%3Fx%3D1%23%0D%0AX%3A%20y HTTP/1.1", target.Request, StringComparison.Ordinal);
        Assert.DoesNotContain("\nX: y", target.Request, StringComparison.Ordinal);
        Assert.Equal("1\"}/../../admin?x=1#\r\nX: y", JsonNode.Parse(target.Request[(target.Request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..])!["address"]!.GetValue<string>());
        Assert.Contains("control characters", (await RunAsync(target, ip: "a\r\nX: y", extra: new JsonObject { ["headers"] = new JsonObject { ["X-Reason"] = new JsonArray("__ip__:value") } })).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NoHostAllowed_IsRefusedWithTheSetting()
    {
        using var target = new FakeTarget("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        var result = await RunAsync(target, allow: false);
        Assert.False(result.Succeeded);
        Assert.Contains("Alerting:AllowedHosts", result.Said, StringComparison.Ordinal);
        Assert.Contains("not in Alerting:AllowedHosts", (await RunAsync(target, allow: false, options: o => o.AllowedHosts.Add("*.0.0.2"))).Said, StringComparison.Ordinal);
        Assert.Equal("", target.Request);
    }

    [Fact]
    public async Task Run_PrivateAddress_IsRefusedUnlessAllowed()
    {
        using var target = new FakeTarget("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        var result = await RunAsync(target, options: o => o.AllowedPrivateHosts.Clear());
        Assert.Contains("private addresses", result.Said, StringComparison.Ordinal);
        Assert.Equal("", target.Request);
    }

    [Theory]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n", "redirects are not followed")]
    [InlineData("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", "answered 503")]
    [InlineData("garbage\r\n\r\n", "failed")]
    public async Task Run_Unwelcome_Fails(string answer, string said)
    {
        using var target = new FakeTarget(answer);
        var result = await RunAsync(target);
        Assert.False(result.Succeeded);
        Assert.Contains(said, result.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TooLarge_FailsAtTheCeiling()
    {
        using var target = new FakeTarget("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + new string('x', 5_000));
        var result = await RunAsync(target, options: o => o.HttpResponseBytes = 1_024, outputs: ["__http_body__"]);
        Assert.False(result.Succeeded);
        Assert.Contains("1024 bytes", result.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NoAnswer_TimesOutByTheClock()
    {
        using var target = new FakeTarget(null);
        var run = RunAsync(target);
        await target.Asked;
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Contains("did not answer within 30 s", (await run).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Credentials_AreSentAndNeverSaid()
    {
        using var target = new FakeTarget("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n");
        var result = await RunAsync(target, command: "POST /x?token=abc", more: b =>
        {
            b.Root["authentication_info_definitions"] = new JsonObject { ["http-basic--55555555-5555-4555-8555-555555555555"] = new JsonObject { ["type"] = "http-basic", ["user_id"] = "u", ["password"] = "s3cret" } };
            b.Root["target_definitions"]!.AsObject().First().Value!["authentication_info"] = "http-basic--55555555-5555-4555-8555-555555555555";
        });
        Assert.Contains("Authorization: Basic " + Convert.ToBase64String("u:s3cret"u8), target.Request, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", result.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("abc", result.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("127.9.9.9", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:192.168.1.1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("169.254.169.254", true)]
    [InlineData("8.8.8.8", false)]
    [InlineData("2606:4700::1", false)]
    public void Private_Addresses(string address, bool expected) => Assert.Equal(expected, OutgoingHosts.IsPrivate(IPAddress.Parse(address)));

    /// <summary>Answers each connection with the same bytes, or never.</summary>
    private sealed class FakeTarget : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public FakeTarget(string? answer)
        {
            _listener.Start();
            _ = ServeAsync(answer);
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;
        public string Request { get; private set; } = "";
        public Task Asked => _asked.Task;

        public void Dispose()
        {
            _stop.Cancel();
            _listener.Dispose();
            _stop.Dispose();
        }

        private async Task ServeAsync(string? answer)
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                    var stream = client.GetStream();
                    var buffer = new byte[65_536];
                    var text = "";
                    do text += Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer, _stop.Token)); while (!Whole(text));
                    Request = text;
                    _asked.TrySetResult();
                    if (answer is null) await stream.ReadAtLeastAsync(buffer, 1, throwOnEndOfStream: false, _stop.Token);
                    else await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), _stop.Token);
                }
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
            {
                // The test is over, or its client left.
            }
        }

        private static bool Whole(string text)
        {
            var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head < 0) return text.Length == 0;
            var length = text.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
            return length < 0 || length > head || text.Length - head - 4 >= int.Parse(text.AsSpan(length + 16, text.IndexOf('\r', length) - length - 16), System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}
