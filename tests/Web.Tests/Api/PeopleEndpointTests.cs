using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Beacon.Alerting;
using Beacon.Alerting.Audit;
using Beacon.Web.Security;
using Beacon.Web.Tests.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Web.Tests.Api;

public sealed class PeopleEndpointTests(RunningBeacon beacon) : IClassFixture<RunningBeacon>
{
    private const string Password = "a long pass phrase 7";

    private static CancellationToken None => TestContext.Current.CancellationToken;

    private T Service<T>() where T : notnull => beacon.Host.Services.GetRequiredService<T>();

    [Fact]
    public async Task Person_AddedChangedLockedAndUnlocked_OverTheApi()
    {
        using var admin = await beacon.SignedInAsync(RoleNames.Administrator);
        var made = await SentAsync(admin, HttpMethod.Post, "", new { name = "wei", display = "Wei Tan", roles = new[] { "operator" } }, 200);
        var id = made["person"]!["id"]!.GetValue<string>();
        var link = made["link"]!.GetValue<string>();
        Assert.StartsWith("/reset/", link, StringComparison.Ordinal);
        Assert.NotNull(await Service<ResetLinks>().UseAsync(link[7..], Password, None));

        var listed = await SentAsync(admin, HttpMethod.Get, "?text=WEI%20TAN", null, 200);
        Assert.Equal((1, id), (listed["total"]!.GetValue<int>(), listed["items"]![0]!["id"]!.GetValue<string>()));
        Assert.Equal(["responder", "owner"], (await SentAsync(admin, HttpMethod.Put, $"/{id}/roles", new { roles = new[] { "responder", "owner" } }, 200))["roles"]!.AsArray().Select(r => r!.GetValue<string>()));
        Assert.True((await SentAsync(admin, HttpMethod.Post, $"/{id}/lock", new { reason = "left the team" }, 200))["locked"]!.GetValue<bool>());
        Assert.Null(await Service<UserDirectory>().VerifyAsync("wei", Password, None));
        await SentAsync(admin, HttpMethod.Post, $"/{id}/link", null, 404);
        Assert.False((await SentAsync(admin, HttpMethod.Post, $"/{id}/unlock", new { reason = "" }, 200))["locked"]!.GetValue<bool>());
        Assert.NotNull(await Service<UserDirectory>().VerifyAsync("wei", Password, None));
        var stamp = (await Service<UserDirectory>().FindAsync(id, None))!.Stamp;
        Assert.Equal("wei", (await SentAsync(admin, HttpMethod.Post, $"/{id}/end-sessions", null, 200))["name"]!.GetValue<string>());
        Assert.NotEqual(stamp, (await Service<UserDirectory>().FindAsync(id, None))!.Stamp);
        var again = (await SentAsync(admin, HttpMethod.Post, $"/{id}/link", null, 200))["link"]!.GetValue<string>();
        Assert.NotEqual(link, again);

        var told = await Service<IAuditTrail>().QueryAsync(new AuditQuery { Object = "user:wei" }, None);
        Assert.Equal(["user.reset-link", "user.sessions", "user.unlock", "user.lock", "user.roles", "user.password", "user.reset-link", "user.create"], told.Select(e => e.Action));
        Assert.Equal("left the team", told.Single(e => e.Action == "user.lock").Reason);
    }

    [Fact]
    public async Task Person_WhatMakesNoSense_IsRefusedAndNothingChanged()
    {
        using var admin = await beacon.SignedInAsync(RoleNames.Administrator);
        await SentAsync(admin, HttpMethod.Post, "", new { name = "", roles = new[] { "operator" } }, 400);
        await SentAsync(admin, HttpMethod.Post, "", new { name = "xan" }, 400);
        Assert.Contains("supervisor", (await SentAsync(admin, HttpMethod.Post, "", new { name = "xan", roles = new[] { "emperor" } }, 400))["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        await SentAsync(admin, HttpMethod.Post, "", new { name = "VISITOR", roles = new[] { "operator" } }, 409);
        var id = (await SentAsync(admin, HttpMethod.Post, "", new { name = "xan", roles = new[] { "operator" } }, 200))["person"]!["id"]!.GetValue<string>();
        await SentAsync(admin, HttpMethod.Post, $"/{id}/lock", new { reason = " " }, 400);
        await SentAsync(admin, HttpMethod.Put, $"/{id}/roles", new { roles = Array.Empty<string>() }, 400);
        await SentAsync(admin, HttpMethod.Post, "/nobody/lock", new { reason = "x" }, 404);
        await SentAsync(admin, HttpMethod.Get, "/nobody", null, 404);
        await SentAsync(admin, HttpMethod.Get, "?limit=501", null, 400);
        var xan = await Service<UserDirectory>().FindAsync(id, None);
        Assert.True(xan is { Disabled: false, Roles: ["operator"] });
    }

    [Fact]
    public async Task Administrator_TheLastOne_StaysOne()
    {
        using var admin = await beacon.SignedInAsync(RoleNames.Administrator);
        var changes = Service<AccountChanges>();
        var administrators = (await Service<UserDirectory>().AllAsync(None)).Where(u => u.Roles.Contains(RoleNames.Administrator) && !u.Disabled).OrderBy(u => u.CreatedAt).ToList();
        var own = administrators[^1];
        foreach (var other in administrators.SkipLast(1)) Assert.Equal(PeopleRefusal.None, await changes.SetLockedAsync(other.Id, true, "", "test", None));
        await SentAsync(admin, HttpMethod.Post, $"/{own.Id}/lock", new { reason = "x" }, 409);
        Assert.Contains("last administrator", (await SentAsync(admin, HttpMethod.Put, $"/{own.Id}/roles", new { roles = new[] { "operator" } }, 409))["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains(RoleNames.Administrator, (await Service<UserDirectory>().FindAsync(own.Id, None))!.Roles);
    }

    [Theory]
    [InlineData(RoleNames.Operator)]
    [InlineData(RoleNames.Supervisor)]
    [InlineData(RoleNames.Owner)]
    public async Task Person_AskedByAnotherRole_IsForbidden(string role)
    {
        using var other = await beacon.SignedInAsync(role);
        await SentAsync(other, HttpMethod.Get, "", null, 403);
        await SentAsync(other, HttpMethod.Post, "", new { name = "yan", roles = new[] { "administrator" } }, 403);
    }

    [Fact]
    public async Task Person_AskedWithAKey_IsNotAnswered()
    {
        using var key = await beacon.ClientAsync(ApiScopes.Read, ApiScopes.Operate);
        using var answer = await key.GetAsync(new Uri("/api/v1/people", UriKind.Relative), None);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private static async Task<JsonObject> SentAsync(HttpClient client, HttpMethod method, string path, object? body, int status)
    {
        using var request = new HttpRequestMessage(method, new Uri("/api/v1/people" + path, UriKind.Relative));
        if (body is not null) request.Content = JsonContent.Create(body);
        using var answer = await client.SendAsync(request, None);
        var text = await answer.Content.ReadAsStringAsync(None);
        Assert.True(status == (int)answer.StatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!.AsObject();
    }
}
