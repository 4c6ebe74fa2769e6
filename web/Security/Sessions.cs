using System.Security.Claims;
using Beacon.Alerting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Beacon.Web.Security;

/// <summary>A person's session: the claims in the cookie, and whether they still hold.</summary>
internal static class Sessions
{
    private const string StampClaim = "beacon:stamp";
    private const string DisplayClaim = "beacon:display";

    /// <summary>What a session says of its account.</summary>
    public static ClaimsPrincipal Principal(UserAccount account) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, account.Id), new Claim(ClaimTypes.Name, account.Name),
            new Claim(DisplayClaim, account.Display), new Claim(StampClaim, account.Stamp), .. account.Roles.Select(r => new Claim(ClaimTypes.Role, r)),
        ], CookieAuthenticationDefaults.AuthenticationScheme));

    /// <summary>The name that others see.</summary>
    /// <summary>True while the session is of the account's present password and roles.</summary>
    public static bool Holds(ClaimsPrincipal user, UserAccount account) => account.Stamp == user.FindFirstValue(StampClaim);

    public static string DisplayName(this ClaimsPrincipal user) => user.FindFirstValue(DisplayClaim) ?? user.Identity?.Name ?? "";

    /// <summary>Who acts, for services and the audit trail.</summary>
    public static Actor Actor(this ClaimsPrincipal user)
    {
        // A key with scope operate acts as an operator, under its own name.
        IEnumerable<string> roles = user.FindAll(ClaimTypes.Role).Select(c => c.Value);
        if (user.HasClaim(ApiKeyHandler.ScopeClaim, ApiScopes.Operate)) roles = roles.Append(RoleNames.Operator);
        return new Actor(user.Identity?.Name ?? "unknown", [.. roles]);
    }

    /// <summary>Cookie of a session: 12 hours since it was last used, this site only, not for scripts. The API gets 401 and 403 in place of a page.</summary>
    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "beacon";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = TimeSpan.FromHours(12);
        options.SlidingExpiration = true;
        options.LoginPath = "/sign-in";
        options.AccessDeniedPath = "/denied";
        options.ReturnUrlParameter = "then";
        options.Events.OnValidatePrincipal = ValidateAsync;
        options.Events.OnRedirectToLogin = context => Answer(context, StatusCodes.Status401Unauthorized);
        options.Events.OnRedirectToAccessDenied = context => Answer(context, StatusCodes.Status403Forbidden);
    }

    private static Task Answer(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        var path = context.Request.Path;
        if (path.StartsWithSegments("/api") || path.StartsWithSegments("/hub") || path.StartsWithSegments("/ingest") || path.Value!.EndsWith("_bulk", StringComparison.Ordinal)) context.Response.StatusCode = status;
        else context.Response.Redirect(context.RedirectUri);
        return Task.CompletedTask;
    }

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var users = context.HttpContext.RequestServices.GetRequiredService<UserDirectory>();
        var id = context.Principal?.FindFirstValue(ClaimTypes.NameIdentifier) ?? "";
        if (await users.FindAsync(id, context.HttpContext.RequestAborted) is { Disabled: false } account && Holds(context.Principal!, account)) return;
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
    }
}
