using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Beacon.EndToEnd.Tests.Support;
using Beacon.Events;
using Beacon.Storage.DuckDb;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beacon.EndToEnd.Tests.Durability;

/// <summary>
/// The promise that everything else stands on: what was acknowledged is never lost and never doubled, whatever moment the
/// process dies at. BEACON_KILL_ROUNDS sets the rounds (default 20).
/// </summary>
public sealed class KillNineTests : IDisposable
{
    private const int PerSecond = 2_000;
    private const string TenSeconds = "0b1f6a34-58f4-4c26-9c5b-6d2e1f70a9c1";

    private const string Silence = "e3ab9b37-f61d-59a8-9db0-5ad4977edc81";

    // Ten seconds instead of a minute, so that most kills fall beside or into an evaluation.
    private const string Rule = $"""
        title: Events of the Sender
        id: {TenSeconds}
        status: test
        description: The sender was heard in a window.
        level: informational
        detector: threshold
        window: 10s
        lateness: 2s
        settings:
          filter:
            event.dataset: kill.nine
          group-by: [host.name]
          at-least: 1
        """;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-kill-");
    private readonly Random _moments = new(20_261_124);
    private readonly int _rounds = int.TryParse(Environment.GetEnvironmentVariable("BEACON_KILL_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) && rounds > 0 ? rounds : 20;
    private readonly List<TimeSpan> _starts = [];

    private string Data => Path.Combine(_folder.FullName, "data");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Kill_AtRandomMomentsUnderLoad_LosesNothingAndDoublesNothing()
    {
        var (port, syslogPort, clock) = (BeaconProcess.FreePort(), BeaconProcess.FreePort(), Stopwatch.StartNew());
        var rules = Directory.CreateDirectory(Path.Combine(Data, "rules", "scheduled"));
        await File.WriteAllTextAsync(Path.Combine(rules.FullName, "sender.yml"), Rule);
        var beacon = await StartAsync(port, syslogPort);
        try
        {
            var key = await BeaconProcess.KeyAsync(Data);
            using var api = new HttpClient { BaseAddress = new Uri(beacon.Address), Timeout = TimeSpan.FromSeconds(60) };
            api.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(key);
            var run = await StartPlaybookAsync(api, syslogPort);
            var waiting = await StepAsync(api, run);

            using var sender = new BulkSender(api.BaseAddress, key, PerSecond);
            using var enough = new CancellationTokenSource();
            var sending = sender.SendAsync(enough.Token);
            for (var round = 0; round < _rounds; round++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(_moments.Next(300, 4_000)), TimeProvider.System);
                await beacon.KillAsync();
                await beacon.DisposeAsync();
                beacon = await StartAsync(port, syslogPort);
                Assert.Equal(waiting, await StepAsync(api, run));
            }
            await enough.CancelAsync();
            await sending;

            var stored = sender.Acknowledged.Count + sender.KnownAlready.Count;
            await Wait.ForAsync(async () => (await CountAsync(api)) >= stored ? "" : null, $"{stored} events in the store", TimeSpan.FromMinutes(3));
            await AssertLossLedgerAsync(api, stored);
            await AssertEvaluationLedgerAsync(api);
            await CompleteAsync(api, run, waiting);
            await beacon.StopAsync();
            await AssertStoredOnceAsync(sender);

            Print(string.Create(CultureInfo.InvariantCulture, $"{_rounds} kills in {clock.Elapsed.TotalSeconds:0} s; {sender.Sent} events sent, {sender.Acknowledged.Count} acknowledged with 201, {sender.KnownAlready.Count} known when sent again ({sender.Resent} batches sent again, {sender.LostAnswers} answers lost); 0 missing, 0 double."));
            Print(string.Create(CultureInfo.InvariantCulture, $"Ready after a kill: {_starts.Average(s => s.TotalSeconds):0.00} s on average, {_starts.Max().TotalSeconds:0.00} s at most."));
        }
        catch (Exception fault) when (fault is not Xunit.Sdk.IAssertionException)
        {
            Print(beacon.Output);
            throw;
        }
        finally
        {
            await beacon.DisposeAsync();
        }
    }

    private async Task<BeaconProcess> StartAsync(int port, int syslogPort)
    {
        var beacon = await BeaconProcess.StartAsync(Data, port, syslogPort);
        _starts.Add(beacon.ReadyAfter);
        return beacon;
    }

    private static async Task<string> StartPlaybookAsync(HttpClient api, int syslogPort)
    {
        using (var client = new System.Net.Sockets.TcpClient())
        {
            await client.ConnectAsync("127.0.0.1", syslogPort);
            await client.GetStream().WriteAsync(System.Text.Encoding.UTF8.GetBytes(House.Sshd("bas-01", "Accepted password for root from 203.0.113.47 port 41888 ssh2") + "\n"));
        }
        var alert = await Wait.ForAsync(() => House.AlertAsync(api, "bas-01"), "the alert");
        var incident = await House.IncidentAsync(api, alert);
        // One that begins with what any operator may do: others wait for a supervisor, which no key is.
        var library = await api.GetFromJsonAsync<JsonObject>(Relative("/api/v1/playbooks"));
        var chosen = library!["playbooks"]!.AsArray().Single(p => p!["name"]!.GetValue<string>() == "Log source silent or switched off");
        using var answer = await api.PostAsJsonAsync(Relative($"/api/v1/incidents/{incident}/runs"), new { playbookId = chosen!["id"]!.GetValue<string>() });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<string>();
    }

    /// <summary>The step that waits for a person; the run has to be where it was.</summary>
    private static async Task<string> StepAsync(HttpClient api, string run)
    {
        var found = await api.GetFromJsonAsync<JsonObject>(Relative($"/api/v1/runs/{run}"));
        Assert.Equal("Running", found!["summary"]!["status"]!.GetValue<string>());
        var active = Assert.Single(found["summary"]!["active"]!.AsArray());
        Assert.Equal("WaitingForPerson", active!["status"]!.GetValue<string>());
        return active["stepId"]!.GetValue<string>();
    }

    private static async Task CompleteAsync(HttpClient api, string run, string step)
    {
        var found = await api.GetFromJsonAsync<JsonObject>(Relative($"/api/v1/runs/{run}"));
        using var answer = await api.PostAsJsonAsync(Relative($"/api/v1/runs/{run}/steps/{step}/complete"), new { version = found!["summary"]!["version"]!.GetValue<int>(), result = "Done", note = "after the kills" });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var after = await Wait.ForAsync(async () =>
        {
            var now = await api.GetFromJsonAsync<JsonObject>(Relative($"/api/v1/runs/{run}"));
            return now!["steps"]!.AsArray().First(s => s!["summary"]!["stepId"]!.GetValue<string>() == step)!["summary"]!["status"]!.GetValue<string>() == "Succeeded" ? now : null;
        }, "the completed step");
        var incident = after["summary"]!["incidentId"]!.GetValue<long>();
        var chain = await api.GetFromJsonAsync<JsonObject>(Relative($"/api/v1/incidents/{incident}/timeline/verify"));
        Assert.True(chain!["intact"]!.GetValue<bool>());
    }

    private static async Task<long> CountAsync(HttpClient api) =>
        (await api.GetFromJsonAsync<JsonObject>(Relative("/api/v1/events/count?q=event.dataset%3Akill.nine")))!["count"]!.GetValue<long>();

    private static async Task AssertLossLedgerAsync(HttpClient api, long stored)
    {
        var totals = await Wait.ForAsync(async () =>
        {
            var sources = (await api.GetFromJsonAsync<JsonObject>(Relative("/api/v1/sources")))!;
            return sources["inFlight"]!.GetValue<long>() == 0 ? sources["totals"]!.AsObject() : null;
        }, "an empty spool");
        foreach (var (source, counts) in totals)
            Assert.True(Of(counts, "received") == Of(counts, "stored") + Of(counts, "quarantined") + Of(counts, "dropped"), $"{source}: {counts}");
        var http = totals.Single(t => t.Key.Contains("http", StringComparison.Ordinal)).Value;
        Assert.Equal(stored, Of(http, "stored"));
        Assert.Equal(0, Of(http, "dropped"));

        static long Of(JsonNode? counts, string name) => counts![name]!.GetValue<long>();
    }

    private static async Task AssertEvaluationLedgerAsync(HttpClient api)
    {
        var rules = (await api.GetFromJsonAsync<JsonArray>(Relative("/api/v1/ledger/evaluation")))!.Select(r => r!["ruleId"]!.GetValue<string>()).ToList();
        Assert.Contains(TenSeconds, rules);
        var evaluated = 0;
        foreach (var rule in rules)
        {
            // What stands open when this is asked closes within moments: a window that a kill interrupted is begun again.
            var windows = await Wait.ForAsync(async () =>
            {
                var list = (await api.GetFromJsonAsync<JsonArray>(Relative($"/api/v1/ledger/evaluation/{rule}?limit=1000")))!;
                return list.All(w => IsSettled(rule, w!)) ? list : null;
            }, $"the end of every window of {rule}");
            var spans = windows.Where(w => w!["revision"]!.GetValue<int>() == 0).Select(w => (From: w!["start"]!.GetValue<DateTimeOffset>(), To: w["end"]!.GetValue<DateTimeOffset>())).OrderBy(w => w.From).ToList();
            // A window that looks back further than a minute begins a minute after the one before; others begin where it ends.
            foreach (var (earlier, later) in spans.Zip(spans.Skip(1)))
                Assert.True(earlier.To == later.From || (earlier.To - earlier.From > Minute && later.From - earlier.From == Minute), $"{rule}: {earlier.From:O} to {earlier.To:O} is followed by {later.From:O}");
            evaluated += spans.Count;
            if (rule == TenSeconds) await AssertDetectedOnceAsync(api, windows);
        }
        Print($"{evaluated} windows of {rules.Count} scheduled rules, without hole or double.");
    }

    // A window that passed while nothing ran can't be judged by who listens for silence: it is left out by name, and its span is kept.
    private static bool IsSettled(string rule, JsonNode window) =>
        window["state"]!.GetValue<string>() == "Done" || (rule == Silence && window["state"]!.GetValue<string>() == "Skipped" && window["reason"]!.GetValue<string>().StartsWith("the program was not running", StringComparison.Ordinal));

    /// <summary>Each window of the sender's rule raised its detection once: the alert counts them.</summary>
    private static async Task AssertDetectedOnceAsync(HttpClient api, JsonArray windows)
    {
        var detected = windows.Sum(w => w!["detections"]!.GetValue<int>());
        Assert.NotEqual(0, detected);
        var counted = await Wait.ForAsync(async () =>
        {
            var alerts = (await api.GetFromJsonAsync<JsonObject>(Relative($"/api/v1/alerts?rule={TenSeconds}")))!["items"]!.AsArray();
            var sum = alerts.Sum(a => a!["count"]!.GetValue<long>());
            return sum >= detected ? sum.ToString(CultureInfo.InvariantCulture) : null;
        }, $"{detected} detections in the alerts of the sender's rule");
        // Windows go on being evaluated while this is asked: one more may have come between.
        Assert.InRange(long.Parse(counted, CultureInfo.InvariantCulture), detected, detected + 1);
    }

    private async Task AssertStoredOnceAsync(BulkSender sender)
    {
        var store = new DuckDbEventStore(new DuckDbOptions { Directory = Path.Combine(Data, "events") }, TimeProvider.System, NullLogger<DuckDbEventStore>.Instance);
        await using (store)
        {
            await store.OpenAsync(CancellationToken.None);
            var found = new HashSet<long>();
            var doubles = new List<long>();
            string? after = null;
            do
            {
                var page = await store.SearchAsync(new EventQuery { Filter = EventFilter.Equal("event.dataset", "kill.nine"), Limit = 10_000, OldestFirst = true, After = after }, CancellationToken.None);
                foreach (var e in page.Events)
                {
                    var number = long.Parse(e.GetText(Field.Message)!.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture);
                    if (!found.Add(number)) doubles.Add(number);
                }
                after = page.Next;
            }
            while (after is not null);
            Assert.Empty(doubles);
            Assert.Empty(sender.Acknowledged.Except(found));
            Assert.Empty(sender.KnownAlready.Except(found));
            Assert.Equal(sender.Sent, found.Count);
        }
    }

    private static Uri Relative(string path) => new(path, UriKind.Relative);
    private static void Print(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);
}
