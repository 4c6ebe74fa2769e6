using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Beacon.EndToEnd.Tests.Support;
using Beacon.Events;
using Beacon.Storage.Tests.Elasticsearch;
using Beacon.Web.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.EndToEnd.Tests.Durability;

/// <summary>
/// Events keep coming at a steady pace while Elasticsearch is busy, slow, full, killed and back: all of them are there once in the end.
/// BEACON_FAULT_SECONDS sets how long each fault lasts (default 4).
/// </summary>
public sealed class ElasticsearchFaultTests
{
    private const int PerSecond = 3_000;

    private static readonly TimeSpan Each = TimeSpan.FromSeconds(int.TryParse(Environment.GetEnvironmentVariable("BEACON_FAULT_SECONDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 ? seconds : 4);

    [Fact]
    public async Task Faults_OneAfterTheOtherUnderLoad_LoseNothingAndDoubleNothing()
    {
        TestServer.SkipWithoutServer();
        var data = Directory.CreateTempSubdirectory("beacon-es-data-");
        var server = TestServer.Start(data.FullName, 0);
        try
        {
            await using var indices = new TestIndices(server.Address);
            await using var door = await FlakyDoor.OpenAsync(server.Address);
            await using var house = await House.StartAsync(new Dictionary<string, string?>
            {
                ["Store:Kind"] = "elasticsearch", ["Elasticsearch:Nodes:0"] = door.Address, ["Elasticsearch:Prefix"] = indices.Prefix, ["Elasticsearch:Replicas"] = "0", ["Elasticsearch:NodePauseMost"] = "00:00:03",
            });
            var key = await house.KeyAsync(ApiScopes.Ingest, ApiScopes.Read);
            using var api = house.Client(key);
            using var sender = new BulkSender(api.BaseAddress!, key, PerSecond);
            using var enough = new CancellationTokenSource();
            var clock = Stopwatch.StartNew();
            var sending = sender.SendAsync(enough.Token);
            await PassAsync();

            door.Weather = Weather.Busy;
            await PassAsync();
            Assert.True(door.TurnedAway > 0);
            door.Weather = Weather.Slow;
            await PassAsync();
            door.Weather = Weather.Fair;
            await PassAsync();
            await indices.SendAsync(HttpMethod.Put, $"{indices.Prefix}-events/_settings", """{"index.blocks.read_only_allow_delete":true}""");
            await PassAsync();
            await indices.SendAsync(HttpMethod.Put, $"{indices.Prefix}-events/_settings", """{"index.blocks.read_only_allow_delete":null}""");
            await PassAsync();
            server.Kill();
            await PassAsync();
            server = TestServer.Start(data.FullName, server.Port);
            await PassAsync();

            await enough.CancelAsync();
            await sending;
            var sent = clock.Elapsed;
            var taken = sender.Acknowledged.Count + sender.KnownAlready.Count;
            var counts = await Wait.ForAsync(async () =>
            {
                var sources = (await api.GetFromJsonAsync<JsonObject>(new Uri("/api/v1/sources", UriKind.Relative)))!;
                return sources["inFlight"]!.GetValue<long>() == 0 ? sources["totals"]!.AsObject().Select(t => t.Value!.AsObject()).Single(t => t["received"]!.GetValue<long>() > 0) : null;
            }, "all of it stored", TimeSpan.FromMinutes(4));
            Assert.Equal((taken, taken, 0L, 0L), (counts["received"]!.GetValue<long>(), counts["stored"]!.GetValue<long>(), counts["quarantined"]!.GetValue<long>(), counts["dropped"]!.GetValue<long>()));
            await AssertStoredOnceAsync(house, sender);
            TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{sender.Sent} events sent in {sent.TotalSeconds:0} s, {taken} taken, all stored {(clock.Elapsed - sent).TotalSeconds:0} s later; {door.TurnedAway} bulk requests answered with 429; each fault lasted {Each.TotalSeconds:0} s; 0 missing, 0 double."));
        }
        finally
        {
            server.Stop();
            data.Delete(recursive: true);
        }
    }

    private static Task PassAsync() => Task.Delay(Each, TimeProvider.System, TestContext.Current.CancellationToken);

    private static async Task AssertStoredOnceAsync(House house, BulkSender sender)
    {
        var found = new HashSet<long>();
        await foreach (var batch in house.Services.GetRequiredService<IEventStore>().ScanAsync(new EventScan(EventFilter.All, TimeRange.Unbounded, ["message"]), TestContext.Current.CancellationToken))
            foreach (var e in batch) Assert.True(found.Add(long.Parse(e.GetText(Field.Message)!.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture)), "an event stands there twice");
        Assert.Empty(sender.Acknowledged.Except(found));
        Assert.Empty(sender.KnownAlready.Except(found));
    }
}
