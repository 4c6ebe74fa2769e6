using Beacon.Alerting.Secrets;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Secrets;

public sealed class SecretVaultTests : IDisposable
{
    private const string Value = "tr0ub4dor\n密码\0&3";

    private static readonly Actor Ann = new("ann", [RoleNames.Administrator]);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-vault-");
    private readonly TestHouse _house;

    public SecretVaultTests() => _house = Open();

    private string KeyFile => Path.Combine(_folder.FullName, "secrets.key");
    private ISecretVault Vault => _house.Get<ISecretVault>();
    private ISecretReader Reader => _house.Get<ISecretReader>();

    private TestHouse Open() => new(o => o.Secrets.KeyFile = KeyFile, directory: _folder.FullName);

    [Fact]
    public async Task Put_NewAndAgain_IsReadAsItWasGiven()
    {
        Assert.Null(await Reader.OpenAsync("smtp"));
        Assert.True((await Vault.PutAsync("smtp", "first", "mail", 0, Ann)).Done);
        var second = await Vault.PutAsync("smtp", Value, "mail", 1, Ann);

        Assert.Equal((2, "ann"), (second.Value!.Version, second.Value.ChangedBy));
        Assert.Equal(Value, await Reader.OpenAsync("smtp"));
    }

    [Fact]
    public async Task Put_Kept_StandsNowhereInTheClear()
    {
        await Vault.PutAsync("smtp", "needle-in-a-haystack", "", 0, Ann);

        var kept = await _house.Database.ReadAsync(c => c.Query("SELECT sealed FROM alerting_secrets", r => r.GetString(0)));
        var audit = await _house.Audit.QueryAsync(new() { Limit = 100 });

        Assert.DoesNotContain("needle", Assert.Single(kept), StringComparison.Ordinal);
        Assert.DoesNotContain(audit, a => (a.Before + a.After + a.Reason).Contains("needle", StringComparison.Ordinal));
        Assert.Contains(audit, a => a is { Action: "secret.put", Object: "secret:smtp", Actor: "ann" });
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
    }

    [Theory]
    [InlineData("", "x", 0, RefusalKind.Invalid)]
    [InlineData("Upper", "x", 0, RefusalKind.Invalid)]
    [InlineData("../up", "x", 0, RefusalKind.Invalid)]
    [InlineData("fine", "", 0, RefusalKind.Invalid)]
    [InlineData("fine", "x", 3, RefusalKind.Conflict)]
    public async Task Put_BadNameValueOrVersion_IsRefused(string name, string value, int version, RefusalKind kind) =>
        Assert.Equal(kind, (await Vault.PutAsync(name, value, "", version, Ann)).Refusal!.Kind);

    [Fact]
    public async Task Put_ByOthersThanAnAdministrator_IsRefused()
    {
        Assert.Equal(RefusalKind.Forbidden, (await Vault.PutAsync("fine", "x", "", 0, new Actor("sue", [RoleNames.Supervisor]))).Refusal!.Kind);
        Assert.Equal(RefusalKind.Forbidden, (await Vault.DeleteAsync("fine", 1, new Actor("sue", [RoleNames.Supervisor]), "why")).Refusal!.Kind);
    }

    [Fact]
    public async Task Open_SealedValueOfAnotherName_IsRefusedByName()
    {
        await Vault.PutAsync("a", "one", "", 0, Ann);
        await Vault.PutAsync("b", "two", "", 0, Ann);
        await _house.Database.WriteAsync(t => t.Execute("UPDATE alerting_secrets SET sealed = (SELECT o.sealed FROM alerting_secrets o WHERE o.name = 'a') WHERE name = 'b'"));

        var fault = await Assert.ThrowsAsync<SecretException>(() => Reader.OpenAsync("b"));

        Assert.Contains("'b' was changed outside of Beacon", fault.Message, StringComparison.Ordinal);
        Assert.Equal("one", await Reader.OpenAsync("a"));
    }

    [Fact]
    public async Task Open_AnyCharacterChanged_IsRefused()
    {
        await Vault.PutAsync("a", "one", "", 0, Ann);
        var kept = (await _house.Database.ReadAsync(c => c.Query("SELECT sealed FROM alerting_secrets", r => r.GetString(0)))).Single();
        for (var i = 0; i < kept.Length; i++)
        {
            if (kept[i] == '=') continue;
            var changed = kept.Remove(i, 1).Insert(i, kept[i] == 'A' ? "B" : "A");
            await _house.Database.WriteAsync(t => t.Execute("UPDATE alerting_secrets SET sealed = @p0", changed));
            // The last digit of base64 may hold bits that mean nothing.
            if (Convert.FromBase64String(changed).AsSpan().SequenceEqual(Convert.FromBase64String(kept))) continue;
            await Assert.ThrowsAsync<SecretException>(() => Reader.OpenAsync("a"));
        }
    }

    [Fact]
    public async Task Open_KeyFileLostOrOpenToOthers_SaysWhich()
    {
        await Vault.PutAsync("a", "one", "", 0, Ann);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
            Assert.Contains("can be read by others", (await Assert.ThrowsAsync<SecretException>(() => Reader.OpenAsync("a"))).Message, StringComparison.Ordinal);
            Assert.Equal(RefusalKind.Invalid, (await Vault.PutAsync("b", "two", "", 0, Ann)).Refusal!.Kind);
        }
        File.Delete(KeyFile);
        Assert.Contains("does not have", (await Assert.ThrowsAsync<SecretException>(() => Reader.OpenAsync("a"))).Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(KeyFile, "0000 rubbish\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Contains("is no key file", (await Assert.ThrowsAsync<SecretException>(() => Reader.OpenAsync("a"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rotate_TwiceAtOnce_LeavesEverySecretReadableWithOneKey()
    {
        for (var i = 0; i < 20; i++) await Vault.PutAsync("s" + i, "value " + i, "", 0, Ann);
        using var other = Open();

        await Task.WhenAll(Vault.RotateAsync(Ann), other.Get<ISecretVault>().RotateAsync(Ann));

        for (var i = 0; i < 20; i++) Assert.Equal("value " + i, await Reader.OpenAsync("s" + i));
        Assert.InRange((await File.ReadAllLinesAsync(KeyFile)).Length, 1, 2);
        Assert.Equal(20, await Vault.RotateAsync(Ann));
        Assert.Single(await File.ReadAllLinesAsync(KeyFile));
    }

    [Fact]
    public async Task Delete_Named_IsGoneAndRecorded()
    {
        await Vault.PutAsync("a", "one", "", 0, Ann);
        Assert.Equal(RefusalKind.Conflict, (await Vault.DeleteAsync("a", 2, Ann, "old")).Refusal!.Kind);
        Assert.Equal(RefusalKind.Invalid, (await Vault.DeleteAsync("a", 1, Ann, " ")).Refusal!.Kind);
        Assert.True((await Vault.DeleteAsync("a", 1, Ann, "old")).Done);

        Assert.Null(await Reader.OpenAsync("a"));
        Assert.Empty(await Vault.ListAsync());
        Assert.Equal(RefusalKind.NotFound, (await Vault.DeleteAsync("a", 1, Ann, "old")).Refusal!.Kind);
    }

    public void Dispose()
    {
        _house.Dispose();
        _folder.Delete(recursive: true);
    }
}
