using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Actions;

/// <summary>Where the secrets of authentication objects come from.</summary>
internal interface IPlaybookSecrets
{
    /// <summary>Why the secret of an authentication object cannot be had, as far as its definition tells; null where it may. Asked by the validator, so that it opens nothing.</summary>
    Phrase? Refusal(AuthenticationInfo authentication);

    /// <summary>The secret, or why there is none.</summary>
    ValueTask<(PlaybookSecret? Secret, Phrase? Fault)> ResolveAsync(AuthenticationInfo authentication, CancellationToken cancellation);
}

/// <summary>Credentials for one target. The text form tells nothing.</summary>
/// <param name="Secret">Password or token.</param>
/// <param name="PrivateKey">PEM or OpenSSH text, or "".</param>
internal sealed record PlaybookSecret(string UserName, string Secret, string PrivateKey = "")
{
    /// <summary>What must not be shown.</summary>
    public IEnumerable<string> Parts => new[] { Secret, PrivateKey }.Where(p => p.Length > 0);

    public override string ToString() => "secret";
}
