using System.ComponentModel.DataAnnotations;

namespace Beacon.Alerting.Playbooks.Actions.Ssh;

/// <summary>Settings of ssh steps, section "Alerting:Ssh".</summary>
public sealed class SshOptions : IValidatableObject
{
    /// <summary>Machines that ssh steps may enter: "fw.example.org" (port 22), "fw.example.org:2222", "*.example.org". Default none: every call is refused. Private addresses want <see cref="AlertingOptions.AllowedPrivateHosts"/>, too.</summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>Keys by which machines are known: "fw.example.org SHA256:…" or "fw.example.org:2222 SHA256:…", as ssh-keygen -l shows them; several for one machine may stand.</summary>
    public IList<string> HostKeys { get; } = [];

    /// <summary>A known_hosts file of OpenSSH, read at each call. Default none.</summary>
    public string KnownHostsFile { get; set; } = "";

    /// <summary>Time for one command at one machine where the step says nothing. 1 second to 1 hour, default 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Largest output that is read, bytes; more fails the step. 1 KiB to 16 MiB, default 1 MiB.</summary>
    [Range(1_024, 16 * 1_024 * 1_024)]
    public int OutputBytes { get; set; } = 1_024 * 1_024;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        for (var i = 0; i < HostKeys.Count; i++)
            if (HostKeys[i].Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [_, ['S', 'H', 'A', '2', '5', '6', ':', ..] key] || key.TrimEnd('=').Length != 50)
                yield return new ValidationResult("is wanted as 'host[:port] SHA256:…' with the 43 characters that ssh-keygen -l shows", [$"HostKeys:{i}"]);
        if (KnownHostsFile.Length > 0 && !File.Exists(KnownHostsFile)) yield return new ValidationResult($"there is no file {KnownHostsFile}", [nameof(KnownHostsFile)]);
    }
}
