using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Beacon.Alerting;
using Beacon.Alerting.Audit;
using Beacon.Collectors.Sources;
using Beacon.Web.Security;
using Beacon.Web.Tests.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Web.Tests.Api;

public sealed class SilenceEndpointTests(RunningBeacon beacon) : IClassFixture<RunningBeacon>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Source => beacon.Host.Services.GetRequiredService<SourceService>().Statuses[0].Definition.Id;

    private static DateTimeOffset In(double days) => TimeProvider.System.GetUtcNow().AddDays(days);

    [Fact]
    public async Task Silence_SaidAndEnded_IsListedAndAudited()
    {
        using var owner = await beacon.SignedInAsync(RoleNames.Owner);
        var until = In(2);
        using var said = await owner.PostAsJsonAsync(Path($"/sources/{Source}/silence"), new { until, reason = "the plant stands still" }, Stop);
        Assert.Equal(HttpStatusCode.OK, said.StatusCode);

        using var reader = await beacon.ClientAsync(ApiScopes.Read);
        Assert.Contains(await ListAsync(reader, "?active=true"), s => s!["source"]!.GetValue<string>() == Source && s["reason"]!.GetValue<string>() == "the plant stands still");
        var one = (await reader.GetFromJsonAsync<JsonObject>(Path($"/sources/{Source}/silence"), Stop))!;
        Assert.Equal(until, one["until"]!.GetValue<DateTimeOffset>(), TimeSpan.FromMilliseconds(1));

        using var ended = await owner.PostAsJsonAsync(Path($"/sources/{Source}/silence/end"), new { reason = "it is heard again" }, Stop);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        using var again = await owner.PostAsJsonAsync(Path($"/sources/{Source}/silence/end"), new { }, Stop);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        // What is over is kept: a silence counts from then on.
        Assert.DoesNotContain(await ListAsync(reader, "?active=true"), s => s!["source"]!.GetValue<string>() == Source);
        Assert.Contains(await ListAsync(reader, ""), s => s!["source"]!.GetValue<string>() == Source);
        var audit = await beacon.Host.Services.GetRequiredService<IAuditTrail>().QueryAsync(new AuditQuery { Object = $"source:{Source}" }, Stop);
        Assert.Equal([("source.watch-again", "it is heard again"), ("source.expect-silence", "the plant stands still")], audit.Take(2).Select(static a => (a.Action, a.Reason)));
    }

    [Theory]
    [InlineData(-1, "over already", HttpStatusCode.BadRequest)]
    [InlineData(91, "too long", HttpStatusCode.BadRequest)]
    [InlineData(1, " ", HttpStatusCode.BadRequest)]
    [InlineData(1, null, HttpStatusCode.BadRequest)]
    public async Task Silence_OfNoTimeOrReason_IsRefused(double days, string? reason, HttpStatusCode status)
    {
        using var owner = await beacon.SignedInAsync(RoleNames.Administrator);
        using var answer = await owner.PostAsJsonAsync(Path($"/sources/{Source}/silence"), new { until = In(days), reason }, Stop);
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task Silence_WithoutEndOrOfNoSource_IsRefused()
    {
        using var owner = await beacon.SignedInAsync(RoleNames.Owner);
        using var endless = await owner.PostAsJsonAsync(Path($"/sources/{Source}/silence"), new { reason = "x" }, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, endless.StatusCode);
        using var nowhere = await owner.PostAsJsonAsync(Path("/sources/no-such-source/silence"), new { until = In(1), reason = "x" }, Stop);
        Assert.Equal(HttpStatusCode.NotFound, nowhere.StatusCode);
        using var none = await owner.GetAsync(Path("/sources/no-such-source/silence"), Stop);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        using var longer = await owner.PostAsJsonAsync(Path($"/sources/{Source}/silence/end"), new { reason = new string('x', 501) }, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, longer.StatusCode);
    }

    [Fact]
    public async Task Silence_ByAnybodyElse_IsForbidden()
    {
        using var key = await beacon.ClientAsync(ApiScopes.Operate);
        using var person = await beacon.SignedInAsync(RoleNames.Operator, RoleNames.Supervisor);
        foreach (var client in new[] { key, person })
            foreach (var what in new[] { "silence", "silence/end" })
            {
                using var answer = await client.PostAsJsonAsync(Path($"/sources/{Source}/{what}"), new { until = In(1), reason = "x" }, Stop);
                Assert.True(answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized, $"{what}: {answer.StatusCode}");
            }
    }

    private static async Task<JsonArray> ListAsync(HttpClient client, string query) => (await client.GetFromJsonAsync<JsonArray>(Path("/sources/silences" + query), Stop))!;

    private static Uri Path(string path) => new("/api/v1" + path, UriKind.Relative);
}
