using Beacon.Alerting.Playbooks.Actions.Scripts;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Playbooks.Actions.Scripts;

public sealed class ScriptAccountTests : IDisposable
{
    private readonly string _passwords = Path.GetTempFileName();

    public ScriptAccountTests() => File.WriteAllText(_passwords, "root:x:0:0::/root:/bin/bash\nscripts:x:4711:4712::/:/bin/false\nbeacon:x:99:98::/:/bin/false\ntoor:x:0:0::/:/bin/sh\nodd:x:-1:z::/:/bin/sh\n");

    public void Dispose() => File.Delete(_passwords);

    private (ScriptAccount? Account, Phrase? Fault) Of(string name, bool root, string self)
    {
        if (!File.Exists("/usr/bin/setpriv") && !File.Exists("/bin/setpriv")) Assert.Skip("no setpriv: apt-get install util-linux");
        return ScriptAccount.Of(name, root, self, _passwords);
    }

    [Fact]
    public void Of_Root_GivesItsRightsUp()
    {
        var account = Of("scripts", true, "root").Account!;
        Assert.True(account.Changes);
        Assert.Contains("--reuid=4711 --regid=4712 --clear-groups --inh-caps=-all --no-new-privs --", string.Join(' ', account.Prefix), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_NotRoot_IsOnlyItself()
    {
        var account = Of("beacon", false, "beacon").Account!;
        Assert.False(account.Changes);
        Assert.DoesNotContain("--reuid", string.Join(' ', account.Prefix), StringComparison.Ordinal);
        Assert.Contains("Alerting:Scripts:User to 'beacon'", Of("scripts", false, "beacon").Fault?.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("root", "is root")]
    [InlineData("toor", "is root")]
    [InlineData("nobody-here", "no account")]
    [InlineData("odd", "no account")]
    public void Of_WhatMayNotBe_IsRefused(string name, string why)
    {
        Assert.Contains(why, Of(name, true, "root").Fault?.ToString(), StringComparison.Ordinal);
        Assert.Contains(why, Of(name, false, name).Fault?.ToString(), StringComparison.Ordinal);
    }
}
