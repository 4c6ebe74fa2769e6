using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Playbooks.Drills;

namespace Beacon.Alerting.Tests.Playbooks;

/// <summary>The shipped playbooks: whole, in both languages, reachable, and each along the path of its drill.</summary>
public sealed class LibraryTests
{
    private static readonly Actor Ann = new("ann", [RoleNames.Responder]);
    private static readonly Actor Sue = new("sue", [RoleNames.Supervisor, RoleNames.Responder]);
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "playbooks");

    /// <summary>The playbooks for situations; parts ("part-…") are what others call, and are tested against targets of their own.</summary>
    public static TheoryData<string> Names => [.. NamesOf(part: false)];

    /// <summary>What others call: no situation of their own, so no techniques and categories; else held to the same.</summary>
    public static TheoryData<string> Parts => [.. NamesOf(part: true)];

    public static TheoryData<string> All => [.. NamesOf(part: false), .. NamesOf(part: true)];

    public static TheoryData<string> WithGateway => [.. NamesOf(part: false).Where(n => Document(n)["playbook_variables"]!["__gateway_host__"] is not null)];

    private static IEnumerable<string> NamesOf(bool part) =>
        Directory.EnumerateFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!).Where(n => n.StartsWith("part-", StringComparison.Ordinal) == part).Order(StringComparer.Ordinal);

    private static JsonNode Document(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, name + ".json")))!;

    private static Drill DrillOf(string name)
    {
        var (drill, faults) = DrillReader.Read(File.ReadAllBytes(Path.Combine(Folder, "drills", name + DrillReader.Ending)), name);
        Assert.Empty(faults);
        return drill!;
    }

    [Fact]
    public void Library_Shipped_HasAtLeastSixteenWithoutAFault()
    {
        using var house = new TestHouse();
        Assert.Empty(house.Library.Refused.SelectMany(r => r.Faults.Select(f => $"{r.File}: {f.Path}: {f.Message}")));
        Assert.True(house.Library.All.Count >= 16, $"{house.Library.All.Count} playbooks");
        Assert.Empty(house.Get<IDrillLibrary>().Refused);
        Assert.Equal(All.Count, house.Get<IDrillLibrary>().All.Count);
        Assert.True(Parts.Count >= 5, $"{Parts.Count} parts");
    }

    [Theory, MemberData(nameof(All))]
    public void Texts_OfEachPlaybook_StandInBothLanguages(string name)
    {
        var root = Document(name);
        var spoken = root["playbook_extensions"]![LanguageExtension.Id]!["zh-Hans"]!;
        var texts = new List<(string Where, string? Own, string? Chinese)> { ("name", Of(root["name"]), Of(spoken["name"])), ("description", Of(root["description"]), Of(spoken["description"])) };
        foreach (var (id, step) in root["workflow"]!.AsObject())
        {
            texts.Add((id + ".name", Of(step!["name"]), Of(spoken["steps"]![id]!["name"])));
            if (step["description"] is { } description) texts.Add((id + ".description", Of(description), Of(spoken["steps"]![id]!["description"])));
            var commands = step["commands"]?.AsArray() ?? [];
            for (var i = 0; i < commands.Count; i++) if (Of(commands[i]!["type"]) == "manual") texts.Add(($"{id}.commands[{i}]", Of(commands[i]!["command"]), Of(spoken["steps"]![id]!["commands"]![i])));
        }
        foreach (var (id, agent) in root["agent_definitions"]!.AsObject().Concat(root["target_definitions"]?.AsObject().AsEnumerable() ?? [])) texts.Add((id, Of(agent!["name"]), Of(spoken["agents"]![id])));
        foreach (var (id, variable) in root["playbook_variables"]!.AsObject()) texts.Add((id, Of(variable!["description"]), Of(spoken["variables"]![id])));
        Assert.Empty(texts.Where(t => string.IsNullOrWhiteSpace(t.Own) || t.Chinese is null || !t.Chinese.Any(IsHan) || t.Own.Any(IsHan)).Select(t => t.Where));
        Assert.True(texts.Count >= root["workflow"]!.AsObject().Count + 5, $"{texts.Count} texts");

        static string? Of(JsonNode? node) => node?.GetValue<string>();
        static bool IsHan(char c) => c is >= '\u4e00' and <= '\u9fff';
    }

    [Theory, MemberData(nameof(Names))]
    public void Techniques_OfEachPlaybook_AreRaisedByAShippedRule(string name)
    {
        using var house = new TestHouse();
        var info = house.Library.Find(Document(name)["id"]!.GetValue<string>())!;
        Assert.NotEmpty(info.Techniques.Intersect(RuleTechniques.Value));
        Assert.Contains(info.Labels, l => l.StartsWith("category:", StringComparison.Ordinal));
        Assert.All(info.Labels.Where(l => l.StartsWith("category:", StringComparison.Ordinal)), l => Assert.Contains(l["category:".Length..], Beacon.Alerting.Warnings.WarningCategories.All));
    }

    [Theory, MemberData(nameof(All))]
    public async Task Drill_OfEachPlaybook_TakesItsPath(string name)
    {
        var drill = DrillOf(name);
        using var house = new TestHouse(assets: drill.Assets);
        var run = await RunAsync(house, drill, new RunRecording(drill.Targets), (step, _) => drill.People.GetValueOrDefault(step.Summary.Name) ?? new RecordedAnswer());
        Assert.Equal(RunStatus.Completed, run.Summary.Status);
        Assert.Equal(drill.Path, Drill.PathOf(run));
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Targets_AllRefuse_PeopleDoItByHand(string name)
    {
        var run = await RefusedAsync(name);
        Assert.DoesNotContain(run.Steps, s => s.Summary.Name == "Block the address on the gateway" && s.Summary.StartedAt is not null);
        AssertByHand(name, run);
    }

    [Theory, MemberData(nameof(WithGateway))]
    public async Task Gateway_Named_IsAskedWhereTheFirewallRefuses(string name)
    {
        var run = await RefusedAsync(name, "ssh", new Dictionary<string, string> { ["__gateway_host__"] = "gw-1.example.org" });
        Assert.Equal(StepStatus.Failed, run.Steps.First(s => s.Summary.Name == "Block the address").Summary.Status);
        Assert.Equal(StepStatus.Succeeded, run.Steps.Single(s => s.Summary.Name == "Block the address on the gateway").Summary.Status);
        Assert.DoesNotContain(run.Steps, s => s.Summary.Name == "Block the address by hand" && s.Summary.StartedAt is not null);
    }

    [Theory, MemberData(nameof(WithGateway))]
    public async Task Gateway_NamedAndRefusesToo_PeopleDoItByHand(string name)
    {
        var run = await RefusedAsync(name, variables: new Dictionary<string, string> { ["__gateway_host__"] = "gw-1.example.org" });
        Assert.Equal(StepStatus.Failed, run.Steps.Single(s => s.Summary.Name == "Block the address on the gateway").Summary.Status);
        AssertByHand(name, run);
    }

    [Theory, MemberData(nameof(All))]
    public void Targets_OfEachPlaybook_TakeTheirSecretFromTheVault(string name)
    {
        var root = Document(name);
        var named = root["agent_definitions"]!.AsObject().Concat(root["target_definitions"]?.AsObject().AsEnumerable() ?? []).Where(a => a.Value!["type"]!.GetValue<string>() is "http-api" or "ssh").ToList();
        Assert.All(named, a => Assert.StartsWith("secret:", root["authentication_info_definitions"]![a.Value!["authentication_info"]!.GetValue<string>()]!["kms_key_identifier"]!.GetValue<string>(), StringComparison.Ordinal));
        if (name.StartsWith("part-", StringComparison.Ordinal)) Assert.Single(named);
    }

    /// <param name="answering">Type of the commands whose targets do not refuse.</param>
    private static async Task<RunDetail> RefusedAsync(string name, string answering = "", Dictionary<string, string>? variables = null)
    {
        var drill = DrillOf(name);
        using var house = new TestHouse(assets: drill.Assets);
        var calls = Document(name)["workflow"]!.AsObject().Where(s => s.Value!["commands"]?[0]?["type"]?.GetValue<string>() is { } type && type != "manual" && type != answering).Select(s => s.Key).ToList();
        var run = await RunAsync(house, drill, new RunRecording(calls.ToDictionary(c => c, _ => new RecordedAnswer(false, "answered 503"))), (step, _) => drill.People.GetValueOrDefault(step.Summary.Name) ?? new RecordedAnswer(), variables);
        Assert.Equal(RunStatus.Completed, run.Summary.Status);
        return run;
    }

    /// <summary>Each failed step leads, over what else failed and conditions, to one that a person did.</summary>
    private static void AssertByHand(string name, RunDetail run)
    {
        var workflow = Document(name)["workflow"]!;
        StepStatus Of(string id) => run.Steps.Single(s => s.Summary.StepId == id).Summary.Status;
        foreach (var failed in run.Steps.Where(s => s.Summary.Status == StepStatus.Failed))
        {
            var id = workflow[failed.Summary.StepId]!["on_failure"]!.GetValue<string>();
            while (workflow[id]!["commands"]?[0]?["type"]?.GetValue<string>() != "manual")
                id = workflow[id]![workflow[id]!["type"]!.GetValue<string>() == "if-condition" ? run.Steps.Single(s => s.Summary.StepId == workflow[id]!["on_true"]!.GetValue<string>()).Summary.StartedAt is null ? "on_false" : "on_true" : "on_failure"]!.GetValue<string>();
            Assert.Equal(StepStatus.Succeeded, Of(id));
        }
    }

    [Fact]
    public async Task Run_SeenInChinese_ReadsChineseAndKeepsItsVariables()
    {
        var drill = DrillOf("ransomware");
        using var house = new TestHouse(assets: drill.Assets);
        await house.TakeAsync(Detections.Of(host: "FILE-01"));
        var incident = (await house.Incidents.ListAsync(new IncidentQuery())).Items[0];
        var run = (await house.Engine.StartAsync(new RunRequest(drill.Playbook, incident.Id, Mode: RunMode.DryRun), Ann)).Value!;
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("zh-Hans");
            var detail = (await house.Engine.FindAsync(run.Id))!;
            Assert.Equal("勒索软件", detail.Summary.PlaybookName);
            Assert.Contains(detail.Steps, s => s.Summary.Name == "隔离主机" && s.Description.Contains("FILE-01", StringComparison.Ordinal));
            Assert.Equal("勒索软件", house.Library.Find(drill.Playbook)!.Name);
            Assert.Contains(house.Library.Graph(drill.Playbook)!.Nodes, n => n.Name == "同时进行");
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
        Assert.Equal("Ransomware", (await house.Engine.FindAsync(run.Id))!.Summary.PlaybookName);
    }

    private static async Task<RunDetail> RunAsync(TestHouse house, Drill drill, RunRecording recording, Func<StepDetail, int, RecordedAnswer> person, Dictionary<string, string>? variables = null)
    {
        await house.TakeAsync(Detections.Of(host: drill.Assets[0].Name));
        var incident = (await house.Incidents.ListAsync(new IncidentQuery())).Items[0];
        var started = await house.Engine.StartAsync(new RunRequest(drill.Playbook, incident.Id, variables, RunMode.Drill, recording), Ann);
        Assert.True(started.Done, started.Refusal?.Message.ToString());
        for (var turn = 0; turn < 100; turn++)
        {
            await house.Engine.PumpAsync(default);
            var run = (await house.Engine.FindAsync(started.Value.Id))!;
            if (run.Steps.FirstOrDefault(s => s.Summary.Status is StepStatus.WaitingForApproval or StepStatus.WaitingForPerson) is not { } step) return run;
            var answer = person(step, turn);
            var outcome = step.Summary.Status == StepStatus.WaitingForApproval ? await house.Engine.ApproveAsync(run.Summary.Id, step.Summary.StepId, run.Summary.Version, Sue)
                : await house.Engine.CompleteAsync(run.Summary.Id, step.Summary.StepId, run.Summary.Version, answer.Succeeded ? StepResult.Done : StepResult.Failed, answer.Said, Sue, answer.Outputs);
            Assert.True(outcome.Done, outcome.Refusal?.Message.ToString());
        }
        throw new InvalidOperationException("the run does not end");
    }

    private static readonly Lazy<HashSet<string>> RuleTechniques = new(() =>
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Security.sln"))) root = root.Parent ?? throw new InvalidOperationException("there is no Security.sln above the tests");
        return [.. Directory.EnumerateFiles(Path.Combine(root.FullName, "detection", "rules"), "*.yml", SearchOption.AllDirectories).Where(f => !f.EndsWith(".cases.yml", StringComparison.Ordinal))
            .SelectMany(f => Regex.Matches(File.ReadAllText(f), @"attack\.(t\d{4}(\.\d{3})?)").Select(m => m.Groups[1].Value.ToUpperInvariant()))];
    });
}
