using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Beacon.Events;

namespace Beacon.Alerting.Notifications.Channels;

/// <summary>Whether a server is who it should be: the machine's trust, or one certificate named by its fingerprint.</summary>
internal static class CertificatePin
{
    /// <summary>What the setting is called and how it is written.</summary>
    public static ChannelSetting Setting { get; } = new("fingerprint", "SHA-256 of the server's certificate, 64 hex digits, where its issuer is not trusted by this machine", Check: Fault);

    public static bool Accepts(string fingerprint, X509Certificate? certificate, SslPolicyErrors errors) => fingerprint.Length == 0
        ? errors == SslPolicyErrors.None
        : certificate is not null && string.Equals(Plain(fingerprint), Convert.ToHexString(SHA256.HashData(certificate.GetRawCertData())), StringComparison.OrdinalIgnoreCase);

    private static Phrase? Fault(string value) => Plain(value) is { Length: 64 } hex && hex.All(char.IsAsciiHexDigit) ? null : (Phrase)"has 64 hex digits, colons left out or not";

    private static string Plain(string fingerprint) => fingerprint.Replace(":", "", StringComparison.Ordinal);
}
