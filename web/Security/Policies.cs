using Beacon.Alerting;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;

namespace Beacon.Web.Security;

/// <summary>Who may do what. Everything asks for a sign-in unless it says otherwise.</summary>
internal static class Policies
{
    /// <summary>Send events: a key with scope ingest.</summary>
    public const string Ingest = "ingest";
    /// <summary>Read by a person's session or a key with scope read.</summary>
    public const string Read = "read";
    /// <summary>Work on alerts, warnings, incidents, playbooks.</summary>
    public const string Operate = "operate";
    /// <summary>Try rules without changing them: a person who operates or owns, or a key with scope operate.</summary>
    public const string Try = "try";
    /// <summary>Change rules, sources, assets.</summary>
    public const string Own = "own";
    /// <summary>The grading matrix and the audit trail: an administrator's session.</summary>
    public const string Administer = "administer";

    private static readonly string[] Both = [CookieAuthenticationDefaults.AuthenticationScheme, ApiKeyHandler.Scheme_];

    public static void Add(AuthorizationOptions options)
    {
        options.AddPolicy(Ingest, p => p.AddAuthenticationSchemes(ApiKeyHandler.Scheme_).RequireClaim(ApiKeyHandler.ScopeClaim, ApiScopes.Ingest));
        options.AddPolicy(Read, p => p.AddAuthenticationSchemes(Both).RequireAuthenticatedUser().RequireAssertion(c => HasRole(c) || HasScope(c, ApiScopes.Read) || HasScope(c, ApiScopes.Operate)));
        options.AddPolicy(Operate, p => p.AddAuthenticationSchemes(Both).RequireAssertion(c =>
            HasRole(c, RoleNames.Operator, RoleNames.Responder, RoleNames.Supervisor, RoleNames.Administrator) || HasScope(c, ApiScopes.Operate)));
        options.AddPolicy(Try, p => p.AddAuthenticationSchemes(Both).RequireAssertion(c =>
            HasRole(c, RoleNames.Operator, RoleNames.Responder, RoleNames.Owner, RoleNames.Supervisor, RoleNames.Administrator) || HasScope(c, ApiScopes.Operate)));
        options.AddPolicy(Own, p => p.AddAuthenticationSchemes(CookieAuthenticationDefaults.AuthenticationScheme).RequireRole(RoleNames.Owner, RoleNames.Administrator));
        options.AddPolicy(Administer, p => p.AddAuthenticationSchemes(CookieAuthenticationDefaults.AuthenticationScheme).RequireRole(RoleNames.Administrator));
        options.FallbackPolicy = new AuthorizationPolicyBuilder(CookieAuthenticationDefaults.AuthenticationScheme).RequireAuthenticatedUser().Build();
    }

    private static bool HasRole(AuthorizationHandlerContext context, params string[] roles) =>
        roles.Length == 0 ? context.User.HasClaim(c => c.Type == System.Security.Claims.ClaimTypes.Role) : roles.Any(context.User.IsInRole);

    private static bool HasScope(AuthorizationHandlerContext context, string scope) => context.User.HasClaim(ApiKeyHandler.ScopeClaim, scope);
}
