using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Playbooks.Actions.Outgoing;

/// <summary>Whose certificates are taken: of a host in Alerting:Outgoing:Certificates its pinned one or what its authority issued, of every other what the machine trusts.</summary>
internal sealed class HostTrust(IOptions<AlertingOptions> options)
{
    public bool Trusts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || sender is not SslStream stream) return false;
        var known = options.Value.Outgoing.Certificates.Where(c => string.Equals(c.Host, stream.TargetHostName, StringComparison.OrdinalIgnoreCase)).ToList();
        if (known.Count == 0) return errors == SslPolicyErrors.None;
        using var given = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        var hash = Convert.ToHexString(SHA256.HashData(given.RawData));
        return known.Any(c => c.Sha256.Length > 0
            ? string.Equals(c.Sha256.Replace(":", "", StringComparison.Ordinal), hash, StringComparison.OrdinalIgnoreCase)
            : !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) && IsIssued(given, chain, c.AuthorityFile));
    }

    private static bool IsIssued(X509Certificate2 certificate, X509Chain? presented, string file)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return false;
        }
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        // An authority of one's own seldom has a list of revocations that could be asked.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (presented is not null) chain.ChainPolicy.ExtraStore.AddRange(presented.ChainElements.Select(e => e.Certificate).ToArray());
        return chain.Build(certificate);
    }
}
