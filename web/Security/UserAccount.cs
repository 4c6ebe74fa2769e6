namespace Beacon.Web.Security;

/// <summary>A person who may sign in.</summary>
/// <param name="Roles">Names of <see cref="Alerting.RoleNames"/>.</param>
/// <param name="Stamp">Changes with the password, the roles and a sign-out everywhere: sessions with another stamp end.</param>
public sealed record UserAccount(
    string Id, string Name, string Display, string PasswordHash, IReadOnlyList<string> Roles, string Stamp, bool Disabled, DateTimeOffset CreatedAt);
