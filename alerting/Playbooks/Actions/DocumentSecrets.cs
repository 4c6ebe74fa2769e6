namespace Beacon.Alerting.Playbooks.Actions;

/// <summary>Secrets as the document holds them.</summary>
internal sealed class DocumentSecrets : IPlaybookSecrets
{
    public string? Refusal(AuthenticationInfo authentication) =>
        authentication.KeyStore ? "the secret is in a key store (kms), and none is attached" : null;

    public ValueTask<(PlaybookSecret? Secret, string? Fault)> ResolveAsync(AuthenticationInfo authentication, CancellationToken cancellation) =>
        ValueTask.FromResult<(PlaybookSecret?, string?)>(Refusal(authentication) is { } refused ? (null, refused) : (new PlaybookSecret(authentication.UserName, authentication.Secret), null));
}
