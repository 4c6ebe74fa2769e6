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

    /// <summary>The playbooks for situations; parts ("part-…") are what others call, and have tests of their own.</summary>
    public static TheoryData<string> Names =>
        [.. Directory.EnumerateFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!).Where(n => !n.StartsWith("part-", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

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
        Assert.Equal(Names.Count, house.Get<IDrillLibrary>().All.Count);
    }

    [Theory, MemberData(nameof(Names))]
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
        foreach (var (id, agent) in root["agent_definitions"]!.AsObject()) texts.Add((id, Of(agent!["name"]), Of(spoken["agents"]![id])));
        foreach (var (id, variable) in root["playbook_variables"]!.AsObject()) texts.Add((id, Of(variable!["description"]), Of(spoken["variables"]![id])));
        Assert.Empty(texts.Where(t => string.IsNullOrWhiteSpace(t.Own) || t.Chinese is null || !t.Chinese.Any(IsHan) || t.Own.Any(IsHan)).Select(t => t.Where));
        Assert.True(texts.Count > 20, $"{texts.Count} texts");

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

    [Theory, MemberData(nameof(Names))]
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
        var drill = DrillOf(name);
        using var house = new TestHouse(assets: drill.Assets);
        var calls = Document(name)["workflow"]!.AsObject().Where(s => s.Value!["commands"]?[0]?["type"]?.GetValue<string>() == "http-api").Select(s => s.Key).ToList();
        var run = await RunAsync(house, drill, new RunRecording(calls.ToDictionary(c => c, _ => new RecordedAnswer(false, "answered 503"))), (step, _) => drill.People.GetValueOrDefault(step.Summary.Name) ?? new RecordedAnswer());
        Assert.Equal(RunStatus.Completed, run.Summary.Status);
        var workflow = Document(name)["workflow"]!;
        Assert.All(run.Steps.Where(s => s.Summary.Status == StepStatus.Failed), s => Assert.Equal(StepStatus.Succeeded, run.Steps.Single(f => f.Summary.StepId == workflow[s.Summary.StepId]!["on_failure"]!.GetValue<string>()).Summary.Status));
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

    private static async Task<RunDetail> RunAsync(TestHouse house, Drill drill, RunRecording recording, Func<StepDetail, int, RecordedAnswer> person)
    {
        await house.TakeAsync(Detections.Of(host: drill.Assets[0].Name));
        var incident = (await house.Incidents.ListAsync(new IncidentQuery())).Items[0];
        var started = await house.Engine.StartAsync(new RunRequest(drill.Playbook, incident.Id, Mode: RunMode.Drill, Recording: recording), Ann);
        Assert.True(started.Done, started.Refusal?.Message);
        for (var turn = 0; turn < 100; turn++)
        {
            await house.Engine.PumpAsync(default);
            var run = (await house.Engine.FindAsync(started.Value.Id))!;
            if (run.Steps.FirstOrDefault(s => s.Summary.Status is StepStatus.WaitingForApproval or StepStatus.WaitingForPerson) is not { } step) return run;
            var answer = person(step, turn);
            var outcome = step.Summary.Status == StepStatus.WaitingForApproval ? await house.Engine.ApproveAsync(run.Summary.Id, step.Summary.StepId, run.Summary.Version, Sue)
                : await house.Engine.CompleteAsync(run.Summary.Id, step.Summary.StepId, run.Summary.Version, answer.Succeeded ? StepResult.Done : StepResult.Failed, answer.Said, Sue, answer.Outputs);
            Assert.True(outcome.Done, outcome.Refusal?.Message);
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
