using System.ComponentModel.DataAnnotations;

namespace Beacon.Alerting.Secrets;

/// <summary>Settings of the vault, section "Alerting:Secrets".</summary>
public sealed class SecretOptions
{
    /// <summary>
    /// File of the keys that secrets are encrypted with; made at the first secret, readable by its owner only. Nodes that share a state
    /// database need the same file. Default: "secrets.key" in the data folder.
    /// </summary>
    [Required]
    public string KeyFile { get; set; } = "secrets.key";
}
