using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Beacon.EndToEnd.Tests.Console;
using Beacon.EndToEnd.Tests.Support;
using Beacon.Storage.Tests.Elasticsearch;

namespace Beacon.EndToEnd.Tests.Stores;

/// <summary>The whole of Beacon on a real Elasticsearch: the search page, and the path from a line to what the API answers.</summary>
public sealed class SearchOnElasticsearchTests(Browser browser) : SearchTests(browser)
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
    public async Task Syslog_LinesAndAnAttack_AreReadyCountedFoundAndStillThereAfterARestart()
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
        var counts = await Wait.ForAsync(async () =>
        {
            var sources = (await Api.GetFromJsonAsync<JsonObject>(Relative("/api/v1/sources")))!;
            return sources["inFlight"]!.GetValue<long>() == 0 ? sources["totals"]!.AsObject().FirstOrDefault(t => t.Key.Contains("tcp", StringComparison.Ordinal)).Value?.AsObject() : null;
        }, "the loss ledger");
        Assert.Equal((301, 301), (counts["received"]!.GetValue<long>(), counts["stored"]!.GetValue<long>()));

        await House.StopAsync();
        await House.StartAgainAsync();
        using var again = House.Client(await House.KeyAsync(Web.Security.ApiScopes.Read));
        Assert.Equal(301, (await again.GetFromJsonAsync<JsonObject>(Relative("/api/v1/events/count")))!["count"]!.GetValue<long>());
    }

    private async Task<long> CountAsync(string query) =>
        (await Api.GetFromJsonAsync<JsonObject>(Relative("/api/v1/events/count?q=" + Uri.EscapeDataString(query))))!["count"]!.GetValue<long>();

    private static Uri Relative(string path) => new(path, UriKind.Relative);
}
