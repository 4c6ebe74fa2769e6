using System.Text.Json.Nodes;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Playbooks.Actions;
using static Beacon.Alerting.Tests.Playbooks.PlaybookJson;

namespace Beacon.Alerting.Tests.Playbooks;

/// <summary>Loops, switches, playbooks within playbooks, steps of several commands.</summary>
public sealed class StepTypeTests : EngineFixture
{
    private const string OtherId = "playbook--99999999-9999-4999-8999-999999999999";

    private static ActionResult Answer(string name, string value) => new(true, "answered", new Dictionary<string, string> { [name] = value });

    private static PlaybookJson Loop() => new PlaybookJson().HttpTarget("https://fw.example").Variable("__left__", "integer", "3").Variable("__safe__", "bool", "false").Start(While("w"))
        .While("w", "__left__:value > 0", A("b"), A("z")).Http("b", E("x"), "GET /left", s => s["out_args"] = new JsonArray("__left__")).End("x").Manual("z", E()).End();

    [Fact]
    public async Task While_RepeatsItsBranchUntilTheConditionFails_WithAKeyOfItsOwnEachRound()
    {
        using var house = Open(Loop());
        var left = 3;
        Action.Changes = false;
        Action.Result = (_, _) => Answer("__left__", (--left).ToString(System.Globalization.CultureInfo.InvariantCulture));
        var run = await StartAsync(house);
        Assert.Equal(StepStatus.WaitingForPerson, await StatusAsync(house, run.Id, A("z")));
        Assert.Equal(3, Action.Calls.Select(c => c.Key).Distinct().Count());
        Assert.Equal(3, (await StepAsync(house, run.Id, While("w"))).Iteration);
        Assert.Contains(await TimelineAsync(house), t => t.Contains("ends after 3 rounds", StringComparison.Ordinal));
        Assert.Equal(RunStatus.Completed, (await CompleteAsync(house, run.Id, A("z"))).Status);
    }

    [Fact]
    public async Task While_ThatNeverEnds_NeedsAPersonAtTheCeiling()
    {
        using var house = Open(o => o.Playbooks.MaxIterations = 4, Loop());
        Action.Changes = false;
        var run = await StartAsync(house);
        Assert.Equal(StepStatus.NeedsPerson, await StatusAsync(house, run.Id, While("w")));
        Assert.Equal(4, Action.Calls.Count);
        await DoAsync(house, run.Id, v => house.Engine.RetryAsync(run.Id, While("w"), v, Ann));
        Assert.Equal(8, Action.Calls.Count);
        run = await DoAsync(house, run.Id, v => house.Engine.SkipAsync(run.Id, While("w"), v, Ann, "enough"));
        Assert.Equal(StepStatus.WaitingForPerson, await StatusAsync(house, run.Id, A("z")));
    }

    [Fact]
    public async Task While_FailureInside_EndsIt()
    {
        var book = Loop();
        book.Workflow[A("b")]!.AsObject().Remove("on_completion");
        book.Workflow[A("b")]!["on_success"] = E("x");
        using var house = Open(book);
        Action.Changes = false;
        Action.Result = (_, _) => ActionResult.Failure("answered 500");
        var run = await StartAsync(house);
        run = await CompleteAsync(house, run.Id, A("b"), StepResult.Failed);
        Assert.Equal(StepStatus.Failed, await StatusAsync(house, run.Id, While("w")));
        Assert.Equal([A("z")], run.Active.Select(s => s.StepId));
    }

    [Theory]
    [InlineData("high", "a")]
    [InlineData("low", "b")]
    [InlineData("odd", "c")]
    public async Task Switch_TakesTheCaseOfTheValue_ElseTheDefault(string value, string taken)
    {
        var book = new PlaybookJson().Variable("__level__", "string", "").Start(Switch("w")).Switch("w", "__level__:value", A("z"), ("high", A("a")), ("low", A("b")), ("default", A("c")))
            .Manual("a", E("x")).Manual("b", E("x")).Manual("c", E("x")).End("x").Manual("z", E()).End();
        using var house = Open(book);
        var run = await StartAsync(house, variables: new() { ["__level__"] = value });
        Assert.Equal([A(taken)], run.Active.Select(s => s.StepId));
        run = await CompleteAsync(house, run.Id, A(taken));
        Assert.Equal([A("z")], run.Active.Select(s => s.StepId));
    }

    [Fact]
    public async Task Switch_NoCaseFits_GoesOn()
    {
        using var house = Open(new PlaybookJson().Variable("__n__", "integer", "07").Start(Switch("w")).Switch("w", "__n__", A("z"), ("8", A("a"))).Manual("a", E("x")).End("x").Manual("z", E()).End());
        var run = await StartAsync(house);
        Assert.Equal([A("z")], run.Active.Select(s => s.StepId));
        Assert.Equal("07: no case", (await StepAsync(house, run.Id, Switch("w"))).Note);
    }

    private static PlaybookJson Other(string start, Action<PlaybookJson> steps)
    {
        var other = new PlaybookJson().Start(start);
        other.Root["id"] = OtherId;
        other.Root["name"] = "Other";
        steps(other);
        return other;
    }

    private static PlaybookJson Caller(Action<JsonObject>? more = null) => new PlaybookJson().Variable("__host__", "string", "pc-7").Variable("__found__", "bool", "false").Start(R("r")).Runs("r", OtherId, A("z"), s =>
    {
        s["in_args"] = new JsonArray("__host__");
        s["out_args"] = new JsonArray("__found__");
        more?.Invoke(s);
    }).Manual("z", E(), "found: __found__:value").End();

    private static PlaybookJson Asking() => Other(A("q"), o => o.Variable("__host__", "string").Variable("__found__", "bool").Manual("q", E(), "look at __host__:value", s => s["out_args"] = new JsonArray("__found__")).End());

    private static async Task<RunSummary> ChildAsync(TestHouse house) => (await house.Engine.ListAsync()).Single(r => r.ParentRunId is not null && r.Status == RunStatus.Running);

    [Fact]
    public async Task PlaybookAction_RunsTheOtherWithItsArguments_AndTakesWhatItFound()
    {
        using var house = Open(Caller(), Asking());
        var run = await StartAsync(house);
        var child = await ChildAsync(house);
        Assert.Equal((run.Id, OtherId), (child.ParentRunId, child.PlaybookId));
        Assert.Equal(child.Id, (await StepAsync(house, run.Id, R("r"))).ChildRunId);
        Assert.Equal("look at pc-7", (await StepAsync(house, child.Id, A("q"))).Commands[0]);
        await CompleteAsync(house, child.Id, A("q"), outputs: new() { ["__found__"] = "true" });
        Assert.Equal(StepStatus.Succeeded, await StatusAsync(house, run.Id, R("r")));
        Assert.Equal("found: true", (await StepAsync(house, run.Id, A("z"))).Commands[0]);
        Assert.Equal(RunStatus.Completed, (await CompleteAsync(house, run.Id, A("z"))).Status);
    }

    [Fact]
    public async Task PlaybookAction_OverAtOnce_GoesOn()
    {
        using var house = Open(Caller(), Other(E(), o => o.Variable("__host__", "string").Variable("__found__", "bool", "true").End()));
        var run = await StartAsync(house);
        Assert.Equal("found: true", (await StepAsync(house, run.Id, A("z"))).Commands[0]);
    }

    [Fact]
    public async Task PlaybookAction_Crash_TheOtherGoesOnAndReports()
    {
        RunSummary run;
        using (var first = Open(Caller(), Asking())) run = await StartAsync(first);
        using var next = Open();
        await next.Engine.RecoverAsync(default);
        await CompleteAsync(next, (await ChildAsync(next)).Id, A("q"), outputs: new() { ["__found__"] = "true" });
        Assert.Equal(StepStatus.Succeeded, await StatusAsync(next, run.Id, R("r")));
    }

    [Fact]
    public async Task PlaybookAction_PauseAndCancel_ReachTheOther()
    {
        using var house = Open(Caller(), Asking());
        var run = await StartAsync(house);
        var child = await ChildAsync(house);
        await DoAsync(house, run.Id, v => house.Engine.PauseAsync(run.Id, v, Ann));
        Assert.Equal(RunStatus.Paused, (await NowAsync(house, child.Id)).Status);
        await DoAsync(house, run.Id, v => house.Engine.ResumeAsync(run.Id, v, Ann));
        Assert.Equal(RunStatus.Running, (await NowAsync(house, child.Id)).Status);
        await DoAsync(house, run.Id, v => house.Engine.CancelAsync(run.Id, v, Ann, "false alarm"));
        Assert.Equal(RunStatus.Cancelled, (await NowAsync(house, child.Id)).Status);
    }

    [Fact]
    public async Task PlaybookAction_OtherCancelled_NeedsAPersonAndRetryStartsAnother()
    {
        using var house = Open(Caller(), Asking());
        var run = await StartAsync(house);
        var child = await ChildAsync(house);
        await DoAsync(house, child.Id, v => house.Engine.CancelAsync(child.Id, v, Ann, "wrong host"));
        Assert.Equal(StepStatus.NeedsPerson, await StatusAsync(house, run.Id, R("r")));
        await DoAsync(house, run.Id, v => house.Engine.RetryAsync(run.Id, R("r"), v, Ann));
        Assert.NotEqual(child.Id, (await ChildAsync(house)).Id);
    }

    [Fact]
    public async Task PlaybookAction_MissingOrWrongVersionOrRunningItself_NeedsAPerson()
    {
        using (var house = Open(Caller())) Assert.Contains("no playbook", (await StepAsync(house, (await StartAsync(house)).Id, R("r"))).Error, StringComparison.Ordinal);
        using var again = Open(Caller(s => s["playbook_version"] = "2020-01-01T00:00:00Z"), Other(R("b"), o => o.Variable("__host__", "string").Variable("__found__", "bool").Runs("b", PlaybookId, E()).End()));
        var run = (await again.Engine.ListAsync()).Single();
        await DoAsync(again, run.Id, v => again.Engine.CancelAsync(run.Id, v, Ann, "anew"));
        run = await StartAsync(again);
        Assert.Contains("version", (await StepAsync(again, run.Id, R("r"))).Error, StringComparison.Ordinal);
        await DoAsync(again, run.Id, v => again.Engine.CancelAsync(run.Id, v, Ann, "anew"));
        using var third = Open(Caller());
        run = await StartAsync(third);
        Assert.Contains("would run itself", (await StepAsync(third, (await ChildAsync(third)).Id, R("b"))).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_OfSeveralTypes_RunInOrderAndTheFirstFailureEndsTheStep()
    {
        var book = new PlaybookJson().HttpTarget("https://fw.example").Variable("__id__", "string").Start(A("a")).Http("a", E(), "GET /x", s =>
        {
            s["out_args"] = new JsonArray("__id__");
            s["commands"]!.AsArray().Add(new JsonObject { ["type"] = "ssh", ["command"] = "show __id__:value" });
            s["commands"]!.AsArray().Add(new JsonObject { ["type"] = "http-api", ["command"] = "GET /never" });
        }).End();
        using var house = Open(book);
        Action.Changes = false;
        Action.Result = (_, c) => c.Type == "ssh" ? ActionResult.Failure("no route") : Answer("__id__", "r-9");
        var run = await StartAsync(house);
        Assert.Equal(["GET /x", "show r-9"], Action.Calls.Select(c => c.Text));
        Assert.Equal(2, Action.Calls.Select(c => c.Key).Distinct().Count());
        Assert.Equal(StepStatus.NeedsPerson, await StatusAsync(house, run.Id, A("a")));
    }

    [Fact]
    public async Task Output_ThatDoesNotFit_ChangesNothing()
    {
        var book = new PlaybookJson().HttpTarget("https://fw.example").Variable("__n__", "integer", "4").Variable("__other__", "string", "x").Start(A("a")).Http("a", E(), "GET /x", s => s["out_args"] = new JsonArray("__n__")).End();
        using var house = Open(book);
        Action.Changes = false;
        Action.Result = (_, _) => new ActionResult(true, "ok", new Dictionary<string, string> { ["__n__"] = "many", ["__other__"] = "taken" });
        var variables = (await house.Engine.FindAsync((await StartAsync(house)).Id))!.Variables;
        Assert.Equal(["4", "x"], variables.Select(v => v.Value));
    }

    [Fact]
    public async Task Timeout_OfAContainer_CancelsWhatIsInsideAndFollowsItsFailure()
    {
        var book = new PlaybookJson().Start(P("p")).Parallel("p", null, A("a"), A("b")).Manual("a", E("x")).Manual("b", E("x")).End("x").Manual("z", E()).Manual("y", E()).End();
        book.Workflow[P("p")]!["on_success"] = A("y");
        book.Workflow[P("p")]!["on_failure"] = A("z");
        book.Workflow[P("p")]!["timeout"] = 60_000;
        using var house = Open(book);
        var run = await StartAsync(house);
        Clock.Advance(TimeSpan.FromSeconds(61));
        await house.Engine.PumpAsync(default);
        Assert.Equal(StepStatus.Cancelled, await StatusAsync(house, run.Id, A("a")));
        Assert.Equal([A("z")], (await NowAsync(house, run.Id)).Active.Select(s => s.StepId));
    }
}
