using Beacon.Alerting.Secrets;
using Beacon.Web.Api.Document;
using Beacon.Web.Security;

namespace Beacon.Web.Api;

/// <summary>The vault: values go in and never come out.</summary>
internal static class SecretEndpoints
{
    internal sealed record PutSecret(string? Value, string? Description, int Version)
    {
        // A record's own text would hold the value.
        public override string ToString() => "secret";
    }

    public static void Map(RouteGroupBuilder operate)
    {
        var secrets = operate.MapGroup("/secrets").RequireAuthorization(Policies.Administer);
        secrets.MapGet("", async (ISecretVault vault, CancellationToken cancellation) => Results.Ok(await vault.ListAsync(cancellation))).WithSummary("Names of the secrets, who changed them and when; never their values").Answers<IReadOnlyList<SecretInfo>>();
        secrets.MapPut("/{name}", async (string name, PutSecret body, HttpContext http, ISecretVault vault, CancellationToken cancellation) =>
            ApiEndpoints.Answer(await vault.PutAsync(name, body.Value ?? "", body.Description ?? "", body.Version, http.User.Actor(), cancellation))).WithSummary("Keep a secret: {value, description, version}; version 0 for a new one").Takes("""{"value":"…","description":"the firewall's API","version":0}""").Answers<SecretInfo>();
        secrets.MapDelete("/{name}", async (string name, int version, string reason, HttpContext http, ISecretVault vault, CancellationToken cancellation) =>
            ApiEndpoints.Answer(await vault.DeleteAsync(name, version, http.User.Actor(), reason, cancellation))).WithSummary("Remove a secret for good").Answers<SecretInfo>();
    }
}
