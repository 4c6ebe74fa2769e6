using System.Net;
using System.Text.Json.Nodes;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Playbooks.Actions;
using Beacon.Alerting.Playbooks.Actions.HttpApi;
using Beacon.Alerting.Playbooks.Actions.Outgoing;
using Beacon.Alerting.Tests.Playbooks.Actions.Outgoing;
using Beacon.Alerting.Tests.Playbooks.Actions.Ssh;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Playbooks.Actions;

/// <summary>The automatic steps of the library, parts and situations, against fake targets.</summary>
public sealed class PartsTests(Sshd server) : IClassFixture<Sshd>
{
    private static readonly Dictionary<string, string> Values = new()
    {
        ["__attacker_address__"] = "203.0.113.4", ["__affected_account__"] = "o'hara; reboot", ["__affected_host__"] = "web-7", ["__incident_number__"] = "I-2026-0001", ["__incident_title__"] = "A \"quoted\" title",
    };

    /// <param name="part">The playbook, and after a colon the step where it has several.</param>
    private static async Task<ActionResult> RunAsync(string part, IPlaybookAction action, string value, params (string Name, string Value)[] more)
    {
        var secrets = new AnySecret(value);
        var json = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "playbooks", part.Split(':')[0] + ".json"), TestContext.Current.CancellationToken);
        var (playbook, faults) = PlaybookReader.Read(json, TestHouse.Start, new PlaybookActions([action, new Unused(action.CommandTypes.Contains("ssh") ? "http-api" : "ssh")]), secrets);
        Assert.Empty(faults.Select(f => $"{f.Path} {f.Message}"));
        var values = new Dictionary<string, string>(Values);
        foreach (var (name, text) in more) values[name] = text;
        var step = playbook!.Steps.Values.Single(s => part.Contains(':') ? s.Name == part.Split(':')[1] : s.Type == StepTypes.Action);
        return await new StepRunner(new PlaybookActions([action]), TimeProvider.System).RunAsync(new ActionCall(playbook, step, values.GetValueOrDefault, "key-1", secrets), TestContext.Current.CancellationToken);
    }

    private sealed class AnySecret(string value) : IPlaybookSecrets
    {
        public Phrase? Refusal(AuthenticationInfo authentication) => null;
        public ValueTask<(PlaybookSecret? Secret, Phrase? Fault)> ResolveAsync(AuthenticationInfo authentication, CancellationToken cancellation) => new VaultSecrets(new FixedSecrets((authentication.KeyIdentifier["secret:".Length..], value))).ResolveAsync(authentication, cancellation);
    }

    [Theory]
    [InlineData("part-block-address-firewall", "POST /v1/blocked-addresses ", "address", "203.0.113.4")]
    [InlineData("part-isolate-host", "POST /v1/isolations ", "host", "web-7")]
    [InlineData("part-open-ticket", "POST /v1/tickets ", "title", "A \"quoted\" title")]
    [InlineData("brute-force:Block the address", "POST /v1/api/v1/blocks ", "address", "203.0.113.4")]
    [InlineData("brute-force:Disable the account", "POST /v1/api/v1/accounts/o%27hara%3B%20reboot/disable ", "reason", "I-2026-0001")]
    [InlineData("ransomware:Isolate the machine", "POST /v1/api/v1/hosts/web-7/isolate ", "reason", "I-2026-0001")]
    [InlineData("supply-chain:Open a ticket", "POST /v1/api/v1/tickets ", "", "")]
    public async Task Http_Part_AsksItsTarget(string part, string line, string member, string value)
    {
        using var target = new HttpsTarget(_ => HttpsTarget.Ok("{\"id\": \"T-5\"}"));
        var options = new AlertingOptions();
        options.AllowedHosts.Add("POST fw.example.org");
        options.AllowedPrivateHosts.Add("fw.example.org");
        options.Outgoing.Certificates.Add(new HostCertificate { Host = "fw.example.org", Sha256 = target.Sha256 });
        using var http = Reading.Outgoing(options, TimeProvider.System, new FixedResolver(IPAddress.Loopback));
        var result = await RunAsync(part, new HttpApiAction(http), "Bearer hunter2", [.. new[] { "target", "firewall", "directory", "endpoint", "ticket" }.Select(n => ($"__{n}_url__", $"https://fw.example.org:{target.Port}/v1"))]);
        Assert.True(result.Succeeded, result.Said);
        var request = Assert.Single(target.Requests);
        Assert.StartsWith(line, request, StringComparison.Ordinal);
        Assert.Contains("Authorization: Bearer hunter2", request, StringComparison.Ordinal);
        if (member.Length == 0) Assert.Contains("I-2026-0001", request, StringComparison.Ordinal);
        else Assert.Equal(value, JsonNode.Parse(request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..])![member]!.GetValue<string>());
        if (part == "part-open-ticket") Assert.Equal("T-5", result.Outputs["__id__"]);
    }

    [Theory]
    [InlineData("part-block-address-nftables", "nft|add|element|inet|beacon|blocked|{|203.0.113.4|timeout|24h|}|")]
    [InlineData("part-disable-account", "usermod|--lock|--expiredate|1|--|o'hara; reboot|\nloginctl|terminate-user|--|o'hara; reboot|")]
    [InlineData("web-shell:Block the address on the gateway", "nft|add|element|inet|beacon|blocked|{|203.0.113.4|timeout|24h|}|")]
    public async Task Ssh_Part_RunsItsPrograms(string part, string called)
    {
        server.MustRun();
        var log = server.FakePrograms("nft", "usermod", "loginctl");
        var options = new AlertingOptions();
        options.Ssh.AllowedHosts.Add($"127.0.0.1:{server.Port}");
        options.Ssh.HostKeys.Add($"127.0.0.1:{server.Port} {server.Fingerprint}");
        options.AllowedPrivateHosts.Add("127.0.0.1");
        // The parts speak to port 22: the test's server stands in for it.
        var result = await RunAsync(part, new OtherPort(Reading.Ssh(options, TimeProvider.System), server.Port), Environment.UserName + ":" + server.PrivateKey, ("__target_host__", "127.0.0.1"), ("__gateway_host__", "127.0.0.1"));
        Assert.True(result.Succeeded, result.Said);
        Assert.Equal(called, (await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken)).Trim());
    }

    private sealed class OtherPort(IPlaybookAction inner, int port) : IPlaybookAction
    {
        public IReadOnlyList<string> CommandTypes => inner.CommandTypes;
        public TimeSpan TimeLimit => inner.TimeLimit;
        public void Check(Playbook playbook, PlaybookStep step, PlaybookCommand command, string path, PlaybookFaults faults) => inner.Check(playbook, step, command, path, faults);
        public bool IsRepeatable(PlaybookStep step, PlaybookCommand command) => inner.IsRepeatable(step, command);
        public bool ChangesTarget(PlaybookStep step, PlaybookCommand command) => inner.ChangesTarget(step, command);
        public IReadOnlyList<string> Describe(ActionCall call, PlaybookCommand command) => inner.Describe(call, command);

        public Task<ActionResult> RunAsync(ActionCall call, PlaybookCommand command, CancellationToken cancellation) => inner.RunAsync(
            call with { Playbook = call.Playbook with { Agents = call.Playbook.Agents.ToDictionary(a => a.Key, a => a.Value with { Port = port.ToString(System.Globalization.CultureInfo.InvariantCulture) }) } }, command, cancellation);
    }

    /// <summary>Stands for the playbook's steps that the test does not run.</summary>
    private sealed class Unused(string type) : IPlaybookAction
    {
        public IReadOnlyList<string> CommandTypes => [type];
        public TimeSpan TimeLimit => TimeSpan.FromSeconds(1);
        public void Check(Playbook playbook, PlaybookStep step, PlaybookCommand command, string path, PlaybookFaults faults) { }
        public bool IsRepeatable(PlaybookStep step, PlaybookCommand command) => false;
        public bool ChangesTarget(PlaybookStep step, PlaybookCommand command) => true;
        public IReadOnlyList<string> Describe(ActionCall call, PlaybookCommand command) => [];
        public Task<ActionResult> RunAsync(ActionCall call, PlaybookCommand command, CancellationToken cancellation) => throw new InvalidOperationException($"{type} is not what the test runs");
    }
}
