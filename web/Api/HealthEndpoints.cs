using System.Net;
using Beacon.Web.Hosting;
using Beacon.Web.Security;

namespace Beacon.Web.Api;

/// <summary>Health for those who keep the process running, metrics for those who measure it.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Text("live")).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/health/ready", async (Readiness readiness, CancellationToken cancellation) =>
        {
            var parts = await readiness.CheckAsync(cancellation);
            var ready = parts.Values.All(p => p is null);
            return Results.Json(new { status = ready ? "ready" : "not ready", parts = parts.ToDictionary(p => p.Key, p => p.Value ?? "ok") }, statusCode: ready ? 200 : 503);
        }).AllowAnonymous().ExcludeFromDescription();

        // From this machine without a key, since a scraper beside us is the usual one; from elsewhere with one.
        app.MapPrometheusScrapingEndpoint("/metrics").AllowAnonymous();
        app.UseWhen(c => c.Request.Path.StartsWithSegments("/metrics"), branch => branch.Use(async (context, next) =>
        {
            var local = context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);
            var allowed = local || (await context.RequestServices.GetRequiredService<Microsoft.AspNetCore.Authorization.IAuthorizationService>()
                .AuthorizeAsync((await Microsoft.AspNetCore.Authentication.AuthenticationHttpContextExtensions.AuthenticateAsync(context, ApiKeyHandler.Scheme_)).Principal ?? context.User, null, Policies.Read)).Succeeded;
            if (allowed) await next(context);
            else context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }));
    }
}
