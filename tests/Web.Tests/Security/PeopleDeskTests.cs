using System.Data.Common;
using Beacon.Alerting;
using Beacon.Alerting.Audit;
using Beacon.Events;
using Beacon.Web.Security;

namespace Beacon.Web.Tests.Security;

public sealed class PeopleDeskTests : IDisposable
{
    private const string Password = "a long pass phrase 7";
    private static readonly Actor Ann = new("ann", [RoleNames.Administrator]);
    private readonly SecurityHouse _house = new();

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task Add_ThenItsLink_LetsThePersonChooseThePassword()
    {
        await AnnAsync();
        var made = await _house.Desk.AddAsync(" wei ", "Wei Tan", [RoleNames.Operator], Ann);
        Assert.True(made.Done);
        Assert.Equal("wei", (await _house.Links.FindAsync(made.Secret!))?.Name);
        var account = await _house.Links.UseAsync(made.Secret!, Password);
        Assert.Equal("Wei Tan", account?.Display);
        Assert.NotNull(await _house.Users.VerifyAsync("wei", Password));
        Assert.Null(await _house.Links.UseAsync(made.Secret!, Password + "8"));
        Assert.Equal(["user.password", "user.reset-link", "user.create"], await ActionsAsync("user:wei"));
    }

    [Fact]
    public async Task Link_NewerOneADayLaterOrALockedAccount_DoesNotWork()
    {
        await AnnAsync();
        var (old, id) = await WeiAsync();
        var token = (await _house.Desk.LinkAsync(id, Ann)).Secret!;
        Assert.Null(await _house.Links.FindAsync(old));
        Assert.NotNull(await _house.Links.FindAsync(token));
        await Assert.ThrowsAsync<ArgumentException>(() => _house.Links.UseAsync(token, "short"));
        Assert.NotNull(await _house.Links.FindAsync(token));
        _house.Clock.Advance(ResetLinks.Lifetime);
        Assert.Null(await _house.Links.UseAsync(token, Password));

        var another = (await _house.Desk.LinkAsync(id, Ann)).Secret!;
        Assert.True((await _house.Desk.SetLockedAsync(id, true, "left", Ann)).Done);
        Assert.Null(await _house.Links.UseAsync(another, Password));
        Assert.Equal(PeopleRefusal.Gone, (await _house.Desk.LinkAsync(id, Ann)).Refusal);
        Assert.True((await _house.Desk.SetLockedAsync(id, false, "", Ann)).Done);
        Assert.Null(await _house.Links.FindAsync(another));
    }

    [Fact]
    public async Task Use_ManyAtOnce_OneSetsThePassword()
    {
        await AnnAsync();
        var (token, _) = await WeiAsync();
        var takers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _house.Links.UseAsync(token, Password + i)));
        Assert.Single(takers, t => t is not null);
    }

    [Fact]
    public async Task Use_DatabaseThatFailsHalfway_LeavesTheLink()
    {
        await AnnAsync();
        var (token, _) = await WeiAsync();
        await _house.State.WriteAsync(static t => t.Execute("CREATE TRIGGER full BEFORE UPDATE OF password_hash ON users BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"));
        await Assert.ThrowsAnyAsync<DbException>(() => _house.Links.UseAsync(token, Password));
        await _house.State.WriteAsync(static t => t.Execute("DROP TRIGGER full"));
        Assert.NotNull(await _house.Links.UseAsync(token, Password));
    }

    [Fact]
    public async Task Change_RolesLockAndSessions_EndTheSessionsAndAreRecorded()
    {
        await AnnAsync();
        var (_, id) = await WeiAsync();
        var stamps = new List<string> { (await _house.Users.FindAsync(id))!.Stamp };
        Assert.True((await _house.Desk.SetRolesAsync(id, [RoleNames.Responder, RoleNames.Owner], Ann)).Done);
        stamps.Add((await _house.Users.FindAsync(id))!.Stamp);
        Assert.Equal([RoleNames.Responder, RoleNames.Owner], (await _house.Users.FindAsync(id))!.Roles);
        Assert.True((await _house.Desk.EndSessionsAsync(id, Ann)).Done);
        stamps.Add((await _house.Users.FindAsync(id))!.Stamp);
        Assert.True((await _house.Desk.SetLockedAsync(id, true, "left the house", Ann)).Done);
        stamps.Add((await _house.Users.FindAsync(id))!.Stamp);
        Assert.True((await _house.Users.FindAsync(id))!.Disabled);
        Assert.Equal(4, stamps.Distinct().Count());
        Assert.Equal(["user.lock", "user.sessions", "user.roles", "user.reset-link", "user.create"], await ActionsAsync("user:wei"));
        var locked = (await _house.Audit.QueryAsync(new AuditQuery { Action = "user.lock" }))[0];
        Assert.Equal(("ann", "left the house"), (locked.Actor, locked.Reason));
        var roles = (await _house.Audit.QueryAsync(new AuditQuery { Action = "user.roles" }))[0];
        Assert.Equal(("operator", "responder owner"), (roles.Before, roles.After));
    }

    [Fact]
    public async Task Change_LastAdministrator_StaysOne()
    {
        var ann = await AnnAsync();
        var (_, wei) = await WeiAsync();
        Assert.Equal(PeopleRefusal.LastAdministrator, (await _house.Desk.SetRolesAsync(ann, [RoleNames.Operator], Ann)).Refusal);
        Assert.Equal(PeopleRefusal.Yourself, (await _house.Desk.SetLockedAsync(ann, true, "", Ann)).Refusal);
        var other = new Actor("somebody", [RoleNames.Administrator]);
        Assert.Equal(PeopleRefusal.LastAdministrator, (await _house.Desk.SetLockedAsync(ann, true, "", other)).Refusal);
        Assert.True((await _house.Desk.SetRolesAsync(wei, [RoleNames.Administrator], Ann)).Done);
        Assert.True((await _house.Desk.SetLockedAsync(ann, true, "", other)).Done);
        Assert.Equal(PeopleRefusal.LastAdministrator, (await _house.Desk.SetRolesAsync(wei, [RoleNames.Owner], other)).Refusal);
    }

    [Theory]
    [InlineData(RoleNames.Operator)]
    [InlineData(RoleNames.Supervisor)]
    [InlineData(RoleNames.Owner)]
    public async Task Change_ByAnybodyElse_IsRefused(string role)
    {
        await AnnAsync();
        var (_, id) = await WeiAsync();
        var key = (await _house.Desk.AddKeyAsync("shipper", [ApiScopes.Ingest], 30, Ann)).Id!;
        var other = new Actor("other", [role]);
        PeopleOutcome[] all =
        [
            await _house.Desk.AddAsync("x", "", [RoleNames.Operator], other), await _house.Desk.LinkAsync(id, other), await _house.Desk.SetRolesAsync(id, [RoleNames.Administrator], other), await _house.Desk.SetLockedAsync(id, true, "", other),
            await _house.Desk.EndSessionsAsync(id, other), await _house.Desk.AddKeyAsync("x", [ApiScopes.Read], null, other), await _house.Desk.RevokeKeyAsync(key, other),
        ];
        Assert.All(all, o => Assert.Equal(PeopleRefusal.NotAdministrator, o.Refusal));
        Assert.Equal(2, (await _house.Users.AllAsync()).Count);
        Assert.Null(Assert.Single(await _house.Keys.AllAsync()).RevokedAt);
    }

    [Fact]
    public async Task Add_BadNamesAndChoices_AreRefusedInTurn()
    {
        await AnnAsync();
        Assert.Equal(PeopleRefusal.NameTaken, (await _house.Desk.AddAsync("ANN", "", [RoleNames.Operator], Ann)).Refusal);
        Assert.Equal(PeopleRefusal.BadName, (await _house.Desk.AddAsync("a\nb", "", [RoleNames.Operator], Ann)).Refusal);
        Assert.Equal(PeopleRefusal.BadChoice, (await _house.Desk.AddAsync("wei", "", [], Ann)).Refusal);
        Assert.Equal(PeopleRefusal.BadChoice, (await _house.Desk.AddAsync("wei", "", ["emperor"], Ann)).Refusal);
        Assert.Equal(PeopleRefusal.BadLifetime, (await _house.Desk.AddKeyAsync("x", [ApiScopes.Read], 0, Ann)).Refusal);
        Assert.Equal(PeopleRefusal.BadChoice, (await _house.Desk.AddKeyAsync("x", [], 1, Ann)).Refusal);
        Assert.Equal(PeopleRefusal.Gone, (await _house.Desk.EndSessionsAsync("nobody", Ann)).Refusal);
        Assert.Equal(PeopleRefusal.Gone, (await _house.Desk.RevokeKeyAsync("nothing", Ann)).Refusal);
    }

    [Fact]
    public async Task Key_MadeAndRevoked_OpensUntilThen()
    {
        var made = await _house.Desk.AddKeyAsync("shipper", [ApiScopes.Ingest, ApiScopes.Read], 30, Ann);
        Assert.Equal(30, ((await _house.Keys.VerifyAsync(made.Id!, made.Secret!))!.ExpiresAt - _house.Clock.GetUtcNow())!.Value.TotalDays);
        Assert.True((await _house.Desk.RevokeKeyAsync(made.Id!, Ann)).Done);
        Assert.Null(await _house.Keys.VerifyAsync(made.Id!, made.Secret!));
    }

    private async Task<string> AnnAsync() => (await _house.Users.CreateAsync("ann", "Ann", Password, [RoleNames.Administrator], "test")).Id;

    private async Task<(string Token, string Id)> WeiAsync()
    {
        var made = await _house.Desk.AddAsync("wei", "Wei", [RoleNames.Operator], Ann);
        return (made.Secret!, made.Id!);
    }

    private async Task<IEnumerable<string>> ActionsAsync(string target) => (await _house.Audit.QueryAsync(new AuditQuery { Object = target })).Select(e => e.Action);
}
