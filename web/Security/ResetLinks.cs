using System.Security.Cryptography;
using System.Text;
using Beacon.Alerting.Audit;
using Beacon.Events;

namespace Beacon.Web.Security;

/// <summary>Links by which a person chooses a password of their own: one an account, for a day, for one use. Only the hash of the secret is kept.</summary>
public sealed class ResetLinks(IStateDatabase state, UserDirectory users, IAuditTrail audit, TimeProvider clock)
{
    /// <summary>How long a link works.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>Makes a link in place of the one before. The password stays until the link is used.</summary>
    /// <returns>The secret of the address /reset/…, or null where there is no such account or it is locked.</returns>
    public Task<string?> CreateAsync(string id, string by, CancellationToken cancellation = default) => state.WriteAsync<string?>(t =>
    {
        if (UserDirectory.Read(t, id) is not { Disabled: false } account) return null;
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));
        t.Execute("INSERT INTO reset_links(user_id, token_hash, expires_at) VALUES (@p0, @p1, @p2) ON CONFLICT(user_id) DO UPDATE SET token_hash = excluded.token_hash, expires_at = excluded.expires_at", id, Hash(token), clock.GetUtcNow() + Lifetime);
        audit.Append(t, new AuditRecord(by, "user.reset-link", $"user:{account.Name}"));
        return token;
    }, cancellation);

    /// <summary>Whose link it is, where it would work now; does not take it.</summary>
    public async Task<UserAccount?> FindAsync(string token, CancellationToken cancellation = default)
    {
        var id = await state.ReadAsync(c => c.Query("SELECT user_id FROM reset_links WHERE token_hash = @p0 AND expires_at > @p1", r => r.GetString(0), Hash(token), clock.GetUtcNow()).FirstOrDefault(), cancellation);
        return id is null ? null : await users.FindAsync(id, cancellation) is { Disabled: false } account ? account : null;
    }

    /// <summary>Takes the link and sets the password: works for one caller only, and ends the account's sessions.</summary>
    /// <returns>Null where the link does not work any more.</returns>
    /// <exception cref="ArgumentException">The password is not one: see <see cref="UserDirectory.Check"/>; the link stays.</exception>
    public async Task<UserAccount?> UseAsync(string token, string password, CancellationToken cancellation = default)
    {
        if (await FindAsync(token, cancellation) is not { } account) return null;
        var (hash, now) = (Hash(token), clock.GetUtcNow());
        // Two who use it at once both find it: the transaction that takes it sets the password.
        var done = await users.SetPasswordAsync(account, password, account.Name, t => t.Execute("DELETE FROM reset_links WHERE token_hash = @p0 AND expires_at > @p1", hash, now) == 1, cancellation);
        return done ? await users.FindAsync(account.Id, cancellation) : null;
    }

    private static string Hash(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
