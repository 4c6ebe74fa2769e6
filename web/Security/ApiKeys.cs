using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Beacon.Alerting.Audit;
using Beacon.Events;

namespace Beacon.Web.Security;

/// <summary>What a program may do with its key.</summary>
public static class ApiScopes
{
    /// <summary>Send events.</summary>
    public const string Ingest = "ingest";
    /// <summary>Read alerts, warnings, incidents and events, and follow the hub.</summary>
    public const string Read = "read";
    /// <summary>Change them, as an operator would.</summary>
    public const string Operate = "operate";

    /// <summary>All scopes.</summary>
    public static readonly IReadOnlyList<string> All = [Ingest, Read, Operate];
}

/// <summary>A key for a program.</summary>
/// <param name="Id">12 hexadecimal digits; no secret.</param>
/// <param name="ExpiresAt">Null for a key that does not end.</param>
/// <param name="SecretHash">SHA-256 of the secret, hexadecimal.</param>
public sealed record ApiKey(string Id, string Name, IReadOnlyList<string> Scopes, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, string SecretHash);

/// <summary>Keys for programs. The secret is shown once; only its hash is kept.</summary>
public sealed class ApiKeys(IStateDatabase state, IAuditTrail audit, TimeProvider clock)
{
    /// <summary>Keys at most, revoked ones included.</summary>
    public const int MaxKeys = 10_000;

    private volatile FrozenDictionary<string, ApiKey>? _byId;
    private long _loadedAt;

    /// <summary>All keys, revoked and expired ones too, in no order.</summary>
    public async Task<IReadOnlyCollection<ApiKey>> AllAsync(CancellationToken cancellation = default) => (await LoadAsync(cancellation)).Values;

    /// <summary>Makes a key and records it in the audit trail.</summary>
    /// <param name="lifetime">Null for a key that does not end.</param>
    /// <param name="by">Who makes it.</param>
    /// <returns>The key and the secret, which is never shown again.</returns>
    /// <exception cref="ArgumentException">The name or a scope is not one, or there are too many keys.</exception>
    public async Task<(ApiKey Key, string Secret)> CreateAsync(string name, IReadOnlyList<string> scopes, TimeSpan? lifetime, string by, CancellationToken cancellation = default)
    {
        name = name.Trim();
        if (name.Length is 0 or > 64 || name.Any(char.IsControl)) throw new ArgumentException("A key's name has 1 to 64 characters.");
        if (scopes.Count == 0 || scopes.Except(ApiScopes.All).Any()) throw new ArgumentException($"Scopes are {string.Join(", ", ApiScopes.All)}.");
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        var now = clock.GetUtcNow();
        var key = new ApiKey(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)), name, [.. scopes.Distinct()], by, now, now + lifetime, null, Hash(secret));
        await state.WriteAsync(t =>
        {
            if (t.Scalar<long>("SELECT count(*) FROM api_keys") >= MaxKeys) throw new ArgumentException($"There are {MaxKeys} keys already.");
            t.Execute(
                "INSERT INTO api_keys(id, name, secret_hash, scopes, created_by, created_at, expires_at) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6)",
                key.Id, key.Name, key.SecretHash, string.Join(' ', key.Scopes), by, now, key.ExpiresAt);
            return audit.Append(t, new AuditRecord(by, "key.create", $"key:{key.Name} ({key.Id})", "", string.Join(' ', key.Scopes)));
        }, cancellation);
        _byId = null;
        return (key, secret);
    }

    /// <summary>Ends a key: here at once, in other processes within two seconds.</summary>
    /// <returns>False where there is no such key or it was revoked before.</returns>
    public async Task<bool> RevokeAsync(string id, string by, CancellationToken cancellation = default)
    {
        var done = await state.WriteAsync(t =>
        {
            if (t.Execute("UPDATE api_keys SET revoked_at = @p1 WHERE id = @p0 AND revoked_at IS NULL", id, clock.GetUtcNow()) == 0) return false;
            audit.Append(t, new AuditRecord(by, "key.revoke", $"key:{id}"));
            return true;
        }, cancellation);
        _byId = null;
        return done;
    }

    /// <summary>The key that this id and secret open now, or null.</summary>
    public async ValueTask<ApiKey?> VerifyAsync(string id, string secret, CancellationToken cancellation = default)
    {
        if (!(await LoadAsync(cancellation)).TryGetValue(id, out var key)) return null;
        var matches = CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(key.SecretHash), Encoding.ASCII.GetBytes(Hash(secret)));
        return matches && key.RevokedAt is null && (key.ExpiresAt is null || key.ExpiresAt > clock.GetUtcNow()) ? key : null;
    }

    private async ValueTask<FrozenDictionary<string, ApiKey>> LoadAsync(CancellationToken cancellation)
    {
        // Keys made by the command line in another process are seen within two seconds.
        if (_byId is { } loaded && clock.GetElapsedTime(Interlocked.Read(ref _loadedAt)) < TimeSpan.FromSeconds(2)) return loaded;
        var keys = await state.ReadAsync(c => c.Query(
            "SELECT id, name, scopes, created_by, created_at, expires_at, revoked_at, secret_hash FROM api_keys",
            r => new ApiKey(r.GetString(0), r.GetString(1), r.GetString(2).Split(' '), r.GetString(3), r.Instant(4), r.InstantOrNull(5), r.InstantOrNull(6), r.GetString(7))), cancellation);
        Interlocked.Exchange(ref _loadedAt, clock.GetTimestamp());
        return _byId = keys.ToFrozenDictionary(k => k.Id);
    }

    private static string Hash(string secret) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
