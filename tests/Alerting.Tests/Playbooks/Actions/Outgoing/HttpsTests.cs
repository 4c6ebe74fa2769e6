using System.Net;
using System.Text.Json.Nodes;
using Beacon.Alerting.Playbooks.Actions;
using Beacon.Alerting.Playbooks.Actions.HttpApi;
using Beacon.Alerting.Playbooks.Actions.Outgoing;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Tests.Playbooks.Actions.Outgoing;

public sealed class HttpsTests : IDisposable
{
    private readonly HttpsTarget _target = new(_ => HttpsTarget.Ok("{}"));
    private readonly FixedResolver _resolver = new(IPAddress.Loopback);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-https-");

    public void Dispose()
    {
        _target.Dispose();
        _folder.Delete(true);
    }

    private async Task<ActionResult> RunAsync(Action<AlertingOptions> more, string method = "POST", IHostResolver? resolver = null)
    {
        var options = new AlertingOptions();
        options.AllowedHosts.Add("fw.example.org");
        options.AllowedPrivateHosts.Add("fw.example.org");
        more(options);
        using var http = Reading.Outgoing(options, TimeProvider.System, resolver ?? _resolver);
        var run = new ActionRun();
        run.Book.HttpTarget($"https://fw.example.org:{_target.Port}");
        return await run.Step(new JsonObject { ["type"] = "http-api", ["command"] = method + " /x HTTP/1.1" }, PlaybookJson.Target).RunAsync(new HttpApiAction(http));
    }

    private static void Pin(AlertingOptions options, string sha256) => options.Outgoing.Certificates.Add(new HostCertificate { Host = "FW.example.org", Sha256 = sha256 });

    [Fact]
    public async Task Call_UnknownCertificate_IsRefused()
    {
        Assert.False((await RunAsync(_ => { })).Succeeded);
        Assert.False((await RunAsync(o => Pin(o, new string('a', 64)))).Succeeded);
        Assert.Empty(_target.Requests);
    }

    [Fact]
    public async Task Call_PinnedCertificate_IsTaken()
    {
        var result = await RunAsync(o => Pin(o, _target.Sha256));
        Assert.True(result.Succeeded, result.Said);
        Assert.Single(_target.Requests);
    }

    [Fact]
    public async Task Call_CertificateOfAKnownAuthority_IsTaken()
    {
        var file = Path.Combine(_folder.FullName, "ca.pem");
        await File.WriteAllTextAsync(file, _target.Pem, TestContext.Current.CancellationToken);
        var result = await RunAsync(o => o.Outgoing.Certificates.Add(new HostCertificate { Host = "fw.example.org", AuthorityFile = file }));
        Assert.True(result.Succeeded, result.Said);
    }

    [Fact]
    public async Task Call_NameThatTurnsPrivateAfterTheCheck_IsAskedOnceAndNotFollowed()
    {
        var turning = new FixedResolver(IPAddress.Loopback, IPAddress.Parse("203.0.113.9"));
        Assert.True((await RunAsync(o => Pin(o, _target.Sha256), resolver: turning)).Succeeded);
        Assert.Equal(1, turning.Asked);
        var result = await RunAsync(o =>
        {
            Pin(o, _target.Sha256);
            o.AllowedPrivateHosts.Clear();
        });
        Assert.Contains("private addresses", result.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_MethodNotAllowed_IsRefusedWithWhatIs()
    {
        var result = await RunAsync(o =>
        {
            Pin(o, _target.Sha256);
            o.AllowedHosts[0] = "GET,HEAD fw.example.org";
        });
        Assert.Contains("GET,HEAD", result.Said, StringComparison.Ordinal);
        Assert.Empty(_target.Requests);
        Assert.True((await RunAsync(o =>
        {
            Pin(o, _target.Sha256);
            o.AllowedHosts[0] = $"GET fw.example.org:{_target.Port}";
        }, "GET")).Succeeded);
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData("fw", "12", "")]
    [InlineData("fw", "", "/nowhere.pem")]
    public void Options_FaultyCertificate_StopTheStart(string host, string sha256, string file) =>
        Assert.Contains("Alerting:Outgoing:Certificates:0", Assert.Throws<OptionsValidationException>(() => new TestHouse(o => o.Outgoing.Certificates.Add(new HostCertificate { Host = host, Sha256 = sha256, AuthorityFile = file }))).Message, StringComparison.Ordinal);
}
