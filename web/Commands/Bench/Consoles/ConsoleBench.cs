using System.CommandLine;
using System.Globalization;
using Beacon.Web.Hosting;
using Beacon.Web.Security;

namespace Beacon.Web.Commands.Bench.Consoles;

/// <summary>How hard the run is: the defaults are what the console promises.</summary>
internal sealed record ConsoleLoad(int Rate, TimeSpan Length, int Clients, int Circuits)
{
    /// <summary>Alerts a second in the middle of the run, each a group of its own.</summary>
    public const int BurstRate = 200;

    /// <summary>Ten seconds, or a third of a shorter run.</summary>
    public TimeSpan Burst => Length < TimeSpan.FromSeconds(30) ? Length / 3 : TimeSpan.FromSeconds(10);
}

/// <summary>Many consoles on one Beacon: hub clients and console circuits that watch Live while events and a burst of alerts come in.</summary>
internal static class ConsoleBench
{
    public static Command Create()
    {
        var rate = new Option<int>("--rate") { Description = "Lines a second, 10 to 200,000.", DefaultValueFactory = _ => 5_000, HelpName = "N" };
        var seconds = BenchCommand.SecondsOption(60, "How long to send");
        var clients = new Option<int>("--clients") { Description = "Hub clients, 1 to 1,000.", DefaultValueFactory = _ => 100, HelpName = "N" };
        var circuits = new Option<int>("--circuits") { Description = "Consoles that show Live, 1 to 200.", DefaultValueFactory = _ => 10, HelpName = "N" };
        var data = new Option<string?>("--data") { Description = "Folder in which a temporary one is made, to measure that disk; the system's where it is left out.", HelpName = "DIR" };
        var output = BenchCommand.OutputOption();
        var command = new Command("console", "Starts Beacon in a process of its own and watches it as a full control room does: hub clients, and consoles that speak the browser's own protocol with the server (what a browser then draws is not measured). Events come in at a steady rate; in the middle of the run 200 alerts a second for ten seconds. Exit code 1 where an event was lost, a change did not reach a client, or a console was updated more than four times a second.\n\nExample:\n  ./run bench console --seconds 60 --output json") { rate, seconds, clients, circuits, data, output };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(async () =>
        {
            var load = new ConsoleLoad(
                BenchCommand.Within("--rate", parsed.GetValue(rate), 10, 200_000), TimeSpan.FromSeconds(BenchCommand.Within("--seconds", parsed.GetValue(seconds), 1, 3_600)),
                BenchCommand.Within("--clients", parsed.GetValue(clients), 1, 1_000), BenchCommand.Within("--circuits", parsed.GetValue(circuits), 1, 200));
            using var folder = new BenchFolder(parsed.GetValue(data));
            var (report, whole) = await RunAsync(folder.Path, load, cancellation);
            BenchCommand.Print(report, parsed.GetValue(output)!);
            return whole ? 0 : 1;
        }));
        return command;
    }

    internal static async Task<(BenchReport Report, bool Whole)> RunAsync(string folder, ConsoleLoad load, CancellationToken cancellation)
    {
        var clock = TimeProvider.System;
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        var data = Path.Combine(folder, "data");
        // Else the burst would become one line, as it does for people: here each alert is to be one.
        await using var server = await ServerProcess.StartAsync(data, http, cancellation, new Dictionary<string, string> { ["Alerting__AlertsPerRule"] = "10000" });
        var authorization = await ServerData.KeyAsync(data, cancellation);
        var password = Convert.ToHexString(Guid.NewGuid().ToByteArray());
        await StateServices.WithAsync<UserDirectory>(data, async users =>
        {
            await users.CreateAsync("bench", "", password, [Alerting.RoleNames.Administrator], "bench", cancellation);
            return 0;
        });
        // A running Beacon sees keys and accounts that others made within two seconds.
        await Task.Delay(TimeSpan.FromSeconds(2.2), clock, cancellation);

        var probes = new ProbeLog(clock);
        await using var crowd = new HubCrowd(server.Address, authorization, load.Clients, probes, clock);
        await crowd.StartAsync(cancellation);
        var heap = new ServerHeap(server, http, clock);
        var lines = new SampleLines(5);
        // A first console and a little traffic, so that what is loaded once is not counted as a console's.
        var cookies = await ConsolePage.SignInAsync(server.Address, "bench", password, cancellation);
        var warm = new PacedSender(server.SyslogPort, load.Rate, TimeSpan.FromSeconds(2), (_, now) => lines.Syslog(now), clock);
        await using (var first = await ConsoleCircuit.OpenAsync(server.Address, cookies, cancellation))
        {
            await warm.RunAsync(cancellation);
            await first.CloseAsync(cancellation);
        }
        var without = await heap.AfterCollectionAsync(cancellation);
        var circuits = new List<ConsoleCircuit>();
        try
        {
            for (var i = 0; i < load.Circuits; i++) circuits.Add(await ConsoleCircuit.OpenAsync(server.Address, cookies, cancellation));
            await Task.Delay(TimeSpan.FromSeconds(2), clock, cancellation);
            var start = await heap.AfterCollectionAsync(cancellation);
            var residentStart = server.Memory;
            await Say($"{load.Clients} hub clients and {load.Circuits} consoles watch; {load.Rate:N0} lines a second for {load.Length.TotalSeconds:N0} s begin.");

            crowd.Begin();
            foreach (var circuit in circuits) circuit.Begin();
            var cpu = server.CpuSeconds;
            var steady = new PacedSender(server.SyslogPort, load.Rate, load.Length, PacedSender.WithProbes(lines, probes, load.Rate), clock);
            var flood = new PacedSender(server.SyslogPort, ConsoleLoad.BurstRate, load.Burst, BurstLines.Next, clock);
            var sending = Task.WhenAll(steady.RunAsync(cancellation), BurstAsync());
            for (var second = 1; !sending.IsCompleted; second++)
            {
                await Task.WhenAny(sending, Task.Delay(TimeSpan.FromSeconds(1), clock, cancellation));
                if (server.HasExited) throw new CommandException($"Beacon ended:{Environment.NewLine}{server.LastLog}");
                crowd.ThrowIfBroken();
                foreach (var circuit in circuits) circuit.ThrowIfBroken();
                if (second % 10 == 0) await Say($"{second} s: {steady.Sent + flood.Sent:N0} lines sent, {crowd.Received:N0} changes at {load.Clients} clients");
            }
            await sending;
            foreach (var circuit in circuits) circuit.End();
            using var state = ServerData.Open(data);
            var drained = await ServerData.DrainAsync(state, warm.Sent + steady.Sent + flood.Sent, () => probes.Pushed >= probes.Sent, clock, cancellation);
            await crowd.SettleAsync(cancellation);
            cpu = server.CpuSeconds - cpu;
            var counts = await ServerData.CountsAsync(state, clock, cancellation);
            var end = await heap.AfterCollectionAsync(cancellation);
            var residentEnd = server.Memory;
            foreach (var circuit in circuits) await circuit.CloseAsync(cancellation);
            var left = await heap.AfterCollectionAsync(cancellation);
            var peak = server.PeakMemory;
            await crowd.StopAsync();
            await server.StopAsync(TimeSpan.FromSeconds(30), cancellation);
            var rows = await ServerData.RowsAsync(data, cancellation);

            var sent = warm.Sent + steady.Sent + flood.Sent;
            var lost = sent - rows - counts.Quarantined;
            var report = new BenchReport("console").Add("clients", load.Clients).Add("circuits", load.Circuits)
                .Add("rate", load.Rate).Add("seconds", steady.Seconds).Add("burst_alerts", flood.Sent).Add("burst_seconds", flood.Seconds)
                .Add("sent", sent).Add("stored", rows).Add("quarantined", counts.Quarantined).Add("dropped", counts.Dropped).Add("lost", lost)
                .Add("drain_seconds", drained).Add("cpu_cores", cpu / (steady.Seconds + drained));
            crowd.Report(report);
            probes.Report(report);
            CircuitReport.Add(report, circuits);
            if (without is { } w && start is { } s && end is { } e && left is { } l)
                report.Add("heap_start_mb", s).Add("heap_end_mb", e).Add("heap_growth_mb", e - s).Add("heap_end_without_consoles_mb", l)
                    .Add("circuit_start_mb", (s - w) / load.Circuits).Add("circuit_end_mb", (e - l) / load.Circuits);
            report.Add("resident_start_mb", residentStart).Add("resident_end_mb", residentEnd).Add("peak_memory_mb", peak);
            if (lost != 0) await Say($"{lost} lines were lost: sent {sent}, in the store {rows}, in quarantine {counts.Quarantined}.");
            if (crowd.Missing > 0) await Say($"{crowd.Missing} changes did not reach a client.");
            return (report, lost == 0 && crowd.Missing == 0 && CircuitReport.Worst(circuits) <= 4.05);

            async Task BurstAsync()
            {
                await Task.Delay((load.Length - load.Burst) / 2, clock, cancellation);
                await flood.RunAsync(cancellation);
            }
        }
        finally
        {
            foreach (var circuit in circuits) await circuit.DisposeAsync();
        }
    }

    private static Task Say(FormattableString text) => System.Console.Error.WriteLineAsync(text.ToString(CultureInfo.InvariantCulture));
}
