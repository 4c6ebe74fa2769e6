using Beacon.Alerting.Audit;
using Beacon.Alerting.Desks;

namespace Beacon.Alerting.Tests.Desks;

public sealed class ViewTests
{
    private static readonly Actor Ann = new("ann"), Ben = new("ben");

    [Fact]
    public async Task Create_View_IsListedToItsOwnerAndAudited()
    {
        using var house = new TestHouse();
        var views = house.Get<IViewService>();
        var made = await views.CreateAsync("live", " Critical at night ", "?tab=needs&sev=Critical", Ann);
        Assert.True(made.Done);
        Assert.Equal(("Critical at night", "tab=needs&sev=Critical", 1), (made.Value.Name, made.Value.Query, made.Value.Version));
        Assert.Equal(made.Value, Assert.Single(await views.ListAsync("live", Ann)));
        Assert.Empty(await views.ListAsync("live", Ben));
        Assert.Empty(await views.ListAsync("search", Ann));
        Assert.Equal("view.create", Assert.Single(await house.Audit.QueryAsync(new AuditQuery { Object = $"view:{made.Value.Id}" })).Action);
    }

    [Fact]
    public async Task Change_OldVersionOrAnothersView_IsRefused()
    {
        using var house = new TestHouse();
        var views = house.Get<IViewService>();
        var made = (await views.CreateAsync("search", "a", "q=1", Ann)).Value!;
        var changed = (await views.ChangeAsync(made.Id, 1, "b", "q=2", Ann)).Value!;
        Assert.Equal(("b", "q=2", 2), (changed.Name, changed.Query, changed.Version));
        Assert.Equal(RefusalKind.Conflict, (await views.ChangeAsync(made.Id, 1, "c", "q=3", Ann)).Refusal!.Kind);
        Assert.Equal(RefusalKind.NotFound, (await views.ChangeAsync(made.Id, 2, "c", "q=3", Ben)).Refusal!.Kind);
        Assert.Equal(RefusalKind.NotFound, (await views.RemoveAsync(made.Id, 2, Ben)).Refusal!.Kind);
        Assert.Equal(RefusalKind.Conflict, (await views.RemoveAsync(made.Id, 1, Ann)).Refusal!.Kind);
        Assert.True((await views.RemoveAsync(made.Id, 2, Ann)).Done);
        Assert.Empty(await views.ListAsync("search", Ann));
    }

    [Theory]
    [InlineData("rules", "a", "q=1")]
    [InlineData("live", "", "q=1")]
    [InlineData("live", "a\u0007b", "q=1")]
    [InlineData("live", "a", "q=1#part")]
    [InlineData("live", "taken", "q=1")]
    public async Task Create_WhatMakesNoSense_IsRefusedAndNothingKept(string page, string name, string query)
    {
        using var house = new TestHouse();
        var views = house.Get<IViewService>();
        await views.CreateAsync("live", "taken", "", Ann);
        Assert.Equal(RefusalKind.Invalid, (await views.CreateAsync(page, name, query, Ann)).Refusal!.Kind);
        Assert.Single(await views.ListAsync("live", Ann));
    }

    [Fact]
    public async Task Create_BeyondTheCeiling_IsRefused()
    {
        using var house = new TestHouse();
        var views = house.Get<IViewService>();
        for (var i = 0; i < IViewService.MaxViews; i++) Assert.True((await views.CreateAsync("live", "v" + i, "", Ann)).Done);
        Assert.Equal(RefusalKind.Invalid, (await views.CreateAsync("live", "one more", "", Ann)).Refusal!.Kind);
        Assert.True((await views.CreateAsync("live", "of another person", "", Ben)).Done);
    }
}
