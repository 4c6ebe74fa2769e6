using System.CommandLine;
using System.Globalization;
using Beacon.Web.Hosting;
using Beacon.Web.Live;

namespace Beacon.Web.Commands.Bench;

/// <summary>The whole path: syslog in by TCP, spooled, parsed, matched, stored, alerted, pushed to a hub client.</summary>
internal static class PathBench
{
    public static Command Create()
    {
        var rate = new Option<int>("--rate") { Description = "Lines a second, 10 to 200,000.", DefaultValueFactory = _ => 5_000, HelpName = "N" };
        var seconds = BenchCommand.SecondsOption(120, "How long to send");
        var data = new Option<string?>("--data") { Description = "Folder in which a temporary one is made, to measure that disk; the system's where it is left out.", HelpName = "DIR" };
        var output = BenchCommand.OutputOption();
        var command = new Command("path", "Starts Beacon in a process of its own on a temporary folder, sends it syslog over TCP at a steady rate, and follows its hub: receipt to pushed alert, and what became of every line. The store's rows are counted after Beacon has stopped. Exit code 1 where a line was lost or an alert was not pushed.\n\nExample:\n  ./run bench path --rate 5000 --seconds 120 --output json") { rate, seconds, data, output };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(async () =>
        {
            var lines = BenchCommand.Within("--rate", parsed.GetValue(rate), 10, 200_000);
            var time = TimeSpan.FromSeconds(BenchCommand.Within("--seconds", parsed.GetValue(seconds), 1, 3_600));
            using var folder = new BenchFolder(parsed.GetValue(data));
            var (report, whole) = await RunAsync(folder.Path, lines, time, cancellation);
            BenchCommand.Print(report, parsed.GetValue(output)!);
            return whole ? 0 : 1;
        }));
        return command;
    }

    private static async Task<(BenchReport Report, bool Whole)> RunAsync(string folder, int rate, TimeSpan length, CancellationToken cancellation)
    {
        var clock = TimeProvider.System;
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        var data = Path.Combine(folder, "data");
        await using var server = await ServerProcess.StartAsync(data, http, cancellation);
        await Say($"Beacon was ready after {server.ReadySeconds:0.0} s; it rests for five seconds.");
        await Task.Delay(TimeSpan.FromSeconds(5), clock, cancellation);
        var idle = server.Memory;

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var probes = new ProbeLog(clock);
        var authorization = await ServerData.KeyAsync(data, stop.Token);
        await Task.Delay(TimeSpan.FromSeconds(2.2), clock, stop.Token);
        await using var client = new HubFollower(server.Address, authorization);
        await client.StartAsync(cancellation);
        var following = FollowAsync(client, probes, stop.Token);

        var cpu = server.CpuSeconds;
        var allocated = ServerMetrics.Sum(await MetricsAsync(http, server, cancellation), Allocated);
        var sender = new PacedSender(server.SyslogPort, rate, length, PacedSender.WithProbes(new SampleLines(5), probes, rate), clock);
        using var state = ServerData.Open(data);
        double deepest = 0;
        var sending = sender.RunAsync(cancellation);
        for (var second = 1; !sending.IsCompleted; second++)
        {
            await Task.WhenAny(sending, Task.Delay(TimeSpan.FromSeconds(1), clock, cancellation));
            if (following.IsFaulted) throw new CommandException($"The hub broke off: {following.Exception!.InnerException!.Message}");
            if (server.HasExited) throw new CommandException($"Beacon ended:{Environment.NewLine}{server.LastLog}");
            deepest = Math.Max(deepest, ServerMetrics.Sum(await MetricsAsync(http, server, cancellation), "beacon_collectors_spool_frames") ?? 0);
            if (second % 10 == 0) await Say($"{second} s: {sender.Sent:N0} lines sent, {probes.Pushed} of {probes.Sent} alerts pushed, spool {deepest:N0} frames deep at most");
        }
        await sending;
        var drained = await ServerData.DrainAsync(state, sender.Sent, () => probes.Pushed >= probes.Sent, clock, cancellation);
        var counts = await ServerData.CountsAsync(state, clock, cancellation);
        cpu = server.CpuSeconds - cpu;
        allocated = ServerMetrics.Sum(await MetricsAsync(http, server, cancellation), Allocated) - allocated;
        var peak = server.PeakMemory;
        await stop.CancelAsync();
        await following;
        await client.DisposeAsync();
        await server.StopAsync(TimeSpan.FromSeconds(30), cancellation);
        var rows = await ServerData.RowsAsync(data, cancellation);

        var lost = sender.Sent - rows - counts.Quarantined;
        var report = new BenchReport("path")
            .Add("rate", rate).Add("seconds", sender.Seconds)
            .Add("sent", sender.Sent).Add("received", counts.Received).Add("stored", rows).Add("quarantined", counts.Quarantined).Add("dropped", counts.Dropped).Add("lost", lost)
            .Add("events_per_second", sender.Sent / sender.Seconds)
            .Add("bytes_per_event", sender.Bytes / (double)sender.Sent);
        probes.Report(report);
        report.Add("drain_seconds", drained)
            .Add("cpu_us_per_event", cpu * 1e6 / sender.Sent)
            .Add("cpu_cores", cpu / (sender.Seconds + drained));
        if (allocated is { } bytes) report.Add("allocated_bytes_per_event", bytes / sender.Sent);
        report.Add("spool_frames_max", deepest).Add("ready_seconds", server.ReadySeconds).Add("idle_memory_mb", idle).Add("peak_memory_mb", peak);
        if (lost != 0) await Say($"{lost} lines were lost: sent {sender.Sent}, in the store {rows}, in quarantine {counts.Quarantined}.");
        if (probes.Pushed != probes.Sent) await Say($"Of {probes.Sent} alerts {probes.Pushed} were pushed.");
        return (report, lost == 0 && probes.Pushed == probes.Sent);
    }

    private const string Allocated = "dotnet_gc_heap_total_allocated_bytes_total";

    private static async Task FollowAsync(HubFollower client, ProbeLog probes, CancellationToken stop)
    {
        try
        {
            await foreach (var change in client.FollowAsync(-1, stop))
                if (change.Kind == "alert") probes.Note(change.Payload);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private static Task<string> MetricsAsync(HttpClient http, ServerProcess server, CancellationToken cancellation) =>
        http.GetStringAsync(new Uri(server.Address + "/metrics"), cancellation);

    private static Task Say(FormattableString text) => System.Console.Error.WriteLineAsync(text.ToString(CultureInfo.InvariantCulture));
}
