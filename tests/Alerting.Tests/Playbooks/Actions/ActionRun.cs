using System.Text.Json.Nodes;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Playbooks.Actions;
using static Beacon.Alerting.Tests.Playbooks.PlaybookJson;

namespace Beacon.Alerting.Tests.Playbooks.Actions;

/// <summary>Runs one command of a one-step playbook by an action and the house's runner.</summary>
internal sealed class ActionRun
{
    public const string UserAuth = "user-auth--77777777-7777-4777-8777-777777777777";
    public const string SshTarget = "ssh--66666666-6666-4666-8666-666666666666";

    public PlaybookJson Book { get; } = new();
    public Dictionary<string, string> Values { get; } = [];
    public (string Name, string Value)[] Secrets { get; set; } = [];

    public ActionRun Ssh(string host, int port, string command, string? target = null)
    {
        Book.Root["authentication_info_definitions"] = new JsonObject { [UserAuth] = new JsonObject { ["type"] = "user-auth", ["username"] = Environment.UserName, ["kms"] = true, ["kms_key_identifier"] = "secret:ssh" } };
        Book.Root["target_definitions"] = new JsonObject { [SshTarget] = new JsonObject { ["type"] = "ssh", ["name"] = "machine", ["address"] = new JsonObject { [char.IsDigit(host[0]) ? "ipv4" : "dname"] = new JsonArray(host) }, ["port"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture), ["authentication_info"] = UserAuth } };
        return Step(new JsonObject { ["type"] = "ssh", ["command"] = command }, target ?? SshTarget);
    }

    public ActionRun Step(JsonObject command, string? target = null, params string[] outputs)
    {
        Book.Start(A("a")).Manual("a", E(), "", s =>
        {
            s["commands"] = new JsonArray(command);
            if (target is not null) s["targets"] = new JsonArray(target);
            if (outputs.Length > 0) s["out_args"] = new JsonArray([.. outputs.Select(o => (JsonNode)o)]);
        }).End();
        foreach (var output in outputs) Book.Variable(output, "string");
        return this;
    }

    public ActionRun Outputs(params string[] outputs)
    {
        Book.Workflow[A("a")]!["out_args"] = new JsonArray([.. outputs.Select(o => (JsonNode)o)]);
        foreach (var output in outputs) Book.Variable(output, "string");
        return this;
    }

    public ActionRun With(string name, string value, bool constant = false)
    {
        Book.Variable(name, "string", constant ? value : null, constant);
        Values[name] = value;
        return this;
    }

    public (Playbook? Playbook, IReadOnlyList<PlaybookFault> Faults) Read(IPlaybookAction action) => PlaybookReader.Read(Book.Bytes, TestHouse.Start, new PlaybookActions([action]), new VaultSecrets(new FixedSecrets(Secrets)));

    public ActionCall Call(IPlaybookAction action)
    {
        var (playbook, faults) = Read(action);
        Assert.Empty(faults.Where(f => f.Grade != FaultGrade.Told).Select(f => $"{f.Code} {f.Path} {f.Message}"));
        return new ActionCall(playbook!, playbook!.Steps[A("a")], n => Values.GetValueOrDefault(n), "key-1", new VaultSecrets(new FixedSecrets(Secrets)));
    }

    public Task<ActionResult> RunAsync(IPlaybookAction action, TimeProvider? time = null) => new StepRunner(new PlaybookActions([action]), time ?? TimeProvider.System).RunAsync(Call(action), TestContext.Current.CancellationToken);
}
