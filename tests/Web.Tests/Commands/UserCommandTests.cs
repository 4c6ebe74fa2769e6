using Beacon.Alerting;
using Beacon.Alerting.Audit;
using Beacon.Events;
using Beacon.Web.Commands;
using Beacon.Web.Security;
using Beacon.Web.Tests.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Beacon.Web.Tests.Commands;

/// <summary>Accounts changed by the command line beside a running Beacon.</summary>
public sealed class UserCommandTests(RunningBeacon beacon) : IClassFixture<RunningBeacon>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private T Service<T>() where T : notnull => beacon.Host.Services.GetRequiredService<T>();

    private string Data => Path.GetDirectoryName(Service<IOptions<AlertingOptions>>().Value.Evidence.Directory)!;

    [Fact]
    public async Task User_RolesLockAndUnlock_ChangeTheAccountAndAreRecorded()
    {
        await Service<UserDirectory>().CreateAsync("mara", "Mara", "a long pass phrase 7", [RoleNames.Operator], "test", Stop);
        Assert.Equal(0, await RunAsync("roles", "Mara", "--role", "responder", "--role", "owner"));
        Assert.Equal([RoleNames.Responder, RoleNames.Owner], (await AccountAsync("mara")).Roles);
        Assert.Equal(0, await RunAsync("lock", "mara", "--reason", "left the team"));
        Assert.True((await AccountAsync("mara")).Disabled);
        Assert.Equal(0, await RunAsync("unlock", "mara"));
        Assert.False((await AccountAsync("mara")).Disabled);
        var told = await Service<IAuditTrail>().QueryAsync(new AuditQuery { Object = "user:mara" }, Stop);
        Assert.Equal(["user.unlock", "user.lock", "user.roles", "user.create"], told.Select(e => e.Action));
        Assert.Equal(("command line", "left the team"), (told[1].Actor, told[1].Reason));
    }

    [Fact]
    public async Task User_TheLastAdministrator_StaysOne()
    {
        await Service<UserDirectory>().CreateAsync("root", "Root", "a long pass phrase 7", [RoleNames.Administrator], "test", Stop);
        Assert.Equal(1, await RunAsync("lock", "root", "--reason", "x"));
        Assert.Equal(1, await RunAsync("roles", "root", "--role", "operator"));
        Assert.True(await AccountAsync("root") is { Disabled: false, Roles: [RoleNames.Administrator] });
    }

    [Theory]
    [InlineData("lock", "nobody", "--reason", "x")]
    [InlineData("unlock", "nobody")]
    [InlineData("lock", "visitor")]
    [InlineData("roles", "visitor", "--role", "emperor")]
    public async Task User_WhatMakesNoSense_EndsWithAnError(params string[] words)
    {
        Assert.NotEqual(0, await RunAsync(words));
        Assert.True(await AccountAsync("visitor") is { Disabled: false, Roles: [RoleNames.Operator] });
    }

    private Task<int> RunAsync(params string[] words) => UserCommand.Create().Parse([.. words, "--data", Data]).InvokeAsync(null, Stop);

    // As another process reads it, without what the running one remembers.
    private async Task<UserAccount> AccountAsync(string name) =>
        (await new UserDirectory(Service<IStateDatabase>(), Service<IAuditTrail>(), TimeProvider.System).AllAsync(Stop)).Single(u => u.Name == name);
}
