using System.Globalization;
using Beacon.Alerting.Playbooks.Actions.Outgoing;
using Beacon.Alerting.Playbooks.Actions.Shell;
using Beacon.Events;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Playbooks.Actions.Ssh;

/// <summary>Runs commands over ssh (CACAO 2.0, section 5, "ssh"): allowed machines with known keys only, no agent, no forwarding, no terminal.</summary>
internal sealed class SshAction(OutgoingHosts hosts, KnownHosts known, IOptions<AlertingOptions> options, TimeProvider time) : IPlaybookAction
{
    public IReadOnlyList<string> CommandTypes { get; } = ["ssh"];
    public TimeSpan TimeLimit => options.Value.Ssh.TimeLimit;

    public void Check(Playbook playbook, PlaybookStep step, PlaybookCommand command, string path, PlaybookFaults faults)
    {
        if (ShellText.Fault(command.Text) is { } fault) faults.Add(PlaybookFaults.ShellCommand, path + ".command", fault);
        if (step.Targets.Count == 0) faults.Add(PlaybookFaults.TargetNotRun, path + ".command", "ssh commands want a target");
        foreach (var target in step.Targets.Select(t => playbook.Agents.GetValueOrDefault(t)).OfType<AgentTarget>())
        {
            if (!target.Addresses.Keys.Any(k => k is "dname" or "ipv4" or "ipv6")) faults.Add(PlaybookFaults.TargetNotRun, target.Path + ".address", "ssh commands want a target with dname, ipv4 or ipv6");
            if (target.Authentication is null) faults.Add(PlaybookFaults.AuthenticationNotRun, target.Path + ".authentication_info", "ssh commands want credentials (user-auth)");
            else if (playbook.Authentications.TryGetValue(target.Authentication, out var authentication) && authentication.Type != "user-auth")
                faults.Add(PlaybookFaults.AuthenticationNotRun, PlaybookFaults.Path("$.authentication_info_definitions", authentication.Id) + ".type", $"'{Text.Cut(authentication.Type, 50)}' is not used by ssh commands; user-auth is");
        }
    }

    // What a command does over there nobody knows from its text.
    public bool IsRepeatable(PlaybookStep step, PlaybookCommand command) => false;
    public bool ChangesTarget(PlaybookStep step, PlaybookCommand command) => true;

    public IReadOnlyList<string> Describe(ActionCall call, PlaybookCommand command)
    {
        var (text, fault) = ShellText.Fill(call.Playbook, call.Step, command.Text, call.Variable);
        var shown = call.Mask(text ?? $"{command.Text} ({fault})");
        return [.. call.Targets.Select(t => SshTarget.Of(t, call.Variable) is { Host: { } host, Port: var port } ? $"ssh {host}:{port}: {shown}" : $"ssh {t.Name}: {shown} (its address cannot be read)")];
    }

    public async Task<ActionResult> RunAsync(ActionCall call, PlaybookCommand command, CancellationToken cancellation)
    {
        var (text, fault) = ShellText.Fill(call.Playbook, call.Step, command.Text, call.Variable);
        if (text is null) return ActionResult.Failure(fault!);
        if (call.Targets.Count == 0) return ActionResult.Failure("the step has no target");
        var said = new List<string>();
        var outputs = new Dictionary<string, string>();
        foreach (var target in call.Targets)
        {
            var result = await AtAsync(call, target, text, outputs, cancellation).ConfigureAwait(false);
            said.Add(result.Said);
            if (!result.Succeeded) return new ActionResult(false, string.Join("; ", said), outputs);
        }
        return new ActionResult(true, string.Join("; ", said), outputs);
    }

    private async Task<ActionResult> AtAsync(ActionCall call, AgentTarget target, string text, Dictionary<string, string> outputs, CancellationToken cancellation)
    {
        if (SshTarget.Of(target, call.Variable) is not { } at) return ActionResult.Failure($"the address of {target.Name} cannot be read");
        if (hosts.SshRefusal(at.Host, at.Port) is { } refused) return ActionResult.Failure(refused);
        var (secret, unknown) = await call.SecretOfAsync(target, cancellation).ConfigureAwait(false);
        if (secret is null) return ActionResult.Failure(unknown ?? (Phrase)$"{target.Name} names no credentials");
        if (secret.UserName.Length == 0) return ActionResult.Failure($"the credentials of {target.Name} name no user");
        var limit = call.Step.Timeout ?? TimeLimit;
        using var clock = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellation);
        var name = $"ssh {at.Host}:{at.Port}";
        try
        {
            var keys = known.Of(at.Host, at.Port);
            if (keys.Fingerprints.Count == 0) return ActionResult.Failure($"{name}: its key is not known (set Alerting:Ssh:HostKeys or Alerting:Ssh:KnownHostsFile)");
            var addresses = await hosts.AddressesAsync(at.Host, at.Port, both.Token).ConfigureAwait(false);
            if (addresses.Length == 0) return ActionResult.Failure(OutgoingHosts.OnlyPrivate(at.Host));
            using var session = new SshSession(addresses, at.Port, secret, keys, options.Value.Ssh.OutputBytes);
            var answer = await session.RunAsync(text, both.Token).ConfigureAwait(false);
            if (answer.Fault is not null) return ActionResult.Failure($"{name}: {answer.Fault}");
            CommandOutputs.Take(call, answer.Exit ?? -1, answer.Output, answer.Error, outputs);
            var line = string.Create(CultureInfo.InvariantCulture, $"{name}: ") + (answer.Exit is { } exit ? string.Create(CultureInfo.InvariantCulture, $"exit {exit}") : "ended without an exit code");
            return new ActionResult(answer.Exit == 0, line + CommandOutputs.Shown(call, answer.Exit == 0 ? answer.Output : answer.Error.Length > 0 ? answer.Error : answer.Output), outputs);
        }
        catch (OperationCanceledException) when (clock.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return ActionResult.Failure($"{name}: did not end within {limit.TotalSeconds:0.#} s; whether it was done is not known");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException)
        {
            return ActionResult.Failure($"{name}: {Text.Cut(error.Message, 300)}");
        }
    }
}
