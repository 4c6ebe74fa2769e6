using System.Security.Cryptography;
using Beacon.Alerting;
using Beacon.Alerting.Audit;

namespace Beacon.Web.Security;

/// <summary>A change of accounts or keys: refused, or done, with a secret where one was made, which is not shown again.</summary>
public readonly record struct PeopleOutcome(PeopleRefusal Refusal, string? Secret = null, string? Id = null)
{
    public bool Done => Refusal == PeopleRefusal.None;
}

/// <summary>What an administrator does with accounts and keys. Asks for the role at each change, whatever page it comes from.</summary>
public sealed class PeopleDesk(UserDirectory users, AccountChanges changes, ResetLinks links, ApiKeys keys, IAuditTrail audit)
{
    /// <summary>Longest lifetime of a key, days.</summary>
    public const int MaxDays = 3_650;

    /// <summary>Makes an account whose person chooses the password by the link that comes back.</summary>
    public async Task<PeopleOutcome> AddAsync(string name, string display, IReadOnlyList<string> roles, Actor actor, CancellationToken cancellation = default)
    {
        if (!May(actor)) return new(PeopleRefusal.NotAdministrator);
        name = name.Trim();
        if (name.Length is 0 or > UserDirectory.MaxNameLength || name.Any(char.IsControl)) return new(PeopleRefusal.BadName);
        if (roles.Count == 0 || roles.Except(UserDirectory.KnownRoles).Any()) return new(PeopleRefusal.BadChoice);
        var all = await users.AllAsync(cancellation);
        if (all.Any(u => string.Equals(u.Name, name, StringComparison.OrdinalIgnoreCase))) return new(PeopleRefusal.NameTaken);
        if (all.Count >= UserDirectory.MaxUsers) return new(PeopleRefusal.TooMany);
        // Nobody knows this password: it stands until the person has chosen one.
        var account = await users.CreateAsync(name, display, Convert.ToHexString(RandomNumberGenerator.GetBytes(32)), roles, actor.Name, cancellation);
        return new(PeopleRefusal.None, await links.CreateAsync(account.Id, actor.Name, cancellation), account.Id);
    }

    public async Task<PeopleOutcome> LinkAsync(string id, Actor actor, CancellationToken cancellation = default) =>
        !May(actor) ? new(PeopleRefusal.NotAdministrator) : await links.CreateAsync(id, actor.Name, cancellation) is { } secret ? new(PeopleRefusal.None, secret, id) : new(PeopleRefusal.Gone);

    public Task<PeopleOutcome> SetRolesAsync(string id, IReadOnlyList<string> roles, Actor actor, CancellationToken cancellation = default) => ChangeAsync(actor, () => changes.SetRolesAsync(id, roles, actor.Name, cancellation));
    public Task<PeopleOutcome> SetLockedAsync(string id, bool locked, string reason, Actor actor, CancellationToken cancellation = default) => ChangeAsync(actor, () => changes.SetLockedAsync(id, locked, reason, actor.Name, cancellation));
    public Task<PeopleOutcome> EndSessionsAsync(string id, Actor actor, CancellationToken cancellation = default) => ChangeAsync(actor, () => changes.EndSessionsAsync(id, actor.Name, cancellation));

    /// <summary>Newest first: when an account signed in or tried to, and from where.</summary>
    public async Task<IReadOnlyList<AuditEntry>> SignInsAsync(string name, int limit, CancellationToken cancellation = default) =>
        await audit.QueryAsync(new AuditQuery { Actor = name, Action = "sign-in", Limit = limit }, cancellation);

    /// <param name="days">Null for a key that does not end.</param>
    /// <returns>The key's id and its secret.</returns>
    public async Task<PeopleOutcome> AddKeyAsync(string name, IReadOnlyList<string> scopes, int? days, Actor actor, CancellationToken cancellation = default)
    {
        if (!May(actor)) return new(PeopleRefusal.NotAdministrator);
        if (name.Trim().Length is 0 or > 64 || name.Any(char.IsControl)) return new(PeopleRefusal.BadName);
        if (scopes.Count == 0 || scopes.Except(ApiScopes.All).Any()) return new(PeopleRefusal.BadChoice);
        if (days is < 1 or > MaxDays) return new(PeopleRefusal.BadLifetime);
        if ((await keys.AllAsync(cancellation)).Count >= ApiKeys.MaxKeys) return new(PeopleRefusal.TooMany);
        var (key, secret) = await keys.CreateAsync(name, scopes, days is { } n ? TimeSpan.FromDays(n) : null, actor.Name, cancellation);
        return new(PeopleRefusal.None, secret, key.Id);
    }

    public Task<PeopleOutcome> RevokeKeyAsync(string id, Actor actor, CancellationToken cancellation = default) =>
        ChangeAsync(actor, async () => await keys.RevokeAsync(id, actor.Name, cancellation) ? PeopleRefusal.None : PeopleRefusal.Gone);

    private static async Task<PeopleOutcome> ChangeAsync(Actor actor, Func<Task<PeopleRefusal>> change) => new(May(actor) ? await change() : PeopleRefusal.NotAdministrator);

    private static bool May(Actor actor) => actor.Roles.Contains(RoleNames.Administrator);
}
