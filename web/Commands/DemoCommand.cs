using System.CommandLine;
using System.Globalization;
using System.Text;
using Beacon.Alerting;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Warnings;
using Beacon.Collectors.Sources;
using Beacon.Events;
using Beacon.Web.Demo;
using Beacon.Web.Hosting;
using Beacon.Web.Security;

namespace Beacon.Web.Commands;

/// <summary>Starts on a fresh temporary folder and plays an intrusion, so that a newcomer sees what Beacon does.</summary>
internal static class DemoCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static Command Create()
    {
        var headless = new Option<bool>("--headless") { Description = "Without a visitor: report on stdout." };
        var until = new Option<bool>("--until-warning") { Description = "End with code 0 once an orange warning, its incident and a running playbook are there; with code 1 and the reason after 3 minutes." };
        var listen = new Option<string>("--listen") { Description = "Loopback address of the console.", DefaultValueFactory = _ => "http://127.0.0.1:8080", HelpName = "URL" };
        var syslog = new Option<int>("--syslog-port") { Description = "Port of the syslog receivers; 0 takes any free one.", DefaultValueFactory = _ => 5514, HelpName = "PORT" };
        var speed = new Option<double>("--speed") { Description = "How many times faster than the two minutes, 1 to 20.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var command = new Command("demo", "Plays an intrusion into a small water utility through the real receivers, in two minutes, on a temporary folder. Whoever opens the console on this machine is signed in.\n\nExample:\n  ./run demo\n  ./run demo --headless --until-warning") { headless, until, listen, syslog, speed };
        var store = new StoreOptions();
        store.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(() => RunAsync(store.Settings(parsed), parsed.GetValue(listen)!, parsed.GetValue(syslog), parsed.GetValue(headless), parsed.GetValue(until), parsed.GetValue(speed), cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(Dictionary<string, string?> settings, string listen, int syslogPort, bool headless, bool untilWarning, double speed, CancellationToken cancellation)
    {
        if (!(speed is >= 1 and <= 20)) throw new CommandException("--speed is 1 to 20.");
        if (!Uri.TryCreate(listen, UriKind.Absolute, out var uri) || !uri.IsLoopback) throw new CommandException("The demonstration signs visitors in without a password: it listens on loopback only.");
        var data = Directory.CreateTempSubdirectory("beacon-demo-");
        // Names of its own in a cluster, as it has a folder of its own.
        settings["Elasticsearch:Prefix"] = "beacon-demo-" + Guid.NewGuid().ToString("N")[..8];
        settings["Store:MemoryMegabytes"] = "256";
        try
        {
            await using var host = await StartAsync(data.FullName, listen, syslogPort, settings, cancellation);
            await using var traces = new DemoTraces(host);
            var clock = host.Services.GetRequiredService<TimeProvider>();
            await host.Services.GetRequiredService<IAssetDirectory>().SaveAsync(DemoAssets.All, cancellation);
            var visitor = await host.Services.GetRequiredService<UserDirectory>().CreateAsync("visitor", "Visitor", Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16)), [RoleNames.Administrator, RoleNames.Operator, RoleNames.Responder, RoleNames.Supervisor], "demonstration", cancellation);
            host.Services.GetRequiredService<DemoVisitor>().Account = visitor;
            var (key, secret) = await host.Services.GetRequiredService<ApiKeys>().CreateAsync("demonstration", ApiScopes.All, TimeSpan.FromDays(1), "demonstration", cancellation);
            var authorization = "ApiKey " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"{key.Id}:{secret}"));

            System.Console.WriteLine($"Beacon  {host.Address}");
            System.Console.WriteLine(headless ? "Demo    an intrusion of two minutes, reported here" : "Demo    open the address: you are signed in. The intrusion begins in six seconds and takes two minutes.");
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, host.App.Lifetime.ApplicationStopping);
            await using var watch = new DemoWatch(host.Address, authorization, clock);
            var following = watch.FollowAsync(stop.Token);
            var player = new DemoPlayer(host.Address, SyslogPort(host), authorization, clock, speed);
            var playing = player.PlayAsync(stop.Token);

            if (!untilWarning)
            {
                await playing;
                System.Console.WriteLine($"Played  {player.Sent} lines. {(headless ? "" : "Look around; Ctrl+C ends the demonstration and removes its folder.")}");
                if (headless) await ReportAsync(host, watch, player, cancellation);
                else await host.App.WaitForShutdownAsync(cancellation);
                return 0;
            }
            var code = await UntilWarningAsync(host, watch, player, playing, clock, cancellation);
            await stop.CancelAsync();
            await Task.WhenAll(Quietly(playing), Quietly(following));
            return code;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task<int> UntilWarningAsync(BeaconHost host, DemoWatch watch, DemoPlayer player, Task playing, TimeProvider clock, CancellationToken cancellation)
    {
        var warnings = host.Services.GetRequiredService<IWarningService>();
        var engine = host.Services.GetRequiredService<IPlaybookEngine>();
        var begun = clock.GetTimestamp();
        var seen = WarningLevel.None;
        var reason = "no alert was raised";
        while (clock.GetElapsedTime(begun) < Patience)
        {
            if (playing.IsFaulted) throw new CommandException($"The story could not be played: {playing.Exception!.InnerException!.Message}");
            var standing = (await warnings.ListAsync(new WarningQuery(), cancellation)).Where(w => w.State != WarningState.Draft).OrderByDescending(w => w.Level).FirstOrDefault();
            if (standing is not null && standing.Level > seen)
            {
                seen = standing.Level;
                System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Warning {seen} {standing.Number} after {clock.GetElapsedTime(begun).TotalSeconds:0.0} s: {standing.Clause}: {standing.Title}"));
            }
            reason = watch.FirstAlertAt is null ? "no alert was pushed" : standing is null ? "alerts, but no warning was issued" : standing.Level < WarningLevel.Orange ? $"the warning stands at {standing.Level}" : standing.IncidentId is null ? "the warning has no incident" : "no playbook runs";
            if (standing is { Level: >= WarningLevel.Orange, IncidentId: { } incident } && watch.FirstAlertAt is not null)
            {
                if (await StartPlaybookAsync(host, engine, incident, cancellation) is { } run)
                {
                    System.Console.WriteLine($"Playbook {run.PlaybookName} runs for {run.IncidentNumber}: {string.Join(", ", run.Active.Select(s => s.Name))}");
                    return await ReportAsync(host, watch, player, cancellation);
                }
                reason = "no playbook was offered that can run";
            }
            await Task.Delay(TimeSpan.FromMilliseconds(200), clock, cancellation);
        }
        System.Console.Error.WriteLine($"No orange warning with an incident and a running playbook within {Patience.TotalMinutes:0} minutes: {reason}.");
        return 1;
    }

    private static async Task<RunSummary?> StartPlaybookAsync(BeaconHost host, IPlaybookEngine engine, long incidentId, CancellationToken cancellation)
    {
        if (await engine.ListAsync(incidentId, openOnly: true, cancellation: cancellation) is [var open, ..]) return open;
        if (await host.Services.GetRequiredService<IIncidentService>().FindAsync(incidentId, cancellation) is not { } incident) return null;
        foreach (var offer in host.Services.GetRequiredService<IPlaybookLibrary>().Offer(new PlaybookNeed(incident.Techniques, incident.Warning?.Category ?? "", [.. incident.Alerts.Select(a => a.RuleId).Distinct()])))
        {
            var outcome = await engine.StartAsync(offer.Playbook.Id, incidentId, new Actor("visitor", [RoleNames.Responder]), cancellation: cancellation);
            if (outcome.Done) return outcome.Value;
        }
        return null;
    }

    private static async Task<int> ReportAsync(BeaconHost host, DemoWatch watch, DemoPlayer player, CancellationToken cancellation)
    {
        var alerts = await host.Services.GetRequiredService<Alerting.Alerts.IAlertService>().CountAsync(cancellation: cancellation);
        System.Console.WriteLine($"Alerts  {alerts.NeedsSomeone}; lines sent {player.Sent}");
        if (watch.FirstAlertAt is { } pushed && watch.FirstAlertReceived is { } received && player.FirstAttackAt is { } first)
        {
            System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"First attack event sent {first:HH:mm:ss.fff}; first alert pushed {pushed:HH:mm:ss.fff} UTC: {watch.FirstAlert}"));
            System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"From receipt of the alerting event to its alert at a hub client: {(pushed - received).TotalMilliseconds:0} ms"));
        }
        return 0;
    }

    private static Task<BeaconHost> StartAsync(string data, string listen, int syslogPort, Dictionary<string, string?> settings, CancellationToken cancellation) => BeaconHost.StartAsync(new ServeOptions
    {
        Data = data, Listen = [listen], SyslogPort = syslogPort, Demo = true, Quiet = true,
        Settings = settings,
    }, cancellation);

    private static int SyslogPort(BeaconHost host)
    {
        var endpoint = host.Services.GetRequiredService<SourceService>().Statuses.First(s => s.Definition.Kind == "syslog-tcp").Endpoint;
        return int.Parse(endpoint[(endpoint.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
    }

    private static Task Quietly(Task task) => task.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
}
