using Beacon.Alerting;
using Beacon.Web.Security;

namespace Beacon.Web.Tests.Security;

public sealed class AccountTests : IDisposable
{
    private const string Password = "a long pass phrase 7";
    private readonly SecurityHouse _house = new();

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task Verify_RightPassword_GivesTheAccountWhateverTheCaseOfTheName()
    {
        var made = await _house.Users.CreateAsync("Ingrid", "Ingrid", Password, [RoleNames.Operator], "test");
        Assert.Equal(made.Id, (await _house.Users.VerifyAsync(" iNGRID ", Password))?.Id);
        Assert.DoesNotContain(Password, made.PasswordHash, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ingrid", "a long pass phrase 8")]
    [InlineData("ingrid", "")]
    [InlineData("nobody", Password)]
    [InlineData("", Password)]
    public async Task Verify_WrongPasswordOrUnknownName_IsNull(string name, string password)
    {
        await _house.Users.CreateAsync("ingrid", "Ingrid", Password, [RoleNames.Operator], "test");
        Assert.Null(await _house.Users.VerifyAsync(name, password));
    }

    [Fact]
    public async Task Verify_EndlessPassword_IsNull()
    {
        await _house.Users.CreateAsync("ingrid", "Ingrid", Password, [RoleNames.Operator], "test");
        Assert.Null(await _house.Users.VerifyAsync("ingrid", new string('a', 1_000_000)));
    }

    [Theory]
    [InlineData("INGRID", Password, RoleNames.Operator)]
    [InlineData("", Password, RoleNames.Operator)]
    [InlineData("a\nb", Password, RoleNames.Operator)]
    [InlineData("wei", "short", RoleNames.Operator)]
    [InlineData("thesameasname", "TheSameAsName", RoleNames.Operator)]
    [InlineData("wei", Password, "emperor")]
    [InlineData("wei", Password, RoleNames.System)]
    public async Task Create_TakenShortOrUnknown_IsRefused(string name, string password, string role)
    {
        await _house.Users.CreateAsync("ingrid", "Ingrid", Password, [RoleNames.Operator], "test");
        await Assert.ThrowsAsync<ArgumentException>(() => _house.Users.CreateAsync(name, name, password, [role], "test"));
        Assert.Single(await _house.Users.AllAsync());
    }

    [Fact]
    public async Task SetupToken_Used_WorksOnce()
    {
        var token = await _house.Tokens.CreateAsync();
        Assert.True(await _house.Tokens.IsValidAsync(token));
        var takers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _house.Tokens.UseAsync(token)));
        Assert.Single(takers, taken => taken);
        Assert.False(await _house.Tokens.IsValidAsync(token));
    }

    [Fact]
    public async Task SetupToken_NewerOneOrADayLater_IsNoLongerValid()
    {
        var old = await _house.Tokens.CreateAsync();
        var token = await _house.Tokens.CreateAsync();
        Assert.False(await _house.Tokens.IsValidAsync(old));
        Assert.False(await _house.Tokens.UseAsync(old));
        _house.Clock.Advance(SetupToken.Lifetime);
        Assert.False(await _house.Tokens.IsValidAsync(token));
        Assert.False(await _house.Tokens.UseAsync(token));
        Assert.False(await _house.Tokens.IsValidAsync(""));
    }

    [Fact]
    public async Task ApiKey_RightSecret_OpensUntilItExpires()
    {
        var (key, secret) = await _house.Keys.CreateAsync("shipper", [ApiScopes.Ingest], TimeSpan.FromDays(1), "test");
        Assert.Equal("shipper", (await _house.Keys.VerifyAsync(key.Id, secret))?.Name);
        Assert.Null(await _house.Keys.VerifyAsync(key.Id, secret + "0"));
        Assert.Null(await _house.Keys.VerifyAsync(key.Id, key.SecretHash));
        Assert.Null(await _house.Keys.VerifyAsync("unknown", secret));
        _house.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Null(await _house.Keys.VerifyAsync(key.Id, secret));
    }

    [Fact]
    public async Task ApiKey_Revoked_OpensNothing()
    {
        var (key, secret) = await _house.Keys.CreateAsync("shipper", [ApiScopes.Ingest], null, "test");
        Assert.True(await _house.Keys.RevokeAsync(key.Id, "test"));
        Assert.False(await _house.Keys.RevokeAsync(key.Id, "test"));
        Assert.Null(await _house.Keys.VerifyAsync(key.Id, secret));
    }

    [Theory]
    [InlineData("shipper", "everything")]
    [InlineData("", ApiScopes.Read)]
    [InlineData("a\tb", ApiScopes.Read)]
    public async Task ApiKey_UnknownScopeOrName_IsRefused(string name, string scope) =>
        await Assert.ThrowsAsync<ArgumentException>(() => _house.Keys.CreateAsync(name, [scope], null, "test"));

    [Fact]
    public void SignInLimits_WrongTries_PauseTheNameAndLaterTheAddress()
    {
        using var limits = new SignInLimits(_house.Clock);
        for (var left = SignInLimits.PerName - 1; left >= 0; left--) Assert.Equal(left, limits.Failed("ingrid", "203.0.113.9"));
        Assert.NotNull(limits.LockedUntil(" INGRID ", "198.51.100.1"));
        Assert.Null(limits.LockedUntil("wei", "203.0.113.9"));
        for (var i = 0; i < SignInLimits.PerAddress; i++) limits.Failed("name" + i, "203.0.113.9");
        Assert.NotNull(limits.LockedUntil("wei", "203.0.113.9"));
        _house.Clock.Advance(SignInLimits.Pause);
        Assert.Null(limits.LockedUntil("ingrid", "203.0.113.9"));
    }

    [Fact]
    public void SignInLimits_Success_ForgetsTheTries()
    {
        using var limits = new SignInLimits(_house.Clock);
        for (var i = 1; i < SignInLimits.PerName; i++) limits.Failed("ingrid", "203.0.113.9");
        limits.Succeeded("ingrid", "203.0.113.9");
        Assert.Equal(SignInLimits.PerName - 1, limits.Failed("ingrid", "203.0.113.9"));
    }

    [Theory]
    [InlineData("/rules?rule=1", "/rules?rule=1")]
    [InlineData("/", "/")]
    [InlineData("//evil.example/x", "/live")]
    [InlineData("/\\evil.example", "/live")]
    [InlineData("http://evil.example", "/live")]
    [InlineData("javascript:alert(1)", "/live")]
    [InlineData("/a\r\nSet-Cookie: x", "/live")]
    [InlineData("", "/live")]
    [InlineData(null, "/live")]
    public void LocalPath_AnythingButAPathOfThisSite_IsReplaced(string? path, string expected) => Assert.Equal(expected, LocalPath.Of(path, "/live"));
}
