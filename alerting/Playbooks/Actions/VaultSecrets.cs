using Beacon.Alerting.Secrets;
using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Actions;

/// <summary>
/// Secrets of the vault (CACAO's kms, section 6): kms_key_identifier is "NAME" or "secret:NAME". A value is a password or token, or a private
/// key in PEM or OpenSSH form; where the document has no user name, as the specification wants it with kms, it is "user:value".
/// </summary>
internal sealed class VaultSecrets(ISecretReader vault) : IPlaybookSecrets
{
    private const string Prefix = "secret:";

    public Phrase? Refusal(AuthenticationInfo authentication)
    {
        if (VariableReference.In(authentication.Secret).Any()) return "a secret does not come from a variable, since a run shows its variables: put it in the vault ('secret put NAME') and name it with kms and kms_key_identifier";
        if (!authentication.KeyStore) return null;
        if (authentication.KeyIdentifier.Length == 0) return "with kms, kms_key_identifier names a secret of the vault";
        return SecretNames.IsName(NameOf(authentication)) ? null : (Phrase)$"kms_key_identifier '{Text.Cut(authentication.KeyIdentifier, 100)}' is no name of the vault: 1 to 64 of a-z, 0-9, '.', '_' and '-'";
    }

    public async ValueTask<(PlaybookSecret? Secret, Phrase? Fault)> ResolveAsync(AuthenticationInfo authentication, CancellationToken cancellation)
    {
        if (Refusal(authentication) is { } refused) return (null, refused);
        if (!authentication.KeyStore) return (Of(authentication.UserName, authentication.Secret), null);
        var name = NameOf(authentication);
        try
        {
            if (await vault.OpenAsync(name, cancellation).ConfigureAwait(false) is not { } value) return (null, $"the vault has no secret '{name}': put it in with 'secret put {name}'");
            if (authentication.UserName.Length > 0 || authentication.Type == "oauth2") return (Of(authentication.UserName, value), null);
            var colon = value.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || value.AsSpan(0, colon).Contains('\n')) return (null, $"the secret '{name}' is wanted as 'user:password' or 'user:private key', since the playbook names no user");
            return (Of(value[..colon], value[(colon + 1)..]), null);
        }
        catch (SecretException fault)
        {
            return (null, fault.Said);
        }
    }

    private static PlaybookSecret Of(string user, string value) =>
        value.TrimStart().StartsWith("-----BEGIN ", StringComparison.Ordinal) ? new PlaybookSecret(user, "", value.TrimStart()) : new PlaybookSecret(user, value.TrimEnd('\r', '\n'));

    private static string NameOf(AuthenticationInfo authentication) =>
        authentication.KeyIdentifier.StartsWith(Prefix, StringComparison.Ordinal) ? authentication.KeyIdentifier[Prefix.Length..] : authentication.KeyIdentifier;
}
