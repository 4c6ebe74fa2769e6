using System.ComponentModel.DataAnnotations;

namespace Beacon.Alerting.Playbooks.Actions.Scripts;

/// <summary>Settings of bash and powershell steps, section "Alerting:Scripts". They run on this machine: both are off until an administrator switches them on.</summary>
public sealed class ScriptOptions : IValidatableObject
{
    /// <summary>Whether bash commands are run. Default false.</summary>
    public bool Bash { get; set; }

    /// <summary>Whether powershell commands are run, by "pwsh". Default false.</summary>
    public bool PowerShell { get; set; }

    /// <summary>
    /// Account with whose rights scripts run, never root's. Default "nobody". Where Beacon does not run as root, it can only be the account of Beacon
    /// itself, whose files a script may then read: it must be named here all the same.
    /// </summary>
    [RegularExpression("^[A-Za-z_][A-Za-z0-9_.-]{0,31}$", ErrorMessage = "is the name of an account")]
    public string User { get; set; } = "nobody";

    /// <summary>PATH of scripts, in which their shells are looked for, too: absolute folders with colons between. Default "/usr/local/bin:/usr/bin:/bin".</summary>
    public string Path { get; set; } = "/usr/local/bin:/usr/bin:/bin";

    /// <summary>Time for one script where its step says nothing. 1 second to 1 hour, default 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Output that is kept, bytes of each of both; what is printed beyond is cut off, and that is told. 1 KiB to 16 MiB, default 1 MiB.</summary>
    [Range(1_024, 16 * 1_024 * 1_024)]
    public int OutputBytes { get; set; } = 1_024 * 1_024;

    internal IReadOnlyList<string> Folders => Path.Split(':');

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Path.Contains('\0') || Folders.Any(f => !f.StartsWith('/'))) yield return new ValidationResult("is wanted as absolute folders with colons between", [nameof(Path)]);
    }
}
