using System.Text.RegularExpressions;
using Beacon.Events;

namespace Beacon.Alerting.Secrets;

/// <summary>What may be known of a secret: everything but its value.</summary>
/// <param name="Name">1 to 64 of a-z, 0-9, '.', '_', '-', beginning with a letter or digit.</param>
/// <param name="Version">Grows by one at each change.</param>
public sealed record SecretInfo(string Name, int Version, string Description, string ChangedBy, DateTimeOffset ChangedAt);

/// <summary>
/// Passwords, tokens and keys for playbooks and notifications, encrypted in the state database. A value goes in and is never shown again:
/// only steps and senders read it.
/// </summary>
public interface ISecretVault
{
    /// <summary>Longest value, UTF-16 units.</summary>
    const int MaxValueLength = 16_384;

    /// <summary>Most secrets; one more is refused.</summary>
    const int MaxSecrets = 1_000;

    Task<IReadOnlyList<SecretInfo>> ListAsync(CancellationToken cancellation = default);

    /// <summary>Keeps a value. Only an administrator may.</summary>
    /// <param name="version">The version it replaces; 0 for a new one.</param>
    Task<Outcome<SecretInfo>> PutAsync(string name, string value, string description, int version, Actor actor, CancellationToken cancellation = default);

    /// <summary>Removes it for good. What still names it fails from then on, and says so.</summary>
    Task<Outcome<SecretInfo>> DeleteAsync(string name, int version, Actor actor, string reason, CancellationToken cancellation = default);

    /// <summary>Makes a new key and encrypts every secret with it; older keys leave the file.</summary>
    /// <returns>How many were encrypted anew.</returns>
    /// <exception cref="SecretException">One of them can't be read with the keys there are: nothing is changed.</exception>
    Task<int> RotateAsync(Actor actor, CancellationToken cancellation = default);
}

/// <summary>The other side of the vault: for what uses a secret, never for what shows something.</summary>
internal interface ISecretReader
{
    /// <summary>The value, or null where there is none of that name.</summary>
    /// <exception cref="SecretException">It was changed outside of Beacon, or its key is not in the key file.</exception>
    Task<string?> OpenAsync(string name, CancellationToken cancellation = default);
}

/// <summary>A secret or its key can't be used. The message names it and never holds a value.</summary>
public sealed class SecretException(Phrase said) : Exception(said.ToString())
{
    public Phrase Said => said;
}

/// <summary>How secrets may be called.</summary>
public static partial class SecretNames
{
    public static bool IsName(string name) => Pattern().IsMatch(name);

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,63}$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
