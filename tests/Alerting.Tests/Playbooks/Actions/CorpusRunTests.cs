using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Playbooks.Actions.Outgoing;
using Beacon.Alerting.Playbooks.Drills;
using Beacon.Alerting.Secrets;
using Beacon.Alerting.Tests.Playbooks.Actions.Outgoing;
using Beacon.Alerting.Tests.Playbooks.Actions.Ssh;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Alerting.Tests.Playbooks.Actions;

/// <summary>Every published example either runs through the engine to its end, against targets of this machine, or is refused before it starts for the reason that stands here.</summary>
public sealed class CorpusRunTests(Sshd server) : IClassFixture<Sshd>
{
    private static readonly Actor Ann = new("ann", [RoleNames.Responder]);
    private static readonly Actor Bob = new("bob", [RoleNames.Responder]);

    /// <summary>Examples that run: the instant, and the steps along the path.</summary>
    private static readonly Dictionary<string, (DateTimeOffset At, string[] Path)> Run = new()
    {
        ["http-playbook.json"] = (TestHouse.Start, ["get"]),
        ["manual-playbook.json"] = (TestHouse.Start, ["manual"]),
        ["oasis-spec-3.1-example.json"] = (new DateTimeOffset(2023, 6, 1, 0, 0, 0, TimeSpan.Zero), ["IP Lookup"]),
        ["openc2-playbook.json"] = (TestHouse.Start, ["openc2"]),
        ["ssh-playbook.json"] = (TestHouse.Start, ["Execute command", "Touch file"]),
    };

    /// <summary>Examples that don't: a fault among those found, by code, path and a word of its reason.</summary>
    private static readonly Dictionary<string, (string Code, string Path, string Why)> Refused = new()
    {
        // An agent whose id is none.
        ["fin-playbook.json"] = ("CACAO-102", "$.agent_definitions.soarca-fin-pong-f896bb3b-bb37-429e-8ece-2d4286cf326d", ""),
        // A switch without an address or credentials.
        ["oasis-basic-example-1.json"] = ("CACAO-209", "$.target_definitions.security-category--3c1daf98-7e22-4e0c-bb8c-6bd78159ca5d.address", "dname"),
        // No script runs until it is allowed; and this one wants to run elsewhere.
        ["powershell-playbook.json"] = ("CACAO-202", "$.workflow.action--010b0420-db3e-4810-ba75-08a10f473214.commands[0].type", "Alerting:Scripts:PowerShell"),
        // Hosts written without ':value', which no variable fills in.
        ["soarca-test-parallels.json"] = ("CACAO-212", "$.workflow.action--9fcc5c3b-0b70-4d73-b922-cf5491dcd1a4.commands[0].command", "__bia_address__"),
        ["soarca-test-playbook.json"] = ("CACAO-212", "$.workflow.action--a76dbc32-b739-427b-ae13-4ec703d5797e.commands[0].command", "__imc_address__"),
    };

    public static TheoryData<string> Running => [.. Run.Keys];
    public static TheoryData<string> NotRunning => [.. Refused.Keys];

    private static string File(string name) => Path.Combine(CacaoCorpusTests.Corpus(), "examples", name);

    [Fact]
    public void Examples_AreAllSpokenOf() =>
        Assert.Equal(Directory.EnumerateFiles(Path.Combine(CacaoCorpusTests.Corpus(), "examples"), "*.json").Select(Path.GetFileName).Order(StringComparer.Ordinal), Run.Keys.Concat(Refused.Keys).Order(StringComparer.Ordinal)!);

    [Theory, MemberData(nameof(NotRunning))]
    public async Task Example_ThatCannotRun_IsRefusedBeforeItStarts(string name)
    {
        using var books = new Books(await System.IO.File.ReadAllBytesAsync(File(name), TestContext.Current.CancellationToken));
        using var house = books.House(TestHouse.Start);
        var (code, path, why) = Refused[name];
        var refused = Assert.Single(house.Library.Refused);
        Assert.Contains(refused.Faults, f => f.Code == code && f.Path == path && f.Message.ToString().Contains(why, StringComparison.Ordinal));
        Assert.False((await house.Engine.StartAsync(new RunRequest(books.Id, await IncidentAsync(house)), Ann)).Done);
        Assert.Empty(await house.Engine.ListAsync());
    }

    [Theory, MemberData(nameof(Running))]
    public async Task Example_AgainstFakeTargets_TakesItsPathToTheEnd(string name)
    {
        using var target = new HttpsTarget(_ => HttpsTarget.Ok("{\"status\": 102}"));
        var touched = Path.Combine(server.Folder, "file1");
        using var books = new Books(Moved(await System.IO.File.ReadAllBytesAsync(File(name), TestContext.Current.CancellationToken), target.Port, touched));
        if (name.StartsWith("ssh", StringComparison.Ordinal)) server.MustRun();
        using var house = books.House(Run[name].At, o =>
        {
            o.AllowedHosts.Add($"httpbin.org:{target.Port}");
            o.Outgoing.Certificates.Add(new HostCertificate { Host = "httpbin.org", Sha256 = target.Sha256 });
            o.Ssh.AllowedHosts.Add($"127.0.0.1:{server.Port}");
            if (server.Fingerprint.Length > 0) o.Ssh.HostKeys.Add($"127.0.0.1:{server.Port} {server.Fingerprint}");
            foreach (var host in new[] { "httpbin.org", "127.0.0.1" }) o.AllowedPrivateHosts.Add(host);
        });
        Assert.Empty(house.Library.Refused.SelectMany(r => r.Faults.Select(f => $"{f.Path} {f.Message}")));
        if (server.PrivateKey.Length > 0) Assert.True((await house.Get<ISecretVault>().PutAsync("machine", server.PrivateKey, "", 0, new Actor("root", [RoleNames.Administrator]), TestContext.Current.CancellationToken)).Done);
        var run = await ToTheEndAsync(house, books.Id);
        Assert.Equal(RunStatus.Completed, run.Summary.Status);
        Assert.Equal(Run[name].Path, Drill.PathOf(run));
        Assert.All(run.Steps, s => Assert.Equal(StepStatus.Succeeded, s.Summary.Status));
        if (name.StartsWith("http", StringComparison.Ordinal)) Assert.StartsWith("GET /get ", Assert.Single(target.Requests), StringComparison.Ordinal);
        if (name.StartsWith("openc2", StringComparison.Ordinal)) Assert.StartsWith("POST /post ", Assert.Single(target.Requests), StringComparison.Ordinal);
        if (name.StartsWith("ssh", StringComparison.Ordinal)) Assert.True(System.IO.File.Exists(touched));
    }

    /// <summary>Only where the example's machines are is changed, and that its credentials stand in the vault.</summary>
    private byte[] Moved(byte[] json, int https, string touched)
    {
        var root = JsonNode.Parse(json)!;
        foreach (var (_, definition) in root["target_definitions"]?.AsObject() ?? [])
        {
            if (definition!["type"]!.GetValue<string>() == "http-api") definition["port"] = https.ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (definition["type"]!.GetValue<string>() != "ssh") continue;
            definition["address"]!["ipv4"] = new JsonArray("127.0.0.1");
            definition["port"] = server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var login = root["authentication_info_definitions"]![definition["authentication_info"]!.GetValue<string>()]!.AsObject();
            login.Remove("password");
            (login["username"], login["kms"], login["kms_key_identifier"]) = (Environment.UserName, true, "secret:machine");
        }
        return Encoding.UTF8.GetBytes(root.ToJsonString().Replace("/root/file1", touched, StringComparison.Ordinal));
    }

    private static async Task<long> IncidentAsync(TestHouse house)
    {
        await house.TakeAsync(Detections.Of());
        return (await house.Incidents.ListAsync(new IncidentQuery())).Items[0].Id;
    }

    /// <summary>One person starts it and does what is manual, another approves.</summary>
    internal static async Task<RunDetail> ToTheEndAsync(TestHouse house, string playbook)
    {
        var started = await house.Engine.StartAsync(new RunRequest(playbook, await IncidentAsync(house)), Ann);
        Assert.True(started.Done, started.Refusal?.Message.ToString());
        for (var turn = 0; turn < 50; turn++)
        {
            await house.Engine.PumpAsync(TestContext.Current.CancellationToken);
            var run = (await house.Engine.FindAsync(started.Value.Id))!;
            if (run.Steps.FirstOrDefault(s => s.Summary.Status is StepStatus.WaitingForApproval or StepStatus.WaitingForPerson) is not { } step) return run;
            var outcome = step.Summary.Status == StepStatus.WaitingForApproval ? await house.Engine.ApproveAsync(run.Summary.Id, step.Summary.StepId, run.Summary.Version, Bob)
                : await house.Engine.CompleteAsync(run.Summary.Id, step.Summary.StepId, run.Summary.Version, StepResult.Done, "done", Ann);
            Assert.True(outcome.Done, outcome.Refusal?.Message.ToString());
        }
        throw new InvalidOperationException("the run does not end");
    }

    /// <summary>One playbook in a folder of its own.</summary>
    internal sealed class Books : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-corpus-");

        public Books(byte[] json)
        {
            System.IO.File.WriteAllBytes(Path.Combine(_folder.FullName, "example.json"), json);
            Id = JsonNode.Parse(json)!["id"]!.GetValue<string>();
        }

        public string Id { get; }

        public TestHouse House(DateTimeOffset now, Action<AlertingOptions>? configure = null) => new(o =>
        {
            o.PlaybookDirectories.Clear();
            o.PlaybookDirectories.Add(_folder.FullName);
            o.Secrets.KeyFile = Path.Combine(_folder.FullName, "secrets.key");
            configure?.Invoke(o);
        }, clock: new FakeTimeProvider(now), replace: s => s.AddSingleton<IHostResolver>(new FixedResolver(IPAddress.Loopback)));

        public void Dispose() => _folder.Delete(true);
    }
}
