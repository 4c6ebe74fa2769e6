using Beacon.Alerting.Playbooks.Actions.Shell;
using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Actions.Scripts;

/// <summary>
/// A shell that scripts are written for. It reads the whole script from its standard input, so that neither the script nor a value stands among the
/// arguments that everybody on the machine may read, and then lets go of it: the script itself has nothing to read.
/// </summary>
/// <param name="Type">CACAO's command type.</param>
/// <param name="Fault">What is wrong with the places of the references in a command, or null.</param>
/// <param name="Fill">The script, or why there is none.</param>
internal sealed record ScriptShell(string Type, string Program, IReadOnlyList<string> Arguments, Func<string, Phrase?> Fault, Func<Playbook, PlaybookStep, string, Func<string, string?>, (string? Text, Phrase? Fault)> Fill)
{
    // The second look at the user costs nothing: whatever goes wrong before, a script never runs as root.
    private const string ReadBash =
        "if [ \"$EUID\" = 0 ]; then echo 'this is root: nothing was run' >&2; exit 126; fi; IFS= read -r -d '' beacon_script; exec </dev/null; eval \"unset -v beacon_script\n$beacon_script\"";

    private const string ReadPowerShell =
        "$ErrorActionPreference = 'Stop'; & ([ScriptBlock]::Create([Console]::In.ReadToEnd())); if (-not $?) { exit 1 }; if ($LASTEXITCODE) { exit $LASTEXITCODE }";

    private static readonly ScriptShell Bash = new("bash", "bash", ["--noprofile", "--norc", "-c", ReadBash, "bash"], ShellText.Fault, ShellText.Fill);
    private static readonly ScriptShell PowerShell = new("powershell", "pwsh", ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", ReadPowerShell], PowerShellText.Fault, PowerShellText.Fill);

    public static IReadOnlyList<ScriptShell> All { get; } = [Bash, PowerShell];

    public static ScriptShell Of(string type) => All.First(s => s.Type == type);

    public bool IsOn(ScriptOptions options) => Type == Bash.Type ? options.Bash : options.PowerShell;

    /// <summary>Key of the setting that switches it on.</summary>
    public string Setting => "Alerting:Scripts:" + (Type == Bash.Type ? nameof(ScriptOptions.Bash) : nameof(ScriptOptions.PowerShell));

    /// <summary>The file of that name that somebody may execute, in the first of the folders that has one; or null.</summary>
    public static string? Find(string program, IEnumerable<string> folders) => folders.Select(f => System.IO.Path.Combine(f, program)).FirstOrDefault(IsProgram);

    private static bool IsProgram(string file) =>
        !OperatingSystem.IsWindows() && File.Exists(file) && (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
}
