using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace Beacon.Web.Security;

/// <summary>Looks every half minute whether an open console's account still holds: a changed password or a disabled account ends it there too.</summary>
internal sealed class CircuitAuthentication(ILoggerFactory logs, UserDirectory users, IHostApplicationLifetime lifetime) : RevalidatingServerAuthenticationStateProvider(logs)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    // While Beacon stops there is no database to ask any more, and no console to keep.
    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        !lifetime.ApplicationStopping.IsCancellationRequested
        && await users.FindAsync(authenticationState.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? "", cancellationToken) is { Disabled: false } account
        && Sessions.Holds(authenticationState.User, account);
}
