using System.Data.Common;
using System.Security.Cryptography;
using Beacon.Alerting;
using Beacon.Alerting.Audit;
using Beacon.Events;

namespace Beacon.Web.Security;

/// <summary>Changes of an account that end its sessions: roles, the lock, signing out everywhere. Each is one transaction with its line in the audit trail.</summary>
public sealed class AccountChanges(IStateDatabase state, UserDirectory users, IAuditTrail audit)
{
    /// <summary>Gives an account other roles.</summary>
    /// <param name="by">Who does it.</param>
    public Task<PeopleRefusal> SetRolesAsync(string id, IReadOnlyList<string> roles, string by, CancellationToken cancellation = default)
    {
        if (roles.Count == 0 || roles.Except(UserDirectory.KnownRoles).Any()) return Task.FromResult(PeopleRefusal.BadChoice);
        return ChangeAsync(id, (t, account) =>
        {
            if (!roles.Contains(RoleNames.Administrator) && IsLastAdministrator(t, account)) return PeopleRefusal.LastAdministrator;
            if (account.Roles.ToHashSet().SetEquals(roles)) return PeopleRefusal.None;
            t.Execute("UPDATE users SET roles = @p1, stamp = @p2 WHERE id = @p0", id, string.Join(' ', roles.Distinct()), Stamp());
            audit.Append(t, new AuditRecord(by, "user.roles", $"user:{account.Name}", string.Join(' ', account.Roles), string.Join(' ', roles.Distinct())));
            return PeopleRefusal.None;
        }, cancellation);
    }

    /// <summary>Locks an account, which ends its sessions, or unlocks it.</summary>
    public Task<PeopleRefusal> SetLockedAsync(string id, bool locked, string reason, string by, CancellationToken cancellation = default) => ChangeAsync(id, (t, account) =>
    {
        if (account.Disabled == locked) return PeopleRefusal.None;
        if (locked && string.Equals(account.Name, by, StringComparison.OrdinalIgnoreCase)) return PeopleRefusal.Yourself;
        if (locked && IsLastAdministrator(t, account)) return PeopleRefusal.LastAdministrator;
        t.Execute("UPDATE users SET disabled = @p1, stamp = @p2 WHERE id = @p0", id, locked ? 1 : 0, Stamp());
        if (locked) t.Execute("DELETE FROM reset_links WHERE user_id = @p0", id);
        audit.Append(t, new AuditRecord(by, locked ? "user.lock" : "user.unlock", $"user:{account.Name}", Reason: reason));
        return PeopleRefusal.None;
    }, cancellation);

    /// <summary>Ends every session of an account: here at the next request, in open consoles within half a minute.</summary>
    public Task<PeopleRefusal> EndSessionsAsync(string id, string by, CancellationToken cancellation = default) => ChangeAsync(id, (t, account) =>
    {
        t.Execute("UPDATE users SET stamp = @p1 WHERE id = @p0", id, Stamp());
        audit.Append(t, new AuditRecord(by, "user.sessions", $"user:{account.Name}"));
        return PeopleRefusal.None;
    }, cancellation);

    private async Task<PeopleRefusal> ChangeAsync(string id, Func<DbTransaction, UserAccount, PeopleRefusal> change, CancellationToken cancellation)
    {
        var refusal = await state.WriteAsync(t => UserDirectory.Read(t, id) is { } account ? change(t, account) : PeopleRefusal.Gone, cancellation);
        users.Forget();
        return refusal;
    }

    private static bool IsLastAdministrator(DbTransaction t, UserAccount account) =>
        account is { Disabled: false } && account.Roles.Contains(RoleNames.Administrator)
        && t.Scalar<long>("SELECT count(*) FROM users WHERE disabled = 0 AND id <> @p0 AND ' ' || roles || ' ' LIKE @p1", account.Id, $"% {RoleNames.Administrator} %") == 0;

    private static string Stamp() => Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
}
