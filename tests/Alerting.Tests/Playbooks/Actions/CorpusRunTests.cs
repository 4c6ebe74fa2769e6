using System.Net;
using System.Text.Json.Nodes;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Playbooks.Actions;
using Beacon.Alerting.Playbooks.Actions.OpenC2;
using Beacon.Alerting.Playbooks.Actions.Outgoing;
using Beacon.Alerting.Tests.Playbooks.Actions.Outgoing;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Tests.Playbooks.Actions;

/// <summary>Published examples whose commands are run here, against fake targets at the addresses that they name.</summary>
public sealed class CorpusRunTests
{
    [Theory]
    [InlineData("openc2-playbook.json", "POST /post ")]
    [InlineData("http-playbook.json", null)]
    public async Task Example_AgainstAFakeTarget_EachStepSucceeds(string file, string? line)
    {
        using var target = new HttpsTarget(_ => HttpsTarget.Ok("{\"status\": 102}"));
        var options = new AlertingOptions();
        using var http = new OutgoingHttp(new OutgoingHosts(Options.Create(options), new FixedResolver(IPAddress.Loopback)), new HostTrust(Options.Create(options)), Options.Create(options), TimeProvider.System);
        var actions = new PlaybookActions([new Beacon.Alerting.Playbooks.Actions.HttpApi.HttpApiAction(http), new OpenC2Action(http, TimeProvider.System)]);
        var root = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(CacaoCorpusTests.Corpus(), "examples", file), TestContext.Current.CancellationToken))!;
        // Only where the example's hosts are is changed: this machine and the fake's port.
        foreach (var (_, definition) in root["target_definitions"]!.AsObject())
        {
            definition!["address"] = new JsonObject { ["url"] = new JsonArray($"https://fake.example.org:{target.Port}") };
            definition.AsObject().Remove("authentication_info");
        }
        options.AllowedHosts.Add("fake.example.org");
        options.AllowedPrivateHosts.Add("fake.example.org");
        options.Outgoing.Certificates.Add(new HostCertificate { Host = "fake.example.org", Sha256 = target.Sha256 });
        var (playbook, faults) = PlaybookReader.Read(System.Text.Encoding.UTF8.GetBytes(root.ToJsonString()), TestHouse.Start, actions, FixedSecrets.None);
        Assert.Empty(faults.Where(f => f.Grade != FaultGrade.Told).Select(f => $"{f.Path} {f.Message}"));
        foreach (var step in playbook!.Steps.Values.Where(s => s.IsAutomatic))
        {
            var result = await new StepRunner(actions, TimeProvider.System).RunAsync(new ActionCall(playbook, step, n => playbook.VariableOf(step, n)?.Value, "k", FixedSecrets.None), TestContext.Current.CancellationToken);
            Assert.True(result.Succeeded, result.Said);
        }
        Assert.NotEmpty(target.Requests);
        if (line is not null) Assert.StartsWith(line, target.Requests[0], StringComparison.Ordinal);
    }
}
