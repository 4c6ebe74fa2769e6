using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Playbooks.Actions;
using Beacon.Alerting.Secrets;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Playbooks.Actions;

public sealed class VaultSecretsTests
{
    private const string Key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ\n-----END OPENSSH PRIVATE KEY-----\n";

    private static AuthenticationInfo Kms(string identifier, string type = "user-auth", string user = "") => new("user-auth--1", type, "", user, "", "", true, identifier);

    private static async Task<(PlaybookSecret? Secret, Phrase? Fault)> ResolveAsync(AuthenticationInfo authentication, params (string, string)[] kept) =>
        await new VaultSecrets(new FixedSecrets(kept)).ResolveAsync(authentication, TestContext.Current.CancellationToken);

    [Theory]
    [InlineData("fw", "", "svc-beacon:pa:ss\n", "svc-beacon", "pa:ss")]
    [InlineData("secret:fw", "", "root:x", "root", "x")]
    [InlineData("secret:fw", "admin", "pa:ss", "admin", "pa:ss")]
    public async Task Resolve_Password_WithItsUser(string identifier, string user, string value, string name, string password)
    {
        var (secret, fault) = await ResolveAsync(Kms(identifier, user: user), ("fw", value));
        Assert.Null(fault);
        Assert.Equal((name, password, ""), (secret!.UserName, secret.Secret, secret.PrivateKey));
    }

    [Theory]
    [InlineData("root", Key)]
    [InlineData("", "root:" + Key)]
    public async Task Resolve_PrivateKey_IsKnownByItsHead(string user, string value) =>
        Assert.Equal(new PlaybookSecret("root", "", Key), (await ResolveAsync(Kms("k", user: user), ("k", value))).Secret);

    [Fact]
    public async Task Resolve_Token_IsTakenWhole() => Assert.Equal("Bearer a:b", (await ResolveAsync(Kms("t", "oauth2"), ("t", "Bearer a:b"))).Secret!.Secret);

    [Theory]
    [InlineData("none", "no secret 'none'")]
    [InlineData("plain", "'user:password'")]
    [InlineData("../x", "is no name")]
    [InlineData("", "names a secret")]
    public async Task Resolve_Unusable_SaysWhyAndNeverTheValue(string identifier, string said)
    {
        var (secret, fault) = await ResolveAsync(Kms(identifier), ("plain", "hunter2"));
        Assert.Null(secret);
        Assert.Contains(said, fault!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resolve_TamperedSecret_IsAFault()
    {
        var folder = Directory.CreateTempSubdirectory("beacon-vault-");
        try
        {
            using var house = new TestHouse(o => o.Secrets.KeyFile = Path.Combine(folder.FullName, "secrets.key"));
            await house.Get<ISecretVault>().PutAsync("fw", "root:hunter2", "", 0, new Actor("ann", [RoleNames.Administrator]), TestContext.Current.CancellationToken);
            Assert.Equal("hunter2", (await house.Get<IPlaybookSecrets>().ResolveAsync(Kms("fw"), default)).Secret!.Secret);
            File.Delete(Path.Combine(folder.FullName, "secrets.key"));
            Assert.Contains("key", (await house.Get<IPlaybookSecrets>().ResolveAsync(Kms("fw"), default)).Fault!.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(true);
        }
    }

    [Fact]
    public void Refusal_SecretFromAVariable_PointsToTheVault() =>
        Assert.Contains("vault", FixedSecrets.None.Refusal(new AuthenticationInfo("a", "user-auth", "", "u", "__pw__:value", "", false, ""))?.ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("p\"ss wörd")]
    [InlineData("p\\u0022ss w\\u00F6rd")]
    [InlineData("p%22ss%20w%C3%B6rd")]
    [InlineData("cCJzcyB3w7ZyZA==")]
    public void Forms_OfASecret_HoldWhatATargetMayEcho(string form) => Assert.Contains(form, SecretForms.Of(new PlaybookSecret("u", "p\"ss wörd")));

    [Fact]
    public void Forms_OfAKey_HoldEachLine() => Assert.Contains("b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ", SecretForms.Of(new PlaybookSecret("u", "", Key)));
}
