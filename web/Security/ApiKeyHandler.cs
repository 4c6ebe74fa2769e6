using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Beacon.Web.Security;

/// <summary>
/// Reads a key from the Authorization header: <c>ApiKey base64(id:secret)</c> as Elasticsearch's shippers send it,
/// <c>Basic base64(id:secret)</c> (RFC 7617), or <c>Bearer id:secret</c>. Never from the URL.
/// </summary>
internal sealed class ApiKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, ApiKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    /// <summary>Name of the authentication scheme.</summary>
    public const string Scheme_ = "ApiKey";
    /// <summary>Type of the claim that holds a key's scope, one claim a scope.</summary>
    public const string ScopeClaim = "scope";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        var space = header.IndexOf(' ', StringComparison.Ordinal);
        if (space <= 0) return AuthenticateResult.NoResult();
        var value = header[(space + 1)..].Trim();
        var pair = header[..space].ToUpperInvariant() switch
        {
            "APIKEY" or "BASIC" => Decode(value),
            "BEARER" => value,
            _ => null,
        };
        var colon = pair?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (colon <= 0) return AuthenticateResult.NoResult();
        if (await keys.VerifyAsync(pair![..colon], pair[(colon + 1)..], Context.RequestAborted) is not { } key) return AuthenticateResult.Fail("unknown, revoked or expired key");
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, "key " + key.Name), .. key.Scopes.Select(s => new Claim(ScopeClaim, s))], Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = "ApiKey, Basic realm=\"beacon\"";
        return Task.CompletedTask;
    }

    private static string? Decode(string base64)
    {
        Span<byte> bytes = stackalloc byte[256];
        return base64.Length <= 340 && Convert.TryFromBase64String(base64, bytes, out var n) ? Encoding.UTF8.GetString(bytes[..n]) : null;
    }
}
