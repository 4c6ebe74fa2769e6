using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Beacon.EndToEnd.Tests.Support;
using Beacon.Web.Security;

namespace Beacon.EndToEnd.Tests.Live;

/// <summary>From a log line to what programs see of it: the hub's push, the API's answers, the ledger's equation.</summary>
public sealed class PathTests : IAsyncLifetime
{
    private House _house = null!;
    private HttpClient _api = null!;
    private string _key = "";

    public async ValueTask InitializeAsync()
    {
        _house = await House.StartAsync();
        _key = await _house.KeyAsync(ApiScopes.Read, ApiScopes.Operate);
        _api = _house.Client(_key);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _house.DisposeAsync();
    }

    [Fact]
    public async Task Syslog_AttackAmongOrdinaryLines_AlertIsPushedAndTheLedgerBalances()
    {
        await using var client = new HubClient(_house.Address, _key, messagePack: true);
        await client.ConnectAsync();
        await _house.SyslogAsync(Enumerable.Range(0, 500).Select(i => House.Sshd("bas-01", $"Connection closed by 198.51.100.{i % 250} port {40_000 + i}")));
        await _house.SyslogAsync(House.Sshd("bas-01", "Accepted password for root from 203.0.113.47 port 41888 ssh2"));

        var pushed = await Wait.ForAsync(() => Task.FromResult(client.Seen.FirstOrDefault(c => c.Kind == "alert")), "the pushed alert");
        var alert = JsonNode.Parse(pushed.Payload)!.AsObject();
        Assert.Equal("SSH Login of Root with a Password", alert["ruleTitle"]!.GetValue<string>());
        var received = alert["lastReceived"]!.GetValue<DateTimeOffset>();
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"From receipt to the commit of the alert: {(new DateTimeOffset(pushed.At, TimeSpan.Zero) - received).TotalMilliseconds:0} ms"));

        var counts = await Wait.ForAsync(async () =>
        {
            var sources = (await _api.GetFromJsonAsync<JsonObject>(Relative("/api/v1/sources")))!;
            var totals = sources["totals"]!.AsObject().FirstOrDefault(t => t.Key.Contains("tcp", StringComparison.Ordinal)).Value?.AsObject();
            return sources["inFlight"]!.GetValue<long>() == 0 && totals?["received"]!.GetValue<long>() == 501 ? totals : null;
        }, "501 lines in the loss ledger");
        Assert.Equal(counts["received"]!.GetValue<long>(), counts["stored"]!.GetValue<long>() + counts["quarantined"]!.GetValue<long>() + counts["dropped"]!.GetValue<long>());
        Assert.Equal(501, counts["stored"]!.GetValue<long>());
        Assert.Equal(501, (await _api.GetFromJsonAsync<JsonObject>(Relative("/api/v1/events/count")))!["count"]!.GetValue<long>());

        var now = TimeProvider.System.GetUtcNow();
        var minutes = await _api.GetFromJsonAsync<JsonArray>(Relative($"/api/v1/ledger/loss?from={Uri.EscapeDataString(now.AddHours(-1).ToString("O"))}&to={Uri.EscapeDataString(now.AddMinutes(1).ToString("O"))}"));
        Assert.Equal(501, minutes!.Sum(m => m!["counts"]!["received"]!.GetValue<long>()));
        Assert.All(minutes!, m => Assert.Equal(m!["counts"]!["received"]!.GetValue<long>(), m["counts"]!["stored"]!.GetValue<long>() + m["counts"]!["quarantined"]!.GetValue<long>() + m["counts"]!["dropped"]!.GetValue<long>()));
    }

    [Fact]
    public async Task Alert_StaleVersion_IsAConflictWithProblemDetails()
    {
        var alert = await _house.AttackAsync(_api);
        var (id, version) = (alert["id"]!.GetValue<long>(), alert["version"]!.GetValue<int>());
        using var first = await _api.PostAsJsonAsync(Relative($"/api/v1/alerts/{id}/assign"), new { version, owner = "wei" });
        var fresh = await _api.GetFromJsonAsync<JsonObject>(Relative($"/api/v1/alerts/{id}"));
        Assert.NotEqual(version, fresh!["summary"]!["version"]!.GetValue<int>());

        using var stale = await _api.PostAsJsonAsync(Relative($"/api/v1/alerts/{id}/acknowledge"), new { version });
        Assert.Equal(HttpStatusCode.Conflict, stale.StatusCode);
        await AssertProblemAsync(stale, 409);
    }

    [Theory]
    [InlineData("/api/v1/alerts/999999", 404)]
    [InlineData("/api/v1/alerts?limit=0", 400)]
    [InlineData("/api/v1/events?q=user.name%3A(", 400)]
    [InlineData("/api/v1/events/nonsense", 404)]
    [InlineData("/api/v1/changes?limit=100000", 400)]
    [InlineData("/api/v1/audit", 403)]
    public async Task Api_BadRequest_AnswersProblemDetails(string path, int status)
    {
        using var answer = await _api.GetAsync(Relative(path));
        Assert.Equal(status, (int)answer.StatusCode);
        await AssertProblemAsync(answer, status);
    }

    [Fact]
    public async Task Api_UnreadableBody_IsABadRequest()
    {
        using var body = new StringContent("{\"version\": \"seven\"", System.Text.Encoding.UTF8, "application/json");
        using var answer = await _api.PostAsync(Relative("/api/v1/alerts/1/acknowledge"), body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static async Task AssertProblemAsync(HttpResponseMessage answer, int status)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonObject>();
        Assert.Equal(status, problem!["status"]!.GetValue<int>());
    }

    private static Uri Relative(string path) => new(path, UriKind.Relative);
}
