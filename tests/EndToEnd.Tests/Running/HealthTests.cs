using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Beacon.EndToEnd.Tests.Support;
using Beacon.Web.Security;

namespace Beacon.EndToEnd.Tests.Running;

public sealed partial class HealthTests
{
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

    // What dashboards and alarms stand on: a renamed one breaks them without a word. A counter shows once it counted something.
    [Fact]
    public async Task Metrics_AfterAnAlert_AreExportedUnderTheDocumentedNames()
    {
        var instruments = new ConcurrentBag<Instrument>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => { if (instrument.Meter.Name.StartsWith("Beacon", StringComparison.Ordinal)) instruments.Add(instrument); } };
        listener.Start();
        // The store in a cluster has its own, which need no answer of it to be there.
        var cluster = new Storage.Elasticsearch.ElasticsearchOptions { Nodes = { "http://127.0.0.1:9" } };
        await using var other = new Storage.Elasticsearch.ElasticsearchEventStore(cluster, null, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<Storage.Elasticsearch.ElasticsearchEventStore>.Instance);
        await using var house = await House.StartAsync();
        var key = await house.KeyAsync(ApiScopes.Read);
        using var api = house.Client(key);
        await using var client = new Live.HubClient(house.Address, key, messagePack: false);
        await client.ConnectAsync();
        await house.AttackAsync(api);
        await Wait.UntilAsync(() => Task.FromResult(client.Seen.Count > 0), "the push");
        // The first alert may have been caught up on, which is no latency; the stream is open now, so the second is pushed.
        await house.AttackAsync(api, "bas-02", "203.0.113.48");

        string[] counted =
        [
            "beacon_collectors_received_total", "beacon_collectors_stored_total", "beacon_collectors_lag_seconds", "beacon_collectors_spool_frames", "beacon_collectors_spool_bytes", "beacon_detections_events_total",
            "beacon_detections_matches_total", "beacon_detections_evaluation_lag_seconds", "beacon_alerting_detections_total", "beacon_alerting_alerts_total", "beacon_alerting_delay_seconds_bucket", "beacon_push_latency_seconds_bucket",
        ];
        using var scraper = house.Client();
        var text = "";
        await Wait.UntilAsync(async () => counted.All((text = await scraper.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Contains), "the metrics of an alert");

        var documented = DocumentedMetrics();
        Assert.DoesNotContain(counted, name => !documented.Any(d => Fits(d, name.Replace("_bucket", "", StringComparison.Ordinal))));
        var names = instruments.Select(Exported).Distinct().ToList();
        Assert.DoesNotContain(names, name => !documented.Any(d => Fits(d, name)));
        Assert.DoesNotContain(documented, d => !names.Any(name => Fits(d, name)));
    }

    private static bool Fits(string documented, string name) => documented[0] == '…' ? name.EndsWith(documented[1..], StringComparison.Ordinal) : name == documented;

    // As the Prometheus exporter names an instrument: its unit and, of a counter, "total" are added.
    private static string Exported(Instrument instrument)
    {
        var name = instrument.Name.Replace('.', '_') + (instrument.Unit == "s" ? "_seconds" : "");
        return instrument.GetType().Name.Contains("Counter", StringComparison.Ordinal) ? name + "_total" : name;
    }

    private static List<string> DocumentedMetrics()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Security.sln"))) folder = folder.Parent;
        return [.. MetricName().Matches(File.ReadAllText(Path.Combine(folder!.FullName, "docs", "operations.md"))).Select(m => m.Groups[1].Value)];
    }

    [GeneratedRegex("`((?:beacon|…)_[a-z_]+)`")]
    private static partial Regex MetricName();

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
