using Beacon.Alerting;

namespace Beacon.Web.Security;

/// <summary>Tells alerting who holds a role, from the user directory; nobody who is disabled.</summary>
internal sealed class People(UserDirectory users) : IPeople
{
    private const int Most = 200;

    public async Task<IReadOnlyList<string>> HoldingAsync(string role, CancellationToken cancellation = default) =>
        [.. (await users.AllAsync(cancellation)).Where(u => !u.Disabled && u.Roles.Contains(role, StringComparer.OrdinalIgnoreCase)).Select(u => u.Name).Order(StringComparer.OrdinalIgnoreCase).Take(Most)];
}
