using System.Text.Json.Nodes;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Playbooks;
using static Beacon.Alerting.Tests.Playbooks.PlaybookJson;

namespace Beacon.Alerting.Tests.Playbooks;

public sealed class RunModeTests : EngineFixture
{
    private static PlaybookJson Book() => new PlaybookJson().HttpTarget("https://fw.example").Variable("__ip__", "ipv4-addr", "203.0.113.9").Variable("__sure__", "bool", "true").Start(A("q"))
        .Manual("q", I("i"), "is __ip__:value bad?", s => s["out_args"] = new JsonArray("__sure__")).If("i", "__sure__:value = true", A("a"), A("c"), A("z"))
        .Http("a", E("x"), "POST /block/__ip__:value").Manual("c", E("x"), "watch __ip__:value").End("x").Manual("z", E(), more: s => s["delay"] = 600_000).End();

    [Fact]
    public async Task DryRun_ShowsEveryPathWithItsValues_CallsNothingAndAsksNobody()
    {
        using var house = Open(Book());
        var run = await StartAsync(house, RunMode.DryRun);
        Assert.Equal((RunStatus.Completed, RunMode.DryRun), (run.Status, run.Mode));
        Assert.Empty(Action.Calls);
        var detail = (await house.Engine.FindAsync(run.Id))!;
        string Note(string id) => detail.Steps.Single(s => s.Summary.StepId == id).Note;
        Assert.Equal("would ask a person: is 203.0.113.9 bad?; taken as answered: __sure__ = 'true'", Note(A("q")));
        Assert.Equal("after approval by the role responder would call: http-api POST /block/203.0.113.9", Note(A("a")));
        Assert.Equal("another path than these values take: would ask a person: watch 203.0.113.9", Note(A("c")));
        Assert.Equal("would answer yes with __sure__ = 'true'", Note(I("i")));
        Assert.Equal(StepStatus.Skipped, detail.Steps.Single(s => s.Summary.StepId == A("c")).Summary.Status);
        Assert.Equal(IncidentStatus.Detect, (await house.Incidents.FindAsync(run.IncidentId))!.Summary.Status);
        Assert.Contains(await TimelineAsync(house), t => t == "[dry run] Playbook Test would do 4 steps with 1 calls; nothing was called");
        Assert.Empty(await NoticesAsync(house));
        // It stands in nobody's way.
        Assert.Equal(RunStatus.Running, (await StartAsync(house)).Status);
    }

    [Fact]
    public async Task Drill_IsAnsweredByItsRecording_AndReportsEachStage()
    {
        using var house = Open(Book());
        var recording = new RunRecording(new Dictionary<string, RecordedAnswer>
        {
            ["q"] = new(Said: "yes, it is", Outputs: new Dictionary<string, string> { ["__sure__"] = "true" }), [A("a")] = new(Said: "answered 201"),
        });
        var run = await StartAsync(house, RunMode.Drill, recording);
        Assert.Equal(StepStatus.Succeeded, await StatusAsync(house, run.Id, A("q")));
        Assert.Equal(StepStatus.WaitingForApproval, await StatusAsync(house, run.Id, A("a")));
        Clock.Advance(TimeSpan.FromSeconds(42));
        run = await DoAsync(house, run.Id, v => house.Engine.ApproveAsync(run.Id, A("a"), v, Bob));
        Assert.Equal(StepStatus.WaitingForPerson, await StatusAsync(house, run.Id, A("z")));
        Clock.Advance(TimeSpan.FromSeconds(8));
        run = await CompleteAsync(house, run.Id, A("z"));
        Assert.Equal((RunStatus.Completed, RunMode.Drill), (run.Status, run.Mode));
        Assert.Empty(Action.Calls);
        var stages = (await house.Engine.FindAsync(run.Id))!.Stages;
        Assert.Equal(TimeSpan.FromSeconds(42), stages.Single(s => s.StepId == A("a")).Waited);
        Assert.Equal(TimeSpan.FromSeconds(8), stages.Single(s => s.StepId == A("z")).Took);
        Assert.Equal(IncidentStatus.Detect, (await house.Incidents.FindAsync(run.IncidentId))!.Summary.Status);
        Assert.Contains(await TimelineAsync(house), t => t == "[drill] Step 3, a: done: answered 201");
        Assert.All(await NoticesAsync(house), n => Assert.StartsWith("[drill]", n.Subject, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Drill_RecordedFailure_GoesItsWay()
    {
        var book = new PlaybookJson().HttpTarget("https://fw.example").Start(A("a")).Http("a", null, "GET /x", s => { s["on_success"] = A("b"); s["on_failure"] = A("c"); }).Manual("b", E()).Manual("c", E()).End();
        Action.Changes = false;
        using var house = Open(book);
        var run = await StartAsync(house, RunMode.Drill, new RunRecording(new Dictionary<string, RecordedAnswer> { ["a"] = new(false, "answered 503") }));
        Assert.Equal([A("c")], run.Active.Select(s => s.StepId));
    }

    [Fact]
    public async Task Recording_OutsideADrill_IsRefused()
    {
        using var house = Open(Book());
        var outcome = await house.Engine.StartAsync(new RunRequest(PlaybookId, await IncidentAsync(house), Recording: new RunRecording(new Dictionary<string, RecordedAnswer>())), Ann);
        Assert.Equal(RefusalKind.Invalid, outcome.Refusal!.Kind);
    }
}
