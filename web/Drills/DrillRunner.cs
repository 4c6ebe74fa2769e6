using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Playbooks.Drills;
using Beacon.Alerting.Warnings;
using Beacon.Collectors.Sources;
using Beacon.Events;
using Beacon.Web.Hosting;
using Beacon.Web.Security;

namespace Beacon.Web.Drills;

/// <summary>
/// Runs one drill on a Beacon of its own: temporary folder, free loopback ports, nothing of the environment, so that nothing that
/// is real is read, called or told. What fails is said in the report; the drill goes on as far as it can.
/// </summary>
internal sealed class DrillRunner(Drill drill, string? playbookFile, TimeProvider clock)
{
    /// <summary>How long one stage may be waited for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(25);

    private readonly List<DrillStage> _stages = [];
    private readonly List<string> _faults = [];
    private DateTimeOffset _begun;

    public async Task<DrillReport> RunAsync(CancellationToken cancellation)
    {
        var data = Directory.CreateTempSubdirectory("beacon-drill-");
        try
        {
            if (playbookFile is not null) File.Copy(playbookFile, Path.Combine(data.CreateSubdirectory("playbooks").FullName, Path.GetFileName(playbookFile)));
            await using var host = await BeaconHost.StartAsync(new ServeOptions
            {
                Data = data.FullName, Listen = ["http://127.0.0.1:0"], SyslogPort = 0, Quiet = true, Isolated = true,
                Settings = new Dictionary<string, string?> { ["Store:MemoryMegabytes"] = "256" },
            }, cancellation);
            return await RunAsync(host, cancellation);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private async Task<DrillReport> RunAsync(BeaconHost host, CancellationToken cancellation)
    {
        var book = host.Services.GetRequiredService<IPlaybookLibrary>().Find(drill.Playbook) ?? throw new CommandException($"The drill's playbook {drill.Playbook} is not at hand, or was refused: ./run playbook check names its faults.");
        await host.Services.GetRequiredService<IAssetDirectory>().SaveAsync(drill.Assets, cancellation);
        using var people = await DrillPeople.ComeAsync(host, cancellation);
        var (key, secret) = await host.Services.GetRequiredService<ApiKeys>().CreateAsync("drill", [ApiScopes.Ingest], TimeSpan.FromHours(1), "drill", cancellation);
        var endpoint = host.Services.GetRequiredService<SourceService>().Statuses.First(s => s.Definition.Kind == "syslog-tcp").Endpoint;
        var player = new DrillPlayer(host.Address, int.Parse(endpoint[(endpoint.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture), "ApiKey " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"{key.Id}:{secret}")), clock);

        _begun = clock.GetUtcNow();
        await player.PlayAsync(drill, cancellation);
        _begun = player.FirstAt ?? _begun;
        _stages.Add(new DrillStage("event", $"{player.Sent} lines sent", "", 0, 0));

        var (warning, rules) = await WarnedAsync(people, cancellation);
        RunDetail? run = null;
        var picture = "";
        if (warning is not null)
        {
            await AcknowledgeAsync(people, warning, cancellation);
            if (warning["incidentId"] is { } incident && await FollowAsync(host, people, (long)incident, cancellation) is { } ended)
            {
                run = ended;
                var states = run.Steps.ToDictionary(s => s.Summary.StepId, s => s.Summary.Status);
                picture = PlaybookSvg.Render(run.Graph, run.Summary.PlaybookName, s => states.TryGetValue(s, out var state) ? state : null);
            }
            await LiftAsync(people, (long)warning["id"]!, cancellation);
        }
        var path = run is null ? [] : Drill.PathOf(run);
        if (run is not null && !path.SequenceEqual(drill.Path)) Fault($"the run took another path: {string.Join(" → ", path)}");
        return new DrillReport
        {
            Name = drill.Name, Title = drill.Title, PlaybookId = drill.Playbook, PlaybookName = book.Name, StartedAt = _begun, Faults = _faults, Warning = (string?)warning?["number"] ?? "",
            Level = (string?)warning?["level"] ?? "None", Rules = rules, ExpectedPath = drill.Path, Path = path, Stages = _stages, Steps = run?.Stages ?? [], Picture = picture,
        };
    }

    private void Tell(string kind, string what, string who = "")
    {
        var at = (clock.GetUtcNow() - _begun).TotalMilliseconds;
        _stages.Add(new DrillStage(kind, what, who, Math.Round(at, 1), Math.Max(0, Math.Round(at - _stages[^1].At, 1))));
    }

    /// <summary>Waits for the alerts and the warning that are expected.</summary>
    private async Task<(JsonNode? Warning, IReadOnlyList<string> Rules)> WarnedAsync(DrillPeople people, CancellationToken cancellation)
    {
        var rules = new List<string>();
        JsonNode? warning = null;
        var begun = clock.GetTimestamp();
        while (clock.GetElapsedTime(begun) < Patience)
        {
            // Warnings are read first and told last: what a warning rests on is then always among the alerts read after it.
            var standing = (await people.ReadAsync("/warnings", cancellation)).AsArray().MaxBy(LevelOf);
            foreach (var alert in (await people.ReadAsync("/alerts?limit=500", cancellation))["items"]!.AsArray())
                if ((string)alert!["ruleId"]! is var rule && !rules.Contains(rule))
                {
                    rules.Add(rule);
                    Tell("detection", $"{(string?)alert["title"]} ({(string?)alert["severity"]})");
                }
            if (standing is not null && (warning is null || LevelOf(standing) > LevelOf(warning))) Tell("warning", $"{(string?)standing["number"]} {(string?)standing["level"]}: {(string?)standing["title"]}; {(string?)standing["clause"]}");
            warning = standing ?? warning;
            if (warning is not null && LevelOf(warning) >= drill.Expect.Level && (string?)warning["category"] == drill.Expect.Category && drill.Expect.Rules.All(rules.Contains)) break;
            await Task.Delay(Look, clock, cancellation);
        }
        foreach (var rule in drill.Expect.Rules.Where(r => !rules.Contains(r))) Fault($"rule {rule} raised no alert within {Patience.TotalSeconds:0} s");
        if (warning is null) Fault("no warning was raised");
        else
        {
            if (LevelOf(warning) != drill.Expect.Level) Fault($"the warning's level is {LevelOf(warning)}, expected was {drill.Expect.Level}");
            if ((string?)warning["category"] != drill.Expect.Category) Fault($"the warning's category is {(string?)warning["category"]}, expected was {drill.Expect.Category}");
        }
        return (warning, rules);
    }

    private static WarningLevel LevelOf(JsonNode? warning) => Enum.Parse<WarningLevel>((string)warning!["level"]!);

    private async Task AcknowledgeAsync(DrillPeople people, JsonNode warning, CancellationToken cancellation)
    {
        await people.DoAsync(second: false, $"/warnings/{(long)warning["id"]!}/acknowledge", new { version = (int)warning["version"]! }, cancellation);
        Tell("acknowledgement", $"{(string?)warning["number"]} acknowledged", DrillPeople.First);
    }

    /// <summary>Starts the playbook as a drill and does what people do until it ends.</summary>
    private async Task<RunDetail?> FollowAsync(BeaconHost host, DrillPeople people, long incident, CancellationToken cancellation)
    {
        var offers = await people.ReadAsync($"/incidents/{incident}/playbooks", cancellation);
        // A part is what other playbooks call: it is offered to nobody.
        var part = host.Services.GetRequiredService<IPlaybookLibrary>().Find(drill.Playbook)?.Labels.Contains("part") == true;
        if (!part && !offers.AsArray().Any(o => (string?)o!["playbook"]!["id"] == drill.Playbook)) Fault("the playbook is not among those offered for the incident");
        var started = await people.DoAsync(second: false, $"/incidents/{incident}/runs", new { playbookId = drill.Playbook, mode = nameof(RunMode.Drill), recording = new RunRecording(drill.Targets) }, cancellation);
        var id = (string)started["id"]!;
        Tell("run", $"{(string?)started["playbookName"]} began", DrillPeople.First);
        var told = new HashSet<string>();
        var moved = clock.GetTimestamp();
        while (true)
        {
            var run = await people.ReadAsync("/runs/" + id, cancellation);
            var acted = false;
            foreach (var step in run["steps"]!.AsArray())
            {
                var (stepId, name, status) = ((string)step!["summary"]!["stepId"]!, (string)step["summary"]!["name"]!, (string)step["summary"]!["status"]!);
                if (status is nameof(StepStatus.Succeeded) or nameof(StepStatus.Failed) && told.Add(stepId))
                {
                    Tell("step", $"{(string?)step["summary"]!["label"]} {name}: {(status == nameof(StepStatus.Succeeded) ? "done" : "failed")}", (string?)step["actor"] ?? "");
                    moved = clock.GetTimestamp();
                }
                if (acted || status is not (nameof(StepStatus.WaitingForApproval) or nameof(StepStatus.WaitingForPerson))) continue;
                await ActAsync(people, id, (int)run["summary"]!["version"]!, step, stepId, name, status == nameof(StepStatus.WaitingForApproval), cancellation);
                acted = true;
                moved = clock.GetTimestamp();
            }
            if ((string)run["summary"]!["status"]! is not (nameof(RunStatus.Running) or nameof(RunStatus.Paused)) and var end)
            {
                Tell("end", $"the playbook ended: {end}");
                if (end != nameof(RunStatus.Completed)) Fault($"the playbook ended as {end}");
                break;
            }
            if (run["steps"]!.AsArray().FirstOrDefault(s => (string?)s!["summary"]!["status"] == nameof(StepStatus.NeedsPerson)) is { } stuck)
            {
                Fault($"step '{(string?)stuck["summary"]!["name"]}' needs a person whom the drill does not have: {(string?)stuck["error"]}");
                break;
            }
            if (clock.GetElapsedTime(moved) > Patience)
            {
                Fault($"the playbook did not move for {Patience.TotalSeconds:0} s");
                break;
            }
            if (!acted) await Task.Delay(Look, clock, cancellation);
        }
        return await host.Services.GetRequiredService<IPlaybookEngine>().FindAsync(id, cancellation);
    }

    private async Task ActAsync(DrillPeople people, string run, int version, JsonNode step, string stepId, string name, bool approval, CancellationToken cancellation)
    {
        if (approval)
        {
            if (await people.TryAsync(second: true, $"/runs/{run}/steps/{stepId}/approve", new { version, note = "drill" }, cancellation)) Tell("approval", $"{name}: approved", DrillPeople.Second);
            return;
        }
        var answer = drill.People.GetValueOrDefault(name) ?? new RecordedAnswer();
        // What only a supervisor may do the second person does.
        var second = (string?)step["role"] is not ("" or null or "operator" or "responder");
        var result = answer.Succeeded ? nameof(StepResult.Done) : nameof(StepResult.Failed);
        await people.TryAsync(second, $"/runs/{run}/steps/{stepId}/complete", new { version, result, note = answer.Said, outputs = answer.Outputs ?? new Dictionary<string, string>() }, cancellation);
    }

    private async Task LiftAsync(DrillPeople people, long id, CancellationToken cancellation)
    {
        var warning = await people.ReadAsync($"/warnings/{id}", cancellation);
        for (var tries = 0; tries < 20 && !await people.TryAsync(second: true, $"/warnings/{id}/lift", new { version = (int)warning["summary"]!["version"]!, reason = "the drill is over" }, cancellation); tries++)
            warning = await people.ReadAsync($"/warnings/{id}", cancellation);
        Tell("lift", $"{(string?)warning["summary"]!["number"]} lifted", DrillPeople.Second);
    }

    private void Fault(Phrase said) => _faults.Add(said.ToString());
}
