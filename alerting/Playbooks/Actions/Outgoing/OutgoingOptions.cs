using System.ComponentModel.DataAnnotations;

namespace Beacon.Alerting.Playbooks.Actions.Outgoing;

/// <summary>Settings of outgoing calls, section "Alerting:Outgoing".</summary>
public sealed class OutgoingOptions : IValidatableObject
{
    /// <summary>Hosts whose certificates the machine's authorities don't vouch for. What stands here for a host is all that is taken from it.</summary>
    public IList<HostCertificate> Certificates { get; } = [];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        for (var i = 0; i < Certificates.Count; i++)
        {
            var certificate = Certificates[i];
            var name = $"Certificates:{i}";
            if (certificate.Host.Length == 0) yield return new ValidationResult("Host is wanted", [name]);
            if ((certificate.Sha256.Length > 0) == (certificate.AuthorityFile.Length > 0)) yield return new ValidationResult("either Sha256 or AuthorityFile is wanted", [name]);
            else if (certificate.Sha256.Length > 0 && !IsSha256(certificate.Sha256)) yield return new ValidationResult("Sha256 has 64 hex digits, with or without colons", [name]);
            else if (certificate.AuthorityFile.Length > 0 && !File.Exists(certificate.AuthorityFile)) yield return new ValidationResult($"AuthorityFile: there is no {certificate.AuthorityFile}", [name]);
        }
    }

    private static bool IsSha256(string text) => text.Replace(":", "", StringComparison.Ordinal) is { Length: 64 } hex && hex.All(char.IsAsciiHexDigit);
}

/// <summary>What one host may show as its certificate.</summary>
public sealed class HostCertificate
{
    /// <summary>Name or address as calls write it, without port.</summary>
    public string Host { get; set; } = "";

    /// <summary>SHA-256 of the certificate (DER), hex. Its dates and names are not looked at.</summary>
    public string Sha256 { get; set; } = "";

    /// <summary>PEM file of the authorities that issue this host's certificate.</summary>
    public string AuthorityFile { get; set; } = "";
}
