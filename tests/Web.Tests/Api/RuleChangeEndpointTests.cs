using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Beacon.Alerting;
using Beacon.Alerting.Audit;
using Beacon.Detections.Rules;
using Beacon.Web.Security;
using Beacon.Web.Tests.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Web.Tests.Api;

public sealed class RuleChangeEndpointTests(RunningBeacon beacon) : IClassFixture<RunningBeacon>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rule_FromDraftToRetired_KeepsItsMovesAndVersions()
    {
        using var owner = await beacon.SignedInAsync(RoleNames.Owner);
        var id = Guid.NewGuid().ToString();
        using var made = await owner.PostAsJsonAsync(Path("/rules"), new { text = Rule(id, "guest"), reason = "asked for" }, Stop);
        Assert.Equal((HttpStatusCode.Created, $"/api/v1/rules/{id}"), (made.StatusCode, made.Headers.Location!.ToString()));
        Assert.Equal(("Draft", 1), await StateAsync(owner, id));

        // The text again, under the one that was read.
        using var changed = await PutAsync(owner, id, made.Headers.ETag!.Tag, new { text = Rule(id, "visitor"), reason = "a wider net" });
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        using var stale = await PutAsync(owner, id, made.Headers.ETag!.Tag, new { text = Rule(id, "lost") });
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.StatusCode);
        Assert.Equal(("Draft", 2), await StateAsync(owner, id));

        Assert.Equal(HttpStatusCode.OK, await MoveAsync(owner, id, new { stage = "Test" }));
        Assert.Equal(HttpStatusCode.OK, await MoveAsync(owner, id, new { stage = "Staged" }));
        // Untried: it says what is missing, and goes with a reason.
        using var untried = await owner.PostAsJsonAsync(Path($"/rules/{id}/stage"), new { stage = "Live" }, Stop);
        Assert.Equal(HttpStatusCode.Conflict, untried.StatusCode);
        Assert.Equal(["Cases", "Backtest"], (await untried.Content.ReadFromJsonAsync<JsonObject>(Stop))!["untried"]!.AsArray().Select(static u => u!.GetValue<string>()));
        Assert.Equal(HttpStatusCode.Conflict, await MoveAsync(owner, id, new { stage = "Live", confirm = true }));
        using var tested = await owner.PostAsJsonAsync(Path($"/rules/{id}/backtest"), new { from = DateTimeOffset.UnixEpoch.AddYears(50), to = DateTimeOffset.UnixEpoch.AddYears(50).AddDays(1) }, Stop);
        Assert.Equal(HttpStatusCode.OK, tested.StatusCode);
        Assert.Equal(["Cases"], (await GetAsync(owner, $"/rules/{id}/stage"))["untried"]!.AsArray().Select(static u => u!.GetValue<string>()));
        Assert.Equal(HttpStatusCode.OK, await MoveAsync(owner, id, new { stage = "Live", confirm = true, reason = "no case needed" }));
        Assert.Equal(HttpStatusCode.BadRequest, await MoveAsync(owner, id, new { stage = "Retired" }));
        Assert.Equal(HttpStatusCode.OK, await MoveAsync(owner, id, new { stage = "Retired", reason = "the host is gone" }));

        var stage = await GetAsync(owner, $"/rules/{id}/stage");
        Assert.Equal(["Retired", "Live", "Staged", "Test"], stage["history"]!.AsArray().Select(static m => m!["to"]!.GetValue<string>()));
        Assert.Equal("the host is gone", stage["history"]![0]!["reason"]!.GetValue<string>());
        Assert.Contains("Live", stage["moves"]!.AsArray().Select(static m => m!["to"]!.GetValue<string>()));
        var versions = (await GetAsync(owner, $"/rules/{id}/versions"))["versions"]!.AsArray();
        Assert.Equal([(2, "a wider net"), (1, "asked for")], versions.Select(static v => (v!["number"]!.GetValue<int>(), v["reason"]!.GetValue<string>())));
        var second = await GetAsync(owner, $"/rules/{id}/versions/2?against=1");
        Assert.Contains("visitor", second["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(["Removed", "Added"], second["lines"]!.AsArray().Select(static l => l!["change"]!.GetValue<string>()).Where(static c => c != "Same"));
        var audit = await beacon.Host.Services.GetRequiredService<IAuditTrail>().QueryAsync(new AuditQuery { Object = $"rule:{id}" }, Stop);
        Assert.Equal(["rule.stage", "rule.stage", "rule.stage", "rule.stage", "rule.save", "rule.save"], audit.Select(static a => a.Action));
        Assert.Equal(("Live", "Retired"), (audit[0].Before, audit[0].After));
    }

    [Fact]
    public async Task Text_ThatCantBe_IsRefusedWithItsLine()
    {
        using var owner = await beacon.SignedInAsync(RoleNames.Administrator);
        var id = Guid.NewGuid().ToString();
        var faulty = Rule(id, "x").Replace("|contains", "|contians", StringComparison.Ordinal);
        foreach (var path in new[] { "/rules", "/rules/validate" })
        {
            using var answer = await owner.PostAsJsonAsync(Path(path), new { text = faulty }, Stop);
            Assert.Equal(path == "/rules" ? HttpStatusCode.BadRequest : HttpStatusCode.OK, answer.StatusCode);
            var fault = (await answer.Content.ReadFromJsonAsync<JsonObject>(Stop))!["faults"]!.AsArray().First(static f => f!["severity"]!.GetValue<string>() == "Error")!;
            Assert.Equal((9, 5, "Error"), (fault["line"]!.GetValue<int>(), fault["column"]!.GetValue<int>(), fault["severity"]!.GetValue<string>()));
        }
        using var broken = await owner.PostAsJsonAsync(Path("/rules"), new { text = "title: [a\nid: {" }, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
        Assert.Contains("line ", (await broken.Content.ReadFromJsonAsync<JsonObject>(Stop))!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        using var empty = await owner.PostAsJsonAsync(Path("/rules"), new { }, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, empty.StatusCode);
        using var tooLong = await owner.PostAsJsonAsync(Path("/rules"), new { text = new string('#', RuleCatalog.MaxRuleLength + 1) }, Stop);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLong.StatusCode);
        using var live = await owner.PostAsJsonAsync(Path("/rules"), new { text = Rule(id, "x"), stage = "Live" }, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, live.StatusCode);
        using var nothing = await owner.GetAsync(Path($"/rules/{id}"), Stop);
        Assert.Equal(HttpStatusCode.NotFound, nothing.StatusCode);
    }

    [Fact]
    public async Task Change_OfWhatIsNotTheirs_IsRefused()
    {
        using var owner = await beacon.SignedInAsync(RoleNames.Owner);
        var shipped = (await GetAsync(owner, "/rules?limit=1"))["rules"]![0]!["id"]!.GetValue<string>();
        var id = Guid.NewGuid().ToString();
        using var made = await owner.PostAsJsonAsync(Path("/rules"), new { text = Rule(id, "mine") }, Stop);
        var tag = made.Headers.ETag!.Tag;
        using var twice = await owner.PostAsJsonAsync(Path("/rules"), new { text = Rule(id, "again") }, Stop);
        Assert.Equal(HttpStatusCode.Conflict, twice.StatusCode);
        using var other = await PutAsync(owner, id, tag, new { text = Rule(Guid.NewGuid().ToString(), "other id") });
        Assert.Equal(HttpStatusCode.BadRequest, other.StatusCode);
        using var untagged = await owner.PutAsJsonAsync(Path($"/rules/{id}"), new { text = Rule(id, "blind") }, Stop);
        Assert.Equal((HttpStatusCode)428, untagged.StatusCode);
        using var unknown = await PutAsync(owner, "nobody", tag, new { text = Rule(id, "x") });
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        foreach (var path in new[] { "/rules/nobody", "/rules/nobody/stage", "/rules/nobody/staged", "/rules/nobody/versions", $"/rules/{id}/versions/9", $"/rules/{id}/versions/1?against=9" })
        {
            using var missing = await owner.GetAsync(Path(path), Stop);
            Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        }
        Assert.Equal(HttpStatusCode.NotFound, await MoveAsync(owner, "nobody", new { stage = "Test" }));
        Assert.Equal(HttpStatusCode.BadRequest, await MoveAsync(owner, id, new { stage = "Live", reason = "no way", confirm = true }));
        Assert.Equal(HttpStatusCode.BadRequest, await MoveAsync(owner, id, new { stage = "Sideways" }));
        Assert.Equal(HttpStatusCode.BadRequest, await MoveAsync(owner, id, new { stage = 9 }));
        Assert.Equal(HttpStatusCode.BadRequest, await MoveAsync(owner, id, new { stage = "Test", reason = new string('x', 2_001) }));
        // Shipped rules move, and keep their text.
        using var theirs = await PutAsync(owner, shipped, await TagAsync(owner, shipped), new { text = Rule(shipped, "mine now") });
        Assert.Equal(HttpStatusCode.BadRequest, theirs.StatusCode);
        using var gone = await owner.DeleteAsync(Path($"/rules/{shipped}?reason=away"), Stop);
        Assert.Equal(HttpStatusCode.Conflict, gone.StatusCode);

        Assert.Equal(HttpStatusCode.OK, await MoveAsync(owner, id, new { stage = "Test" }));
        using var kept = await owner.DeleteAsync(Path($"/rules/{id}"), Stop);
        Assert.Equal(HttpStatusCode.Conflict, kept.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await MoveAsync(owner, id, new { stage = "Draft", reason = "not yet" }));
        using var deleted = await owner.DeleteAsync(Path($"/rules/{id}?reason=a%20mistake"), Stop);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var after = await owner.DeleteAsync(Path($"/rules/{id}"), Stop);
        Assert.Equal(HttpStatusCode.NotFound, after.StatusCode);
    }

    [Fact]
    public async Task Change_WithoutTheRole_IsForbidden()
    {
        using var operating = await beacon.SignedInAsync(RoleNames.Operator);
        using var key = await beacon.ClientAsync(ApiScopes.Read, ApiScopes.Operate);
        using var reading = await beacon.ClientAsync(ApiScopes.Read);
        using var stranger = beacon.Client();
        var shipped = (await GetAsync(reading, "/rules?limit=1"))["rules"]![0]!["id"]!.GetValue<string>();
        foreach (var client in new[] { operating, key, reading })
        {
            using var posted = await client.PostAsJsonAsync(Path("/rules"), new { text = Rule(Guid.NewGuid().ToString(), "x") }, Stop);
            using var put = await PutAsync(client, shipped, "\"0000000000000000\"", new { text = "x" });
            using var deleted = await client.DeleteAsync(Path($"/rules/{shipped}"), Stop);
            Assert.Equal([HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden], [posted.StatusCode, put.StatusCode, deleted.StatusCode, await MoveAsync(client, shipped, new { stage = "Retired", reason = "x" })]);
        }
        using var tried = await key.PostAsJsonAsync(Path("/rules/validate"), new { text = "x" }, Stop);
        using var notTried = await reading.PostAsJsonAsync(Path("/rules/validate"), new { text = "x" }, Stop);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (tried.StatusCode, notTried.StatusCode));
        using var owner = await beacon.SignedInAsync(RoleNames.Owner);
        using var owned = await owner.PostAsJsonAsync(Path("/rules/backtest"), new { rule = shipped, from = DateTimeOffset.UnixEpoch, to = DateTimeOffset.UnixEpoch.AddDays(1) }, Stop);
        Assert.Equal(HttpStatusCode.OK, owned.StatusCode);
        using var unknown = await owner.PostAsJsonAsync(Path("/rules/nobody/backtest"), new { from = DateTimeOffset.UnixEpoch, to = DateTimeOffset.UnixEpoch.AddDays(1) }, Stop);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Rules_FiltersAndPages_GiveWhatFits()
    {
        using var client = await beacon.ClientAsync(ApiScopes.Read);
        var all = await GetAsync(client, "/rules?stage=live");
        var total = all["total"]!.GetValue<int>();
        var first = (await GetAsync(client, "/rules?stage=live&limit=10"))["rules"]!.AsArray();
        var second = (await GetAsync(client, "/rules?stage=live&limit=10&offset=10"))["rules"]!.AsArray();
        Assert.Equal((10, 10), (first.Count, second.Count));
        Assert.Equal(all["rules"]!.AsArray().Skip(10).Take(10).Select(static r => r!["id"]!.GetValue<string>()), second.Select(static r => r!["id"]!.GetValue<string>()));
        var windows = await GetAsync(client, "/rules?pack=windows");
        Assert.InRange(windows["total"]!.GetValue<int>(), 1, total - 1);
        var technique = (await GetAsync(client, "/rules?technique=T1110"))["rules"]!.AsArray();
        Assert.NotEmpty(technique);
        Assert.All(technique, static r => Assert.Contains(r!["tags"]!.AsArray(), static t => t!.GetValue<string>().StartsWith("attack.t1110", StringComparison.Ordinal)));
        Assert.Empty((await GetAsync(client, "/rules?technique=T11"))["rules"]!.AsArray());
        foreach (var query in new[] { "stage=x", "stage=7", "pack=x", "limit=0", "limit=5001", "offset=-1" })
        {
            using var refused = await client.GetAsync(Path("/rules?" + query), Stop);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    private static async Task<(string Stage, int Version)> StateAsync(HttpClient client, string id)
    {
        var rule = await GetAsync(client, $"/rules/{id}");
        return (rule["stage"]!.GetValue<string>(), rule["version"]!.GetValue<int>());
    }

    private static async Task<string> TagAsync(HttpClient client, string id)
    {
        using var answer = await client.GetAsync(Path($"/rules/{id}"), Stop);
        return answer.Headers.ETag!.Tag;
    }

    private static async Task<HttpStatusCode> MoveAsync(HttpClient client, string id, object body)
    {
        using var answer = await client.PostAsJsonAsync(Path($"/rules/{id}/stage"), body, Stop);
        return answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> PutAsync(HttpClient client, string id, string tag, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, Path($"/rules/{id}")) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("If-Match", tag);
        return await client.SendAsync(request, Stop);
    }

    private static async Task<JsonObject> GetAsync(HttpClient client, string path) => (await client.GetFromJsonAsync<JsonObject>(Path(path), Stop))!;

    private static Uri Path(string path) => new("/api/v1" + path, UriKind.Relative);

    private static string Rule(string id, string word) => string.Create(CultureInfo.InvariantCulture,
        $"title: Own\nid: {id}\nlevel: low\nlogsource:\n  product: linux\n  service: sshd\ndetection:\n  selection:\n    user.name|contains: {word}\n  condition: selection\n");
}
