using System.Collections.Frozen;
using System.Data.Common;
using System.Security.Cryptography;
using Beacon.Alerting;
using Beacon.Alerting.Audit;
using Beacon.Events;
using Microsoft.AspNetCore.Identity;

namespace Beacon.Web.Security;

/// <summary>The people who may sign in: kept in the state database, answered from memory.</summary>
public sealed class UserDirectory(IStateDatabase state, IAuditTrail audit, TimeProvider clock)
{
    /// <summary>Shortest password, in UTF-16 units.</summary>
    public const int MinPasswordLength = 12;
    /// <summary>Longest password, in UTF-16 units.</summary>
    public const int MaxPasswordLength = 256;
    /// <summary>Longest name, in UTF-16 units.</summary>
    public const int MaxNameLength = 64;
    /// <summary>Accounts at most.</summary>
    public const int MaxUsers = 10_000;

    /// <summary>Roles that an account may have.</summary>
    public static IReadOnlyList<string> KnownRoles { get; } = [RoleNames.Operator, RoleNames.Responder, RoleNames.Owner, RoleNames.Supervisor, RoleNames.Administrator];

    private readonly PasswordHasher<UserAccount> _hasher = new();
    // Verified against when the name is unknown, so that an unknown name takes as long as a wrong password.
    private readonly string _nobody = new PasswordHasher<UserAccount>().HashPassword(null!, Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));
    private volatile FrozenDictionary<string, UserAccount>? _byId;
    private long _loadedAt;

    /// <summary>False until the first administrator was made.</summary>
    public async Task<bool> AnyAsync(CancellationToken cancellation = default) => (await AllAsync(cancellation)).Count > 0;

    /// <summary>All accounts, in no order.</summary>
    public async Task<IReadOnlyCollection<UserAccount>> AllAsync(CancellationToken cancellation = default) => (await LoadAsync(cancellation)).Values;

    /// <summary>The account of this id, or null.</summary>
    public async Task<UserAccount?> FindAsync(string id, CancellationToken cancellation = default) => (await LoadAsync(cancellation)).GetValueOrDefault(id);

    /// <summary>The account whose name and password these are, or null.</summary>
    public async Task<UserAccount?> VerifyAsync(string name, string password, CancellationToken cancellation = default)
    {
        var account = (await LoadAsync(cancellation)).Values.FirstOrDefault(u => string.Equals(u.Name, name.Trim(), StringComparison.OrdinalIgnoreCase));
        if (password.Length > MaxPasswordLength) password = "";
        var result = _hasher.VerifyHashedPassword(account!, account?.PasswordHash ?? _nobody, password);
        return account is { Disabled: false } && result != PasswordVerificationResult.Failed ? account : null;
    }

    /// <summary>Looks at what a new account would be, without making it.</summary>
    /// <returns>Null, or why the account can't be made.</returns>
    public static string? Check(string name, string password, IReadOnlyList<string> roles)
    {
        name = name.Trim();
        if (name.Length is 0 or > MaxNameLength || name.Any(char.IsControl)) return $"A name has 1 to {MaxNameLength} characters.";
        if (password.Length is < MinPasswordLength or > MaxPasswordLength) return $"A password has {MinPasswordLength} to {MaxPasswordLength} characters.";
        if (string.Equals(name, password, StringComparison.OrdinalIgnoreCase)) return "The password is the name.";
        if (roles.Count == 0 || roles.Except(KnownRoles).Any()) return $"Roles are {string.Join(", ", KnownRoles)}.";
        return null;
    }

    /// <summary>Makes an account and records it in the audit trail.</summary>
    /// <param name="by">Who makes it.</param>
    /// <exception cref="ArgumentException">See <see cref="Check"/>; or the name is taken, or there are <see cref="MaxUsers"/> already.</exception>
    public async Task<UserAccount> CreateAsync(string name, string display, string password, IReadOnlyList<string> roles, string by, CancellationToken cancellation = default)
    {
        if (Check(name, password, roles) is { } fault) throw new ArgumentException(fault);
        var account = new UserAccount(Guid.NewGuid().ToString("N"), name.Trim(), display.Trim() is { Length: > 0 } d ? d[..Math.Min(d.Length, MaxNameLength)] : name.Trim(), "", [.. roles.Distinct()], NewStamp(), false, clock.GetUtcNow());
        account = account with { PasswordHash = _hasher.HashPassword(account, password) };
        await state.WriteAsync(transaction =>
        {
            if (transaction.Scalar<long>("SELECT count(*) FROM users WHERE folded_name = @p0", Fold(account.Name)) > 0) throw new ArgumentException($"The name '{account.Name}' is taken.");
            if (transaction.Scalar<long>("SELECT count(*) FROM users") >= MaxUsers) throw new ArgumentException($"There are {MaxUsers} accounts already.");
            transaction.Execute(
                "INSERT INTO users(id, name, folded_name, display, password_hash, roles, stamp, disabled, created_at) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, 0, @p7)",
                account.Id, account.Name, Fold(account.Name), account.Display, account.PasswordHash, string.Join(' ', account.Roles), account.Stamp, account.CreatedAt);
            return audit.Append(transaction, new AuditRecord(by, "user.create", $"user:{account.Name}", "", string.Join(' ', account.Roles)));
        }, cancellation);
        _byId = null;
        return account;
    }

    /// <summary>Gives an account another password and ends its sessions.</summary>
    /// <returns>False where there is no account of that name.</returns>
    /// <exception cref="ArgumentException">The password is not one: see <see cref="Check"/>.</exception>
    public async Task<bool> SetPasswordAsync(string name, string password, string by, CancellationToken cancellation = default)
    {
        var account = (await LoadAsync(cancellation)).Values.FirstOrDefault(u => string.Equals(u.Name, name.Trim(), StringComparison.OrdinalIgnoreCase));
        return account is not null && await SetPasswordAsync(account, password, by, static _ => true, cancellation);
    }

    /// <summary>Gives an account another password where the transaction may: what that takes is taken with it, or not at all.</summary>
    /// <returns>False where it may not, or the account is gone.</returns>
    /// <exception cref="ArgumentException">The password is not one: see <see cref="Check"/>; nothing was asked.</exception>
    internal async Task<bool> SetPasswordAsync(UserAccount account, string password, string by, Func<DbTransaction, bool> may, CancellationToken cancellation)
    {
        if (Check(account.Name, password, account.Roles) is { } fault) throw new ArgumentException(fault);
        var hash = _hasher.HashPassword(account, password);
        var done = await state.WriteAsync(transaction =>
        {
            if (!may(transaction) || transaction.Execute("UPDATE users SET password_hash = @p1, stamp = @p2 WHERE id = @p0", account.Id, hash, NewStamp()) == 0) return false;
            audit.Append(transaction, new AuditRecord(by, "user.password", $"user:{account.Name}"));
            return true;
        }, cancellation);
        _byId = null;
        return done;
    }

    private const string Columns = "id, name, display, password_hash, roles, stamp, disabled, created_at";

    /// <summary>An account as it stands within a transaction.</summary>
    internal static UserAccount? Read(DbTransaction transaction, string id) => transaction.Query($"SELECT {Columns} FROM users WHERE id = @p0", Map, id).FirstOrDefault();

    /// <summary>What is answered from memory is read anew.</summary>
    internal void Forget() => _byId = null;

    private static UserAccount Map(DbDataReader r) =>
        new(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4).Split(' '), r.GetString(5), r.GetInt64(6) != 0, r.Instant(7));

    private async ValueTask<FrozenDictionary<string, UserAccount>> LoadAsync(CancellationToken cancellation)
    {
        // Accounts made or changed by the command line in another process are seen within two seconds.
        if (_byId is { } loaded && clock.GetElapsedTime(Interlocked.Read(ref _loadedAt)) < TimeSpan.FromSeconds(2)) return loaded;
        var users = await state.ReadAsync(c => c.Query($"SELECT {Columns} FROM users", Map), cancellation);
        Interlocked.Exchange(ref _loadedAt, clock.GetTimestamp());
        return _byId = users.ToFrozenDictionary(u => u.Id);
    }

    private static string Fold(string name) => name.ToUpperInvariant();
    private static string NewStamp() => Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
}
