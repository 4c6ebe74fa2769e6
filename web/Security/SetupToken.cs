using System.Security.Cryptography;
using System.Text;
using Beacon.Events;

namespace Beacon.Web.Security;

/// <summary>The one-time secret of the link that creates the first administrator. Only its hash is kept; it ends after a day, with its use, or with the next start.</summary>
public sealed class SetupToken(IStateDatabase state, TimeProvider clock)
{
    /// <summary>How long a link works.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>Makes a token in place of the one before.</summary>
    public async Task<string> CreateAsync(CancellationToken cancellation = default)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));
        await state.WriteAsync(t => t.Execute(
            "INSERT INTO setup_token(only_one, token_hash, expires_at) VALUES (1, @p0, @p1) ON CONFLICT(only_one) DO UPDATE SET token_hash = excluded.token_hash, expires_at = excluded.expires_at",
            Hash(token), clock.GetUtcNow() + Lifetime), cancellation);
        return token;
    }

    /// <summary>Whether the token would work now; does not take it.</summary>
    public async Task<bool> IsValidAsync(string token, CancellationToken cancellation = default)
    {
        var rows = await state.ReadAsync(c => c.Query("SELECT token_hash, expires_at FROM setup_token", r => (Hash: r.GetString(0), Expires: r.Instant(1))), cancellation);
        return rows.Count == 1 && rows[0].Expires > clock.GetUtcNow()
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(rows[0].Hash), Encoding.ASCII.GetBytes(Hash(token)));
    }

    /// <summary>Takes the token: true for one caller only.</summary>
    public Task<bool> UseAsync(string token, CancellationToken cancellation = default) =>
        state.WriteAsync(t => t.Execute("DELETE FROM setup_token WHERE token_hash = @p0 AND expires_at > @p1", Hash(token), clock.GetUtcNow()) == 1, cancellation);

    private static string Hash(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
