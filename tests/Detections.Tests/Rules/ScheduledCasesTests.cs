using Beacon.Detections.Rules;

namespace Beacon.Detections.Tests.Rules;

public sealed class ScheduledCasesTests : IDisposable
{
    private const string Match = "- name: three\n  events:\n    - event: { '@timestamp': 2026-01-01T00:00:01Z, event.outcome: failure, source.ip: 203.0.113.9 }\n      times: 3\n  detections:\n    - { entity: 203.0.113.9, count: 3 }\n";
    private const string Miss = "- name: two\n  events:\n    - event: { '@timestamp': 2026-01-01T00:00:01Z, event.outcome: failure, source.ip: 203.0.113.9 }\n      times: 2\n  detections: []\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-cases");

    public ScheduledCasesTests() => File.WriteAllText(Rule, "title: T\nid: 6a3c2a52-3f0c-4a39-9d4e-2f6f0c1b7a01\nlevel: low\ndetector: threshold\nsettings:\n  filter: { event.outcome: failure }\n  group-by: [source.ip]\n  at-least: 3\n");

    private string Rule => Path.Combine(_folder.FullName, "x.yml");

    [Fact]
    public async Task Run_CasesThatHold_Pass()
    {
        var result = await RunAsync(Match + Miss);
        Assert.True(result.Passed, string.Join("; ", result.Faults));
        Assert.Equal(["three", "two"], result.Cases.Select(static c => c.Name));
    }

    [Theory]
    [InlineData("count: 3", "count: 4", "missing: entity 203.0.113.9, count 4", "not expected: T: 3 events of source.ip 203.0.113.9 within 60 s")]
    [InlineData("times: 3", "times: 2", "missing: entity 203.0.113.9, count 3", null)]
    [InlineData("    - { entity: 203.0.113.9, count: 3 }\n", "    - { entity: 203.0.113.9 }\n    - { entity: 203.0.113.10 }\n", "missing: entity 203.0.113.10", null)]
    public async Task Run_OtherThanTheCaseSays_DiffersAndSaysHow(string from, string to, string missing, string? more)
    {
        var result = await RunAsync(Match.Replace(from, to, StringComparison.Ordinal) + Miss);
        Assert.False(result.Passed);
        var differs = Assert.Single(result.Cases, static c => !c.Passed);
        Assert.Equal(("three", 1), (differs.Name, differs.Line));
        Assert.Contains(missing, differs.Differences);
        if (more is not null) Assert.Contains(differs.Differences, d => d.ToString().StartsWith(more, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_DetectionWhereNoneIsExpected_Differs()
    {
        var result = await RunAsync(Match + Miss.Replace("times: 2", "times: 5", StringComparison.Ordinal));
        Assert.StartsWith("not expected: ", Assert.Single(Assert.Single(result.Cases, static c => !c.Passed).Differences).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not a list", "cases are one list", 1)]
    [InlineData("- name: x\n  detections: []\n", "a case is a map of name, events", 1)]
    [InlineData("- name: x\n  events: []\n  detections: []\n", "the case has no time", 1)]
    [InlineData("- name: x\n  events:\n    - { source.ip: 1 }\n  detections: []\n", "an event has an @timestamp", 3)]
    [InlineData("- name: x\n  events:\n    - event: { '@timestamp': 2026-01-01T00:00:01Z }\n      often: 3\n  detections: []\n", "there is no setting 'often'", 4)]
    [InlineData("- name: x\n  events:\n    - { '@timestamp': 2026-01-01T00:00:01Z }\n  detections: [5]\n", "a detection is a map of entity and facts", 4)]
    [InlineData("- name: x\n  events:\n    - { '@timestamp': 2026-01-01T00:00:01Z }\n    - { '@timestamp': 2026-02-01T00:00:01Z }\n  detections: []\n", "the case spans more than 2000 windows", 1)]
    [InlineData("- name: x\n  from: noon\n  events:\n    - { '@timestamp': 2026-01-01T00:00:01Z }\n  detections: []\n", "'from' is not a time", 2)]
    [InlineData("- name: x\n  sources:\n    - { id: a, every: 10s }\n  detections: []\n", "a source has an id", 3)]
    public async Task Run_BadCases_AreRefusedWithTheirLine(string cases, string message, int line)
    {
        var result = await RunAsync(cases);
        Assert.Contains(result.Faults, f => f.Message.StartsWith(message, StringComparison.Ordinal) && f.Line == line);
    }

    [Fact]
    public async Task Run_OnlyMatches_NearMissIsMissing() => Assert.Contains((await RunAsync(Match)).Faults, static f => f.Message.ToString() == "no case is a near miss");

    [Fact]
    public async Task Run_NoCases_SaysSo() =>
        Assert.Contains((await ScheduledCases.RunAsync(Rule, CaseStore.AddAsync, default)).Faults, static f => f.Message.ToString() == "the rule has no cases");

    [Fact]
    public async Task Run_LongTimeWithItsSpanNamed_LooksThere()
    {
        var result = await RunAsync(Match.Replace("  events:", "  from: 2026-01-01T00:00:00Z\n  to: 2026-01-01T00:02:00Z\n  events:\n    - { '@timestamp': 2025-06-01T00:00:00Z, event.outcome: failure, source.ip: 203.0.113.9 }", StringComparison.Ordinal) + Miss);
        Assert.True(result.Passed, string.Join("; ", result.Cases.SelectMany(static c => c.Differences)));
    }

    private async Task<RuleCasesResult> RunAsync(string cases)
    {
        await File.WriteAllTextAsync(Rule[..^4] + RuleCases.Suffix, cases);
        return await ScheduledCases.RunAsync(Rule, CaseStore.AddAsync, default);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
