using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Beacon.EndToEnd.Tests.Console;
using Beacon.EndToEnd.Tests.Support;
using Beacon.Storage.Tests.Elasticsearch;

namespace Beacon.EndToEnd.Tests.Stores;

/// <summary>Beacon on a real Elasticsearch: the path from a line to what the API answers, also when the server is full. The pages run on it where BEACON_TEST_STORE says so.</summary>
public sealed class ElasticsearchPathTests(Browser browser) : ConsoleTests(browser)
{
    private TestIndices _indices = null!;

    private protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["Store:Kind"] = "elasticsearch", ["Elasticsearch:Nodes:0"] = TestServer.Elasticsearch().Address, ["Elasticsearch:Prefix"] = _indices.Prefix, ["Elasticsearch:Replicas"] = "0",
    };

    public override async ValueTask InitializeAsync()
    {
        _indices = new TestIndices(TestServer.Elasticsearch().Address);
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        if (House is not null) await base.DisposeAsync();
        if (_indices is not null) await _indices.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Syslog_LinesAndAnAttack_AreCountedFoundHeldWhileTheServerIsFullAndThereAfterARestart()
    {
        var ready = await Api.GetFromJsonAsync<JsonObject>(Relative("/health/ready"));
        Assert.Equal("ok", ready!["parts"]!["store"]!.GetValue<string>());
        await House.SyslogAsync(Enumerable.Range(0, 300).Select(i => House.Sshd("bas-01", $"Connection closed by 198.51.100.{i % 250} port {40_000 + i}")));
        await House.AttackAsync(Api);
        await Wait.UntilAsync(async () => await CountAsync("") == 301, "301 events in the store");
        Assert.Equal(1, await CountAsync("user.name:ROOT"));

        var store = await Api.GetFromJsonAsync<JsonObject>(Relative("/api/v1/store"));
        Assert.Equal("elasticsearch", store!["kind"]!.GetValue<string>());
        Assert.Equal(301, store["events"]!.GetValue<long>());

        // Full, as the disk watermark makes it: the spool holds, alerts go on, and all of it goes on by itself.
        await _indices.SendAsync(HttpMethod.Put, $"{_indices.Prefix}-events/_settings", """{"index.blocks.read_only_allow_delete":true}""");
        await House.SyslogAsync(Enumerable.Range(0, 99).Select(i => House.Sshd("bas-02", $"Connection closed by 198.51.100.{i} port {40_000 + i}")));
        await House.AttackAsync(Api, "bas-03", "203.0.113.48");
        Assert.Equal(301, await CountAsync(""));
        await _indices.SendAsync(HttpMethod.Put, $"{_indices.Prefix}-events/_settings", """{"index.blocks.read_only_allow_delete":null}""");
        var counts = await Wait.ForAsync(async () =>
        {
            var sources = (await Api.GetFromJsonAsync<JsonObject>(Relative("/api/v1/sources")))!;
            var totals = sources["totals"]!.AsObject().FirstOrDefault(t => t.Key.Contains("tcp", StringComparison.Ordinal)).Value?.AsObject();
            return sources["inFlight"]!.GetValue<long>() == 0 && totals?["received"]!.GetValue<long>() == 401 ? totals : null;
        }, "the loss ledger");
        Assert.Equal((401, 0, 0), (counts["stored"]!.GetValue<long>(), counts["quarantined"]!.GetValue<long>(), counts["dropped"]!.GetValue<long>()));

        await House.StopAsync();
        await House.StartAgainAsync();
        using var again = House.Client(await House.KeyAsync(Web.Security.ApiScopes.Read));
        Assert.Equal(401, (await again.GetFromJsonAsync<JsonObject>(Relative("/api/v1/events/count")))!["count"]!.GetValue<long>());
    }

    private async Task<long> CountAsync(string query) =>
        (await Api.GetFromJsonAsync<JsonObject>(Relative("/api/v1/events/count?q=" + Uri.EscapeDataString(query))))!["count"]!.GetValue<long>();

    private static Uri Relative(string path) => new(path, UriKind.Relative);
}
