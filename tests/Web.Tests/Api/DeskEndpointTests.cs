using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Beacon.Web.Security;
using Beacon.Web.Tests.Security;

namespace Beacon.Web.Tests.Api;

public sealed class DeskEndpointTests(RunningBeacon beacon) : IClassFixture<RunningBeacon>
{
    private static CancellationToken None => TestContext.Current.CancellationToken;

    [Fact]
    public async Task View_SavedChangedAndRemoved_OverTheApi()
    {
        using var client = await beacon.ClientAsync(ApiScopes.Read);
        using var made = await client.PostAsJsonAsync(Path("/api/v1/views"), new { page = "live", name = "night", query = "tab=mine" }, None);
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        var id = (await made.Content.ReadFromJsonAsync<JsonObject>(None))!["id"]!.GetValue<long>();
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsJsonAsync(Path("/api/v1/views"), new { page = "live", name = "night", query = "" }, None)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await client.PutAsJsonAsync(Path($"/api/v1/views/{id}"), new { version = 5, name = "x", query = "" }, None)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.PutAsJsonAsync(Path($"/api/v1/views/{id}"), new { version = 1, name = "day", query = "tab=needs" }, None)).StatusCode);
        Assert.Equal("day", (await client.GetFromJsonAsync<JsonArray>(Path("/api/v1/views?page=live"), None))![0]!["name"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.OK, (await client.DeleteAsync(Path($"/api/v1/views/{id}?version=2"), None)).StatusCode);
        Assert.Empty((await client.GetFromJsonAsync<JsonArray>(Path("/api/v1/views?page=live"), None))!);
    }

    [Fact]
    public async Task HandOver_WrittenAndRead_AsksForScopeOperate()
    {
        using var reader = await beacon.ClientAsync(ApiScopes.Read);
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.PostAsJsonAsync(Path("/api/v1/shifts"), new { note = "x" }, None)).StatusCode);
        using var client = await beacon.ClientAsync(ApiScopes.Operate);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsJsonAsync(Path("/api/v1/shifts"), new { note = "" }, None)).StatusCode);
        using var written = await client.PostAsJsonAsync(Path("/api/v1/shifts"), new { note = "all quiet" }, None);
        var id = (await written.Content.ReadFromJsonAsync<JsonObject>(None))!["id"]!.GetValue<long>();
        Assert.Equal("all quiet", (await reader.GetFromJsonAsync<JsonObject>(Path($"/api/v1/shifts/{id}"), None))!["note"]!.GetValue<string>());
        Assert.NotEmpty((await reader.GetFromJsonAsync<JsonArray>(Path("/api/v1/shifts"), None))!);
        Assert.NotNull((await reader.GetFromJsonAsync<JsonObject>(Path("/api/v1/shifts/draft"), None))!["lines"]);
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsJsonAsync(Path($"/api/v1/shifts/{id}/read"), new { }, None)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsJsonAsync(Path("/api/v1/shifts/9999/read"), new { }, None)).StatusCode);
    }

    [Fact]
    public async Task Away_Seen_MovesTheLastLook()
    {
        using var client = await beacon.ClientAsync(ApiScopes.Read);
        Assert.NotEqual(HttpStatusCode.InternalServerError, (await client.GetAsync(Path("/api/v1/away"), None)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await client.PostAsJsonAsync(Path("/api/v1/away/seen"), new { at = TimeProvider.System.GetUtcNow() }, None)).StatusCode);
        Assert.NotNull((await client.GetFromJsonAsync<JsonObject>(Path("/api/v1/away"), None))!["since"]);
    }

    [Theory]
    [InlineData("{\"act\":\"Acknowledge\",\"alerts\":[]}", 400)]
    [InlineData("{\"act\":\"Acknowledge\"}", 400)]
    [InlineData("{\"act\":\"Dismiss\",\"alerts\":[{\"id\":1,\"version\":1}],\"reason\":\"x\"}", 400)]
    [InlineData("{\"act\":\"Acknowledge\",\"alerts\":[{\"id\":999999,\"version\":1}]}", 200)]
    public async Task Bulk_WhatMakesNoSense_IsRefused(string body, int status)
    {
        using var client = await beacon.ClientAsync(ApiScopes.Operate);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(Path("/api/v1/alerts/bulk"), content, None);
        Assert.Equal(status, (int)answer.StatusCode);
        if (status == 200) Assert.Equal("NotFound", (await answer.Content.ReadFromJsonAsync<JsonObject>(None))!["refused"]![0]!["kind"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("/api/v1/events/nonsense/neighbours", 404)]
    [InlineData("/api/v1/events/00000000-0000-8000-8000-000000000001/neighbours?before=101", 400)]
    [InlineData("/api/v1/events/00000000-0000-8000-8000-000000000001/processes", 404)]
    [InlineData("/api/v1/events/00000000-0000-8000-8000-000000000001/session", 404)]
    [InlineData("/api/v1/shifts?limit=0", 400)]
    [InlineData("/api/v1/shifts/9999", 404)]
    public async Task Get_WhatIsNotThereOrMakesNoSense_SaysSo(string path, int status)
    {
        using var client = await beacon.ClientAsync(ApiScopes.Read);
        using var answer = await client.GetAsync(Path(path), None);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("{\"q\":\"user.name:root\",\"title\":\"T\",\"source\":\"linux\"}", 200)]
    [InlineData("{\"q\":\"a:1 @timestamp:x\"}", 400)]
    [InlineData("{\"q\":\"a:1\",\"source\":\"mars\"}", 400)]
    [InlineData("{}", 400)]
    public async Task RuleDraft_Query_IsARuleOrRefusedAtItsCharacter(string body, int status)
    {
        using var client = await beacon.ClientAsync(ApiScopes.Read);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(Path("/api/v1/rules/draft"), content, None);
        Assert.Equal(status, (int)answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync(None);
        Assert.Contains(status == 200 ? "user.name" : body.Contains("mars", StringComparison.Ordinal) ? "source is one of" : "character", text, StringComparison.Ordinal);
    }

    private static Uri Path(string path) => new(path, UriKind.Relative);
}
