using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Beacon.Alerting;
using Beacon.Alerting.Audit;
using Beacon.Web.Rules;
using Beacon.Web.Security;
using Beacon.Web.Tests.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Web.Tests.Api;

public sealed class UnfinishedEndpointTests(RunningBeacon beacon) : IClassFixture<RunningBeacon>
{
    private const string Text = "title: Half a Rule\ndetection:\n";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<string> KeptAsync() => (await beacon.Host.Services.GetRequiredService<RuleDesk>().KeepUnfinishedAsync(null, Text, "ann", Stop)).Draft!.Id;

    [Fact]
    public async Task Unfinished_Kept_IsListedReadAndDeleted()
    {
        var id = await KeptAsync();
        using var reader = await beacon.ClientAsync(ApiScopes.Read);
        var listed = Assert.Single((await reader.GetFromJsonAsync<JsonArray>(Path(""), Stop))!, d => d!["id"]!.GetValue<string>() == id)!.AsObject();
        Assert.Equal(("Half a Rule", "ann"), (listed["title"]!.GetValue<string>(), listed["by"]!.GetValue<string>()));
        Assert.False(listed.ContainsKey("text"));
        Assert.Equal(Text, (await reader.GetFromJsonAsync<JsonObject>(Path("/" + id), Stop))!["text"]!.GetValue<string>());

        using var owner = await beacon.SignedInAsync(RoleNames.Owner);
        using var gone = await owner.DeleteAsync(Path($"/{id}?reason=given%20up"), Stop);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        using var none = await reader.GetAsync(Path("/" + id), Stop);
        using var again = await owner.DeleteAsync(Path("/" + id), Stop);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (none.StatusCode, again.StatusCode));
        var audit = await beacon.Host.Services.GetRequiredService<IAuditTrail>().QueryAsync(new AuditQuery { Object = $"rule:{id}" }, Stop);
        Assert.Equal(("rule.drop-unfinished", "given up", Text), (audit[0].Action, audit[0].Reason, audit[0].Before));
    }

    // The newest text of a rule goes, the rule stays.
    [Fact]
    public async Task Delete_OfARuleWithoutSuchAText_LeavesTheRule()
    {
        using var owner = await beacon.SignedInAsync(RoleNames.Owner);
        var id = Guid.NewGuid().ToString();
        using var made = await owner.PostAsJsonAsync(new Uri("/api/v1/rules", UriKind.Relative), new { text = $"title: Whole\nid: {id}\nlogsource:\n  product: linux\ndetection:\n  selection:\n    user.name: guest\n  condition: selection\n" }, Stop);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        using var answer = await owner.DeleteAsync(Path("/" + id), Stop);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        using var there = await owner.GetAsync(new Uri("/api/v1/rules/" + id, UriKind.Relative), Stop);
        Assert.Equal(HttpStatusCode.OK, there.StatusCode);
    }

    [Fact]
    public async Task Delete_ByAnybodyElse_IsForbidden()
    {
        var id = await KeptAsync();
        using var key = await beacon.ClientAsync(ApiScopes.Operate);
        using var answer = await key.DeleteAsync(Path("/" + id), Stop);
        Assert.True(answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized, answer.StatusCode.ToString());
    }

    private static Uri Path(string path) => new("/api/v1/rules/unfinished" + path, UriKind.Relative);
}
