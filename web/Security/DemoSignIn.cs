using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Beacon.Web.Security;

/// <summary>The account that a demonstration signs its visitor in as.</summary>
public sealed class DemoVisitor
{
    /// <summary>Null until the demonstration has made it.</summary>
    public UserAccount? Account { get; set; }
}

/// <summary>In a demonstration: whoever opens a page on this machine, under a loopback name, is signed in.</summary>
internal sealed class DemoSignIn(RequestDelegate next, DemoVisitor visitor)
{
    public async Task InvokeAsync(HttpContext context)
    {
        // The name in the Host header too: a page elsewhere that points its own name at 127.0.0.1 gets nothing.
        var local = context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
            && context.Request.Host.Host is "127.0.0.1" or "localhost" or "[::1]";
        if (local && visitor.Account is { } account && context.User.Identity?.IsAuthenticated != true && HttpMethods.IsGet(context.Request.Method)
            && !context.Request.Headers.ContainsKey("Authorization") && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
        {
            await context.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, Sessions.Principal(account));
            // Once more with the cookie: policies read it from the request. The sign-in page itself has nothing to offer here.
            var path = context.Request.Path == "/sign-in" ? "/live" : LocalPath.Of(context.Request.Path + context.Request.QueryString, "/live");
            context.Response.Redirect(path);
            return;
        }
        await next(context);
    }
}
