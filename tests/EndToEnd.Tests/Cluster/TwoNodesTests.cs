using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Beacon.EndToEnd.Tests.Support;
using Beacon.Tests.Support;

namespace Beacon.EndToEnd.Tests.Cluster;

/// <summary>Two whole Beacons share one state in PostgreSQL: each with its own spool and sources, with the alerts of both.</summary>
public sealed class TwoNodesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-nodes-");

    [Fact]
    public async Task Nodes_EachReceives_BothShowAllAlertsAndEachItsOwnLedger()
    {
        using var server = PostgresServer.StartOwn();
        var settings = new Dictionary<string, string> { ["State__Postgres"] = server.ConnectionString, ["Store__MemoryMegabytes"] = "256" };
        var one = await StartAsync("one", settings);
        await using var two = await StartAsync("two", settings);
        try
        {
            var key = await BeaconProcess.KeyAsync(Data("one"), settings);
            using var first = Client(one.Address, key);
            using var second = Client(two.Address, key);
            await SendAsync(first, "alpha", 3);
            await SendAsync(second, "beta", 5);
            foreach (var api in new[] { first, second })
                await Wait.UntilAsync(async () => await ShowsAsync(api, "alpha", 3) && await ShowsAsync(api, "beta", 5), "the alerts of both nodes");
            await Wait.UntilAsync(async () => await StoredAsync(first) == 3 && await StoredAsync(second) == 5, "each node's own ledger");

            // The first ends hard and comes back: its checkpoints are where they were, though the other went on meanwhile.
            await one.KillAsync();
            await one.DisposeAsync();
            await SendAsync(second, "beta", 5);
            one = await StartAsync("one", settings);
            using var back = Client(one.Address, key);
            await SendAsync(back, "alpha", 2);
            await Wait.UntilAsync(async () => await StoredAsync(back) == 5 && await StoredAsync(second) == 10, "each node's own ledger, once more");
            foreach (var api in new[] { back, second })
                await Wait.UntilAsync(async () => await ShowsAsync(api, "alpha", 5) && await ShowsAsync(api, "beta", 10), "the alerts of both nodes, each detection once");
        }
        finally
        {
            await one.DisposeAsync();
        }
    }

    private Task<BeaconProcess> StartAsync(string name, Dictionary<string, string> settings) =>
        BeaconProcess.StartAsync(Data(name), BeaconProcess.FreePort(), BeaconProcess.FreePort(), settings);

    private string Data(string name) => System.IO.Path.Combine(_folder.FullName, name);

    private static HttpClient Client(string address, string key)
    {
        var client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(60) };
        client.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(key);
        return client;
    }

    /// <summary>Sends events that a shipped rule matches: a further account with root's id.</summary>
    private static async Task SendAsync(HttpClient api, string host, int events)
    {
        var body = new StringBuilder();
        for (var i = 0; i < events; i++)
        {
            body.Append("{\"create\":{\"_index\":\"nodes\"}}\n").Append(CultureInfo.InvariantCulture,
                $"{{\"@timestamp\":\"{TimeProvider.System.GetUtcNow().UtcDateTime:O}\",\"event\":{{\"module\":\"useradd\"}},\"host\":{{\"os\":{{\"type\":\"linux\"}},\"name\":\"{host}\"}},\"message\":\"new user: name=sysmnt, UID=0, GID=0\",\"log\":{{\"syslog\":{{\"appname\":\"useradd\"}}}}}}\n");
        }
        using var content = new StringContent(body.ToString(), Encoding.UTF8, "application/x-ndjson");
        using var answer = await api.PostAsync(Path("/_bulk"), content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<IReadOnlyList<JsonNode>> AlertsAsync(HttpClient api) => [.. (await api.GetFromJsonAsync<JsonObject>(Path("/api/v1/alerts")))!["items"]!.AsArray().OfType<JsonNode>()];

    private static async Task<bool> ShowsAsync(HttpClient api, string host, int count) =>
        (await AlertsAsync(api)).Any(a => a["title"]!.GetValue<string>().Contains(host, StringComparison.Ordinal) && a["count"]!.GetValue<long>() == count);

    private static async Task<long> StoredAsync(HttpClient api) =>
        (await api.GetFromJsonAsync<JsonObject>(Path("/api/v1/sources")))!["totals"]!.AsObject().Sum(static t => t.Value!["stored"]!.GetValue<long>());

    private static Uri Path(string path) => new(path, UriKind.Relative);

    public void Dispose() => _folder.Delete(recursive: true);
}
