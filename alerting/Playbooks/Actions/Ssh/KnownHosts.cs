using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Playbooks.Actions.Ssh;

/// <summary>Which host keys are known: of the settings, and of a known_hosts file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"), names in the clear or hashed.</summary>
internal sealed class KnownHosts(IOptions<AlertingOptions> options)
{
    private const int MaxLines = 100_000;
    private const string Hashed = "|1|";

    /// <summary>The keys of one machine.</summary>
    /// <param name="Fingerprints">SHA-256 in base64 without padding.</param>
    /// <param name="Types">Key types, where all are known; else none.</param>
    public sealed record Keys(IReadOnlySet<string> Fingerprints, IReadOnlySet<string> Types);

    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public Keys Of(string host, int port)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        var types = new HashSet<string>(StringComparer.Ordinal);
        var settings = options.Value.Ssh;
        foreach (var line in settings.HostKeys)
        {
            var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var (name, wanted) = parts[0].LastIndexOf(':') is > 0 and var colon && int.TryParse(parts[0].AsSpan(colon + 1), out var n) && !parts[0][..colon].Contains(':', StringComparison.Ordinal) ? (parts[0][..colon], n) : (parts[0], 22);
            if (wanted == port && string.Equals(name, host, StringComparison.OrdinalIgnoreCase)) known.Add(parts[1][7..].TrimEnd('='));
        }
        var pinned = known.Count > 0;
        if (settings.KnownHostsFile.Length > 0) Read(settings.KnownHostsFile, port == 22 ? host : $"[{host}]:{port}", known, types);
        return new Keys(known, pinned ? new HashSet<string>() : types);
    }

    private static void Read(string file, string name, HashSet<string> known, HashSet<string> types)
    {
        var revoked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(file).Take(MaxLines))
        {
            var parts = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (parts is [] or [['#', ..], ..]) continue;
            var mark = parts[0][0] == '@' ? parts[0] : "";
            if (mark.Length > 0) parts = parts[1..];
            // Keys of authorities vouch for certificates, which are not asked for.
            if (parts.Length < 3 || mark == "@cert-authority" || !Names(parts[0], name)) continue;
            var key = new byte[parts[2].Length];
            if (!Convert.TryFromBase64String(parts[2], key, out var length)) continue;
            var print = Convert.ToBase64String(SHA256.HashData(key.AsSpan(0, length))).TrimEnd('=');
            if (mark == "@revoked") revoked.Add(print);
            else
            {
                known.Add(print);
                types.Add(parts[1]);
            }
        }
        known.ExceptWith(revoked);
    }

    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "The file's format hides names with HMAC-SHA1; keys are compared by SHA-256.")]
    private static bool Names(string patterns, string name)
    {
        if (patterns.StartsWith(Hashed, StringComparison.Ordinal))
        {
            if (patterns[Hashed.Length..].Split('|') is not [var salt, var hash]) return false;
            try
            {
                return CryptographicOperations.FixedTimeEquals(HMACSHA1.HashData(Convert.FromBase64String(salt), Encoding.UTF8.GetBytes(name.ToLowerInvariant())), Convert.FromBase64String(hash));
            }
            catch (FormatException)
            {
                return false;
            }
        }
        var named = false;
        foreach (var pattern in patterns.Split(','))
        {
            if (pattern.StartsWith('!') && Matches(pattern.AsSpan(1), name)) return false;
            named |= Matches(pattern, name);
        }
        return named;
    }

    private static bool Matches(ReadOnlySpan<char> pattern, string name) => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: true);
}
