using System.CommandLine;
using System.Diagnostics;
using Beacon.Alerting;
using Beacon.Alerting.Alerts;
using Beacon.Events;
using Beacon.State;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Web.Commands.Bench;

/// <summary>How long the alert list's questions take with very many open alerts.</summary>
internal static class AlertsBench
{
    /// <summary>Alerts that are raised as usual; the others are copies of them under other ids, rules and entities.</summary>
    private const int Raised = 2_000;

    private const int Repeats = 7;

    public static Command Create()
    {
        var open = new Option<int>("--open") { Description = "Open alerts, 10,000 to 5,000,000.", DefaultValueFactory = _ => 1_000_000, HelpName = "N" };
        var folder = new Option<string?>("--folder") { Description = "Where to make the temporary database; the system's folder of temporary files where it is left out.", HelpName = "DIR" };
        var output = BenchCommand.OutputOption();
        var command = new Command("alerts", "Measures lists, counts and filters over many open alerts in the embedded state database; each question several times, its middle time in milliseconds.\n\nExample:\n  ./run bench alerts --open 1000000") { open, folder, output };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(async () =>
        {
            var count = BenchCommand.Within("--open", parsed.GetValue(open), 10_000, 5_000_000);
            using var temporary = new BenchFolder(parsed.GetValue(folder));
            BenchCommand.Print(await RunAsync(temporary.Path, count, cancellation), parsed.GetValue(output)!);
            return 0;
        }));
        return command;
    }

    public static async Task<BenchReport> RunAsync(string folder, int open, CancellationToken cancellation)
    {
        using var state = SqliteStateDatabase.Open(Path.Combine(folder, "state.db"), AlertingModule.Schemas);
        await using var services = new ServiceCollection().AddLogging().AddSingleton<IStateDatabase>(state).AddAlerting(new AlertingOptions { AlertsPerRule = 10_000 }).BuildServiceProvider();
        var now = DateTimeOffset.UnixEpoch + TimeSpan.FromDays(20_000);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Raised; i += 500)
            await services.GetRequiredService<IDetectionSink>().CommitAsync([.. Enumerable.Range(i, 500).Select(n => Sample(n, now))], null, cancellation);
        var intake = Stopwatch.GetElapsedTime(started).TotalSeconds;
        started = Stopwatch.GetTimestamp();
        var rows = await AlertCopies.MakeAsync(state, open, cancellation);
        var filled = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var alerts = services.GetRequiredService<IAlertService>();
        AlertStatus[] unfinished = [AlertStatus.New, AlertStatus.Acknowledged, AlertStatus.Escalated];
        (string Key, Func<Task<long>> Ask)[] questions =
        [
            ("first_page_by_urgency", () => ListAsync(new AlertQuery { Statuses = unfinished })),
            ("first_page_newest", () => ListAsync(new AlertQuery { Order = AlertOrder.Newest })),
            ("counts", async () => (await alerts.CountAsync("ann", cancellation)).NeedsSomeone),
            ("band_act_now", () => ListAsync(new AlertQuery { Band = UrgencyBand.ActNow })),
            ("severity_high", () => ListAsync(new AlertQuery { AtLeast = Severity.High })),
            ("status_new", () => ListAsync(new AlertQuery { Statuses = [AlertStatus.New] })),
            ("one_rule", () => ListAsync(new AlertQuery { RuleId = "rule-7" })),
            ("one_entity", () => ListAsync(new AlertQuery { Entity = new Entity(EntityKind.Host, "host-77") })),
            ("one_owner", () => ListAsync(new AlertQuery { Owner = "ann" })),
            ("since_an_hour", () => ListAsync(new AlertQuery { Since = now - TimeSpan.FromMinutes(1) })),
            ("shelved", () => ListAsync(new AlertQuery { Shelved = true })),
            ("page_100", () => ListAsync(new AlertQuery { Offset = 9_900 })),
            ("words_rare", () => ListAsync(new AlertQuery { Text = "host-77" })),
            ("words_common", () => ListAsync(new AlertQuery { Text = "password" })),
            ("words_none", () => ListAsync(new AlertQuery { Text = "host-77 ransom" })),
            ("words_middling", () => ListAsync(new AlertQuery { Text = "kind 7" })),
            ("words_two_letters", () => ListAsync(new AlertQuery { Text = "-7" })),
            ("words_common_severity_high", () => ListAsync(new AlertQuery { Text = "password", AtLeast = Severity.High })),
        ];
        var report = new List<BenchReport>();
        foreach (var (key, ask) in questions) report.Add(await MeasureAsync(key, ask));
        return new BenchReport("alerts")
            .Add("open", rows).Add("intake_alerts_per_second", Raised / intake).Add("fill_seconds", filled)
            .Add("disk_mb", new FileInfo(Path.Combine(folder, "state.db")).Length / 1e6).Add("queries", report).Add("peak_memory_mb", Stint.PeakMemory());

        async Task<long> ListAsync(AlertQuery query) => (await alerts.ListAsync(query, cancellation)).Total;
    }

    private static async Task<BenchReport> MeasureAsync(string key, Func<Task<long>> ask)
    {
        var times = new double[Repeats];
        long rows = 0;
        for (var i = 0; i < Repeats; i++)
        {
            var started = Stopwatch.GetTimestamp();
            rows = await ask();
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
        Array.Sort(times);
        return BenchReport.Row().Add("query", key).Add("rows", rows).Add("ms", times[Repeats / 2]).Add("worst_ms", times[^1]);
    }

    private static Detection Sample(int n, DateTimeOffset now) => new()
    {
        Id = new DetectionId("bench-" + n), RuleId = "rule-" + n % 50, RuleTitle = "A password was guessed, kind " + n % 50, RuleKind = "sigma",
        Severity = (Severity)(n % 20 == 0 ? 4 : n % 7 == 0 ? 3 : n % 3), Tags = ["attack.credential-access", "attack.t1110"],
        Time = now - TimeSpan.FromSeconds(n), Received = now - TimeSpan.FromSeconds(n), Entity = new Entity(EntityKind.Host, "host-" + n),
        Summary = $"A password was guessed on host-{n}: 40 failures, then a sign-in",
    };
}
