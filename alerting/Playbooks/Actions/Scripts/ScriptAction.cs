using System.ComponentModel;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Beacon.Alerting.Playbooks.Actions.Shell;
using Beacon.Events;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Playbooks.Actions.Scripts;

/// <summary>Runs bash and powershell commands (CACAO 2.0, section 5) on this machine, where an administrator lets it: few rights, a clean environment, a folder of their own, and an end.</summary>
internal sealed partial class ScriptAction(IOptions<AlertingOptions> options, TimeProvider time, ILogger<ScriptAction> log) : IPlaybookAction
{
    private const int MaxValueShown = 300;

    public IReadOnlyList<string> CommandTypes { get; } = [.. ScriptShell.All.Select(s => s.Type)];
    public TimeSpan TimeLimit => Settings.TimeLimit;
    private ScriptOptions Settings => options.Value.Scripts;

    public Phrase? Refusal(string type)
    {
        var shell = ScriptShell.Of(type);
        if (!shell.IsOn(Settings)) return $"no script runs on this machine until an administrator sets {shell.Setting} to true";
        if (!OperatingSystem.IsLinux()) return "scripts run on Linux only";
        if (ScriptShell.Find(shell.Program, Settings.Folders) is null) return $"there is no {shell.Program} in Alerting:Scripts:Path ({Settings.Path})";
        return Account().Fault;
    }

    // There it is the variable's name in the environment.
    public bool FillsIn(string type) => false;

    public void Check(Playbook playbook, PlaybookStep step, PlaybookCommand command, string path, PlaybookFaults faults)
    {
        if (ScriptShell.Of(command.Type).Fault(command.Text) is { } fault) faults.Add(PlaybookFaults.ShellCommand, path + ".command", fault);
        if (step.Targets.Count > 1) faults.Add(PlaybookFaults.TargetNotRun, path + ".type", "scripts run once, on this machine: one target at most");
        foreach (var target in step.Targets.Select(t => playbook.Agents.GetValueOrDefault(t)).OfType<AgentTarget>().Where(t => !IsHere(t)))
            faults.Add(PlaybookFaults.TargetNotRun, target.Path + ".address", $"scripts run on this machine, not at '{Text.Cut(target.Name, 100)}': leave the target out, name localhost, or use ssh");
    }

    // What a script does nobody knows from its text.
    public bool IsRepeatable(PlaybookStep step, PlaybookCommand command) => false;
    public bool ChangesTarget(PlaybookStep step, PlaybookCommand command) => true;

    public IReadOnlyList<string> Describe(ActionCall call, PlaybookCommand command)
    {
        var (text, fault) = ScriptShell.Of(command.Type).Fill(call.Playbook, call.Step, command.Text, call.Variable);
        return
        [
            call.Mask($"{command.Type} as {Settings.User}: {text ?? $"{command.Text} ({fault})"}"),
            .. ScriptEnvironment.Inputs(call, command).Select(i => call.Mask($"{i.Name} = '{Shown(i.Value)}'")),
        ];
    }

    public async Task<ActionResult> RunAsync(ActionCall call, PlaybookCommand command, CancellationToken cancellation)
    {
        var shell = ScriptShell.Of(command.Type);
        if (!OperatingSystem.IsLinux() || Refusal(command.Type) is not null) return ActionResult.Failure($"{shell.Type} is not run here: {Refusal(command.Type)}");
        if (Account() is not { Account: { } account }) return ActionResult.Failure(Account().Fault!);
        var (text, fault) = shell.Fill(call.Playbook, call.Step, command.Text, call.Variable);
        if (text is null) return ActionResult.Failure(fault!);
        var (secret, unknown) = await call.SecretOfAsync(call.Targets is [var target, ..] ? target : null, cancellation).ConfigureAwait(false);
        if (unknown is not null) return ActionResult.Failure(unknown);
        var limit = call.Step.Timeout ?? TimeLimit;
        using var clock = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellation);
        var left = "";
        ScriptFolder? folder = null;
        ScriptProcess.Answer answer;
        try
        {
            folder = ScriptFolder.Make(account);
            var (environment, unfit) = ScriptEnvironment.Make(call, command, Settings, account, folder.Path, secret);
            if (environment is null) return ActionResult.Failure(unfit!);
            answer = await ScriptProcess.RunAsync([.. account.Prefix, ScriptShell.Find(shell.Program, Settings.Folders)!, .. shell.Arguments], folder.Path, environment, text, Settings.OutputBytes, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (clock.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return ActionResult.Failure($"{shell.Type}: did not end within {limit.TotalSeconds:0.#} s and was stopped with all that it had started; what it had done by then is not known");
        }
        catch (Exception fail) when (fail is Win32Exception or IOException or UnauthorizedAccessException)
        {
            return ActionResult.Failure($"{shell.Type}: it cannot be started: {Text.Cut(fail.Message, 300)}");
        }
        finally
        {
            if (folder is not null && !await folder.RemoveAsync().ConfigureAwait(false))
            {
                left = "; its folder could not be removed";
                LogFolderLeft(log, folder.Path);
            }
        }
        // Masked before it is cut: half a secret would be found by nobody later.
        var (output, error) = (Text.Cut(call.Mask(answer.Output), Settings.OutputBytes), Text.Cut(call.Mask(answer.Error), Settings.OutputBytes));
        var outputs = new Dictionary<string, string>();
        CommandOutputs.Take(call, answer.Exit, output, error, outputs);
        var printed = CommandOutputs.Shown(call, answer.Exit == 0 || error.Length == 0 ? output : error);
        var said = string.Create(CultureInfo.InvariantCulture, $"{shell.Type}: exit {answer.Exit}") + printed + (answer.Cut ? $" (cut after {Settings.OutputBytes} bytes)" : "") + (answer.Alone ? "" : "; some of its processes could not be ended") + left;
        return new ActionResult(answer.Exit == 0, said, outputs);
    }

    private (ScriptAccount? Account, Phrase? Fault) Account() => ScriptAccount.Of(Settings.User, Environment.IsPrivilegedProcess, Environment.UserName);

    // What is cut is told by its hash: an approval is for the whole of it.
    private static string Shown(string value) => value.Length <= MaxValueShown ? value : $"{Text.Cut(value, MaxValueShown)}' ({value.Length} characters, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)))}) '";

    private static bool IsHere(AgentTarget target) =>
        target.Addresses.Count > 0 && target.Addresses.SelectMany(a => a.Value).All(a => string.Equals(a, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(a, out var address) && IPAddress.IsLoopback(address)));

    [LoggerMessage(3315, LogLevel.Warning, "the folder {Folder} of a script could not be removed")]
    private static partial void LogFolderLeft(ILogger logger, string folder);
}
