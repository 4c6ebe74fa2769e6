using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Beacon.EndToEnd.Tests.Support;
using Beacon.Web.Security;

namespace Beacon.EndToEnd.Tests.Running;

public sealed class HealthTests
{
    // What an operator's dashboards and alarms stand on: a renamed one breaks them without a word.
    private static readonly string[] Documented =
    [
        "beacon_collectors_received", "beacon_collectors_stored", "beacon_collectors_dropped", "beacon_collectors_quarantined", "beacon_collectors_lag", "beacon_collectors_spool_frames", "beacon_collectors_spool_bytes",
        "beacon_detections_events", "beacon_detections_matches", "beacon_detections_rule_errors", "beacon_detections_evaluation_lag",
        "beacon_alerting_alerts", "beacon_alerting_detections", "beacon_alerting_delay", "beacon_push_latency",
    ];

    [Fact]
    public async Task Health_RunningHost_IsLiveAndReadyInEveryPart()
    {
        await using var house = await House.StartAsync();
        using var http = house.Client();
        Assert.Equal("live", await http.GetStringAsync(new Uri("/health/live", UriKind.Relative)));
        var ready = await http.GetFromJsonAsync<JsonObject>(new Uri("/health/ready", UriKind.Relative));
        Assert.Equal("ready", ready!["status"]!.GetValue<string>());
        foreach (var part in new[] { "host", "state", "store", "rules", "ingest" }) Assert.Equal("ok", ready["parts"]![part]!.GetValue<string>());
    }

    [Fact]
    public async Task Metrics_AfterAnAlert_HoldTheDocumentedNames()
    {
        await using var house = await House.StartAsync();
        var key = await house.KeyAsync(ApiScopes.Read);
        using var api = house.Client(key);
        await using var client = new Live.HubClient(house.Address, key, messagePack: false);
        await client.ConnectAsync();
        await house.AttackAsync(api);
        await Wait.UntilAsync(() => Task.FromResult(client.Seen.Count > 0), "the push");
        using var scraper = house.Client();
        var missing = Documented;
        await Wait.UntilAsync(async () =>
        {
            var text = await scraper.GetStringAsync(new Uri("/metrics", UriKind.Relative));
            missing = [.. Documented.Where(n => !text.Contains("\n" + n, StringComparison.Ordinal))];
            return missing is [] or ["beacon_collectors_dropped", "beacon_collectors_quarantined"] or ["beacon_collectors_dropped", "beacon_collectors_quarantined", "beacon_detections_rule_errors"];
        }, "the metrics");
    }

    [Fact]
    public async Task Process_FromStart_IsReady()
    {
        var data = Directory.CreateTempSubdirectory("beacon-e2e-");
        try
        {
            await using var beacon = await BeaconProcess.StartAsync(Path.Combine(data.FullName, "data"), BeaconProcess.FreePort(), BeaconProcess.FreePort());
            TestContext.Current.TestOutputHelper!.WriteLine($"Ready after {beacon.ReadyAfter.TotalSeconds:0.00} s; peak memory {beacon.PeakMemory / 1048576.0:0} MiB");
            Assert.True(beacon.ReadyAfter < TimeSpan.FromSeconds(30), $"ready after {beacon.ReadyAfter.TotalSeconds:0.0} s");

            // The link that is printed at the first start opens the set-up page.
            var link = beacon.Output.Split('\n').First(l => l.StartsWith("Set-up", StringComparison.Ordinal))["Set-up".Length..].Trim();
            using var http = new HttpClient();
            using var page = await http.GetAsync(new Uri(link));
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            Assert.Contains("type=\"password\"", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);

            // And the folder belongs to one process.
            var second = await Assert.ThrowsAsync<InvalidOperationException>(() => BeaconProcess.StartAsync(Path.Combine(data.FullName, "data"), BeaconProcess.FreePort(), BeaconProcess.FreePort()));
            Assert.Contains("running on it already", second.Message, StringComparison.Ordinal);
            await beacon.StopAsync();
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }
}
