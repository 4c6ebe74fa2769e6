using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Beacon.Web.Security;
using Beacon.Web.Tests.Security;

namespace Beacon.Web.Tests.Api;

public sealed class TriageEndpointTests(RunningBeacon beacon) : IClassFixture<RunningBeacon>
{
    [Theory]
    [InlineData("/api/v1/exceptions")]
    [InlineData("/api/v1/exceptions/hidden?limit=5")]
    [InlineData("/api/v1/risk?limit=5")]
    [InlineData("/api/v1/rules/records")]
    [InlineData("/api/v1/alerts/load/report")]
    [InlineData("/api/v1/clocks")]
    [InlineData("/api/v1/clocks/regimes")]
    [InlineData("/api/v1/clocks/regimes/history")]
    [InlineData("/api/v1/warnings/categories")]
    [InlineData("/api/v1/warnings/matrix/history")]
    public async Task Get_ByAReader_Answers(string path)
    {
        using var client = await beacon.ClientAsync(ApiScopes.Read);
        using var answer = await client.GetAsync(Path(path), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/exceptions/hidden?limit=0", 400)]
    [InlineData("/api/v1/risk?limit=201", 400)]
    [InlineData("/api/v1/risk?entity=nobody-at-all", 404)]
    [InlineData("/api/v1/exceptions/99", 404)]
    [InlineData("/api/v1/alerts/99999/exception", 404)]
    [InlineData("/api/v1/clocks/99/report", 404)]
    [InlineData("/api/v1/clocks/99/sent", 404)]
    public async Task Get_WhatIsNotThereOrMakesNoSense_SaysSo(string path, int status)
    {
        using var client = await beacon.ClientAsync(ApiScopes.Read);
        using var answer = await client.GetAsync(Path(path), TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Exception_MadeChangedAndEnded_OverTheApi()
    {
        using var client = await beacon.ClientAsync(ApiScopes.Operate);
        var body = new { kind = "Exception", rule = "none", conditions = new[] { new { field = "process.name", @operator = "Wildcard", values = new[] { "back*" } } }, reason = "the backup", expiresAt = TimeProvider.System.GetUtcNow().AddDays(3) };
        using var made = await client.PostAsJsonAsync(Path("/api/v1/exceptions"), body, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        using var entry = JsonDocument.Parse(await made.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var id = entry.RootElement.GetProperty("id").GetInt64();
        Assert.True(entry.RootElement.GetProperty("active").GetBoolean());
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsJsonAsync(Path("/api/v1/exceptions"), new { rule = "none" }, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await client.PostAsJsonAsync(Path($"/api/v1/exceptions/{id}/end"), new { version = 7, reason = "x" }, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsJsonAsync(Path($"/api/v1/exceptions/{id}/end"), new { version = 1, reason = "x" }, TestContext.Current.CancellationToken)).StatusCode);
        using var reader = await beacon.ClientAsync(ApiScopes.Read);
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.PostAsJsonAsync(Path("/api/v1/exceptions"), body, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/incidents/99/awareness", "{\"at\":\"2026-01-01T00:00:00Z\",\"reason\":\"x\"}", 400)]
    [InlineData("/api/v1/incidents/99/awareness", "{\"reason\":\"x\"}", 400)]
    [InlineData("/api/v1/clocks/99/dance", "{}", 404)]
    [InlineData("/api/v1/clocks/99/start", "{}", 400)]
    [InlineData("/api/v1/warnings/99/note", "{\"reason\":\"x\"}", 404)]
    [InlineData("/api/v1/warnings/99/edit", "{\"tlp\":\"TLP:RED\",\"reason\":\"x\"}", 404)]
    public async Task Post_WhatIsNotThereOrMakesNoSense_SaysSo(string path, string body, int status)
    {
        using var client = await beacon.ClientAsync(ApiScopes.Operate);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(Path(path), content, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Regimes_ByAKey_AreForbiddenSinceItTakesAnAdministrator()
    {
        using var client = await beacon.ClientAsync(ApiScopes.Operate);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.PutAsJsonAsync(Path("/api/v1/clocks/regimes"), new { }, TestContext.Current.CancellationToken)).StatusCode);
    }

    private static Uri Path(string path) => new(path, UriKind.Relative);
}
