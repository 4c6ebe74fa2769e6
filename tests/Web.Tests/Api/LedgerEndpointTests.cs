using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Beacon.Web.Security;
using Beacon.Web.Tests.Security;

namespace Beacon.Web.Tests.Api;

public sealed class LedgerEndpointTests(RunningBeacon beacon) : IClassFixture<RunningBeacon>
{
    private const string Silence = "e3ab9b37-f61d-59a8-9db0-5ad4977edc81";

    [Fact]
    public async Task Evaluation_Asked_GivesShareAndWhatWaits()
    {
        using var client = await beacon.ClientAsync(ApiScopes.Read);
        using var json = JsonDocument.Parse(await client.GetStringAsync(Path("/api/v1/ledger/evaluation?hours=24"), TestContext.Current.CancellationToken));
        Assert.All(json.RootElement.EnumerateArray(), static r => Assert.All((string[])["ruleId", "title", "evaluatedShare", "done", "failed", "skipped", "running", "waiting", "revisions", "lateWaiting", "gaps"], n => Assert.True(r.TryGetProperty(n, out _), n)));
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync(Path("/api/v1/ledger/evaluation?hours=0"), TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync(Path($"/api/v1/ledger/evaluation/{Silence}?limit=0"), TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Retry_WindowThatDidNotFail_IsNotFoundAndReadersMayNotAsk()
    {
        var body = new { start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) };
        using var operate = await beacon.ClientAsync(ApiScopes.Operate);
        Assert.Equal(HttpStatusCode.NotFound, (await operate.PostAsJsonAsync(Path($"/api/v1/ledger/evaluation/{Silence}/retry"), body, TestContext.Current.CancellationToken)).StatusCode);
        using var read = await beacon.ClientAsync(ApiScopes.Read);
        Assert.Equal(HttpStatusCode.Forbidden, (await read.PostAsJsonAsync(Path($"/api/v1/ledger/evaluation/{Silence}/retry"), body, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Abandon_ByAKey_IsForbiddenSinceItTakesAnAdministrator()
    {
        using var operate = await beacon.ClientAsync(ApiScopes.Operate);
        var answer = await operate.PostAsJsonAsync(Path($"/api/v1/ledger/evaluation/{Silence}/abandon"), new { before = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) }, TestContext.Current.CancellationToken);
        Assert.NotEqual(HttpStatusCode.OK, answer.StatusCode);
    }

    private static Uri Path(string path) => new(path, UriKind.Relative);
}
