using System.Text.Json.Nodes;
using Beacon.Alerting.Alerts;
using Beacon.Alerting.Changes;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Playbooks.Actions;
using Beacon.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using static Beacon.Alerting.Tests.Playbooks.PlaybookJson;

namespace Beacon.Alerting.Tests.Playbooks;

public sealed class EngineTests : IDisposable
{
    private static readonly Actor Ann = new("ann", [RoleNames.Responder]);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-engine-");
    private readonly FakeTimeProvider _clock = new(TestHouse.Start);
    private readonly FakeAction _action = new();

    public void Dispose() => _folder.Delete(true);

    /// <summary>A process over the same files: a second one stands for the start after a crash of the first.</summary>
    private TestHouse Open() => new(o => o.PlaybookDirectories.Add(Path.Combine(_folder.FullName, "books")), directory: _folder.FullName, clock: _clock,
        replace: s => s.RemoveAll<IPlaybookAction>().AddSingleton<IPlaybookAction>(_action));

    private TestHouse Open(PlaybookJson book)
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "books"));
        File.WriteAllBytes(Path.Combine(_folder.FullName, "books", "test.json"), book.Bytes);
        return Open();
    }

    private static async Task<RunSummary> StartAsync(TestHouse house, Dictionary<string, string>? variables = null)
    {
        if ((await house.Incidents.ListAsync(new IncidentQuery())).Total == 0) await house.TakeAsync(Detections.Of());
        var incident = (await house.Incidents.ListAsync(new IncidentQuery())).Items[0];
        var outcome = await house.Engine.StartAsync(PlaybookId, incident.Id, Ann, variables);
        Assert.True(outcome.Done, outcome.Refusal?.Message.ToString());
        return outcome.Value;
    }

    private static async Task<RunSummary> DoneAsync(TestHouse house, RunSummary run, string step, StepResult result = StepResult.Done, string note = "", Dictionary<string, string>? outputs = null)
    {
        run = (await house.Engine.FindAsync(run.Id))!.Summary;
        var outcome = await house.Engine.CompleteAsync(run.Id, A(step), run.Version, result, note, Ann, outputs);
        Assert.True(outcome.Done, outcome.Refusal?.Message.ToString());
        return outcome.Value;
    }

    private static async Task<StepStatus> StatusAsync(TestHouse house, string run, string id) => (await house.Engine.FindAsync(run))!.Steps.Single(s => s.Summary.StepId == id).Summary.Status;

    [Fact]
    public async Task Manual_StepsInOrder_CompleteTheRunAndWriteTheTimeline()
    {
        using var house = Open(new PlaybookJson().Start(A("a")).Manual("a", A("b")).Manual("b", E()).End());
        var run = await StartAsync(house);
        Assert.Equal(StepStatus.WaitingForPerson, await StatusAsync(house, run.Id, A("a")));
        Assert.Equal(StepStatus.Pending, await StatusAsync(house, run.Id, A("b")));
        run = await DoneAsync(house, run, "a", note: "rang them");
        run = await DoneAsync(house, run, "b", StepResult.Cannot, "no key");
        Assert.Equal((RunStatus.Completed, 2, 2), (run.Status, run.StepsDone, run.StepsTotal));
        var texts = (await house.Incidents.TimelineAsync(run.IncidentId)).Select(e => e.Text).ToList();
        Assert.Contains(texts, t => t == "Step 1, a: done: rang them");
        Assert.Contains(texts, t => t == "Step 2, b: cannot be done: no key");
        Assert.Contains(texts, t => t.EndsWith("completed", StringComparison.Ordinal));
        Assert.Equal(IncidentStatus.Respond, (await house.Incidents.FindAsync(run.IncidentId))!.Summary.Status);
        Assert.Contains((await house.Feed.ReadAfterAsync(0)).Changes, c => c.Kind == ChangeKind.Playbook && c.Payload.Contains("\"status\":\"Completed\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("true", "b", "c")]
    [InlineData("false", "c", "b")]
    public async Task If_TakesTheBranchOfTheValueThatAPersonGave(string value, string taken, string left)
    {
        var book = new PlaybookJson().Variable("__safe__", "bool", "false").Start(A("a"))
            .Manual("a", I("i"), more: s => s["out_args"] = new JsonArray("__safe__"))
            .If("i", "__safe__:value = 'true'", A("b"), A("c"), A("d")).Manual("b", E("x")).Manual("c", E("y")).Manual("d", E()).End("x").End("y").End();
        using var house = Open(book);
        var run = await StartAsync(house);
        run = await DoneAsync(house, run, "a", outputs: new() { ["__safe__"] = value });
        Assert.Equal(StepStatus.WaitingForPerson, await StatusAsync(house, run.Id, A(taken)));
        Assert.Equal(StepStatus.Pending, await StatusAsync(house, run.Id, A(left)));
        await DoneAsync(house, run, taken);
        Assert.Equal(StepStatus.Succeeded, await StatusAsync(house, run.Id, I("i")));
        Assert.Equal(RunStatus.Completed, (await DoneAsync(house, run, "d")).Status);
    }

    [Fact]
    public async Task Parallel_WaitsForAllBranches()
    {
        var book = new PlaybookJson().Start(P("p")).Parallel("p", A("z"), A("a"), A("b"), A("c")).Manual("a", A("d")).Manual("d", E("x")).Manual("b", E("x")).Manual("c", E("x")).End("x").Manual("z", E()).End();
        using var house = Open(book);
        var run = await StartAsync(house);
        Assert.Equal(3, run.Active.Count);
        Assert.Equal(["1a", "1b", "1c"], run.Active.Select(s => s.Label).Order());
        foreach (var step in new[] { "a", "b", "c" }) await DoneAsync(house, run, step);
        Assert.Equal(StepStatus.Pending, await StatusAsync(house, run.Id, A("z")));
        await DoneAsync(house, run, "d");
        Assert.Equal(StepStatus.WaitingForPerson, await StatusAsync(house, run.Id, A("z")));
        Assert.Equal(RunStatus.Completed, (await DoneAsync(house, run, "z")).Status);
    }

    [Fact]
    public async Task Failure_FollowsOnFailureAndElseNeedsAPerson()
    {
        var book = new PlaybookJson().HttpTarget("https://fw.example").Start(A("a"))
            .Http("a", null, "POST /x", s => { s["on_success"] = A("b"); s["on_failure"] = A("c"); }).Manual("b", E())
            .Http("c", E(), "POST /y").End();
        using var house = Open(book);
        _action.Result = _ => ActionResult.Failure("answered 500");
        var run = await StartAsync(house);
        await house.Engine.PumpAsync(default);
        Assert.Equal(StepStatus.Failed, await StatusAsync(house, run.Id, A("a")));
        Assert.Equal(StepStatus.NeedsPerson, await StatusAsync(house, run.Id, A("c")));
        Assert.Equal(RunStatus.Running, (await house.Engine.FindAsync(run.Id))!.Summary.Status);

        _action.Result = FakeAction.Success;
        run = (await house.Engine.FindAsync(run.Id))!.Summary;
        Assert.True((await house.Engine.RetryAsync(run.Id, A("c"), run.Version, Ann)).Done);
        await house.Engine.PumpAsync(default);
        var detail = (await house.Engine.FindAsync(run.Id))!;
        Assert.Equal(RunStatus.Completed, detail.Summary.Status);
        Assert.Equal(2, detail.Steps.Single(s => s.Summary.StepId == A("c")).Summary.Attempt);
        Assert.Equal(3, _action.Keys.Distinct().Count());
    }

    [Fact]
    public async Task MarkedFailed_WithoutAWayOn_FailsTheRunThroughTheException()
    {
        var book = new PlaybookJson().Start(A("a")).Manual("a", null, more: s => s["on_success"] = E()).Manual("x", E()).End();
        book.Root["workflow_exception"] = A("x");
        using var house = Open(book);
        var run = await StartAsync(house);
        run = await DoneAsync(house, run, "a", StepResult.Failed);
        Assert.Equal(RunStatus.Running, run.Status);
        Assert.Equal(RunStatus.Completed, (await DoneAsync(house, run, "x")).Status);
    }

    [Fact]
    public async Task Skip_Pause_Resume_Cancel()
    {
        using var house = Open(new PlaybookJson().Start(A("a")).Manual("a", A("b")).Manual("b", A("c")).Manual("c", E()).End());
        var run = await StartAsync(house);
        Assert.Equal(RefusalKind.Invalid, (await house.Engine.SkipAsync(run.Id, A("a"), run.Version, Ann, "")).Refusal!.Kind);
        run = (await house.Engine.SkipAsync(run.Id, A("a"), run.Version, Ann, "known already")).Value!;
        Assert.Equal(RefusalKind.Conflict, (await house.Engine.PauseAsync(run.Id, run.Version - 1, Ann)).Refusal!.Kind);
        run = (await house.Engine.PauseAsync(run.Id, run.Version, Ann, "shift change")).Value!;
        Assert.Equal(RefusalKind.Invalid, (await house.Engine.CompleteAsync(run.Id, A("b"), run.Version, StepResult.Done, "", Ann)).Refusal!.Kind);
        run = (await house.Engine.ResumeAsync(run.Id, run.Version, Ann)).Value!;
        run = (await house.Engine.CancelAsync(run.Id, run.Version, Ann, "false alarm")).Value!;
        Assert.Equal(RunStatus.Cancelled, run.Status);
        Assert.Equal(StepStatus.Cancelled, await StatusAsync(house, run.Id, A("b")));
        Assert.Equal(RefusalKind.Invalid, (await house.Engine.CompleteAsync(run.Id, A("b"), run.Version, StepResult.Done, "", Ann)).Refusal!.Kind);
    }

    [Fact]
    public async Task Delay_StartsWhenItsTimeHasCome()
    {
        using var house = Open(new PlaybookJson().Start(A("a")).Manual("a", E(), more: s => s["delay"] = 60_000).End());
        var run = await StartAsync(house);
        await house.Engine.PumpAsync(default);
        Assert.Equal(StepStatus.Delayed, await StatusAsync(house, run.Id, A("a")));
        _clock.Advance(TimeSpan.FromSeconds(60));
        await house.Engine.PumpAsync(default);
        Assert.Equal(StepStatus.WaitingForPerson, await StatusAsync(house, run.Id, A("a")));
    }

    [Fact]
    public async Task Outputs_OfTheWrongTypeOrName_AreRefused()
    {
        using var house = Open(new PlaybookJson().Variable("__n__", "integer", "1").Variable("__k__", "string", "x", constant: true).Start(A("a")).Manual("a", E(), more: s => s["out_args"] = new JsonArray("__n__")).End());
        var run = await StartAsync(house);
        foreach (var (name, value) in new[] { ("__n__", "many"), ("__k__", "y"), ("__zz__", "1"), ("__n__", "__k__:value") })
            Assert.Equal(RefusalKind.Invalid, (await house.Engine.CompleteAsync(run.Id, A("a"), run.Version, StepResult.Done, "", Ann, new Dictionary<string, string> { [name] = value })).Refusal!.Kind);
        Assert.Equal("5", (await house.Engine.FindAsync((await DoneAsync(house, run, "a", outputs: new() { ["__n__"] = "5" })).Id))!.Variables.Single(v => v.Name == "__n__").Value);
    }

    [Fact]
    public async Task Start_SecondTimeOrUnknownOrClosed_IsRefused()
    {
        using var house = Open(new PlaybookJson().Start(A("a")).Manual("a", E()).End());
        var run = await StartAsync(house);
        Assert.Equal(RefusalKind.Invalid, (await house.Engine.StartAsync(PlaybookId, run.IncidentId, Ann)).Refusal!.Kind);
        Assert.Equal(RefusalKind.NotFound, (await house.Engine.StartAsync("playbook--x", run.IncidentId, Ann)).Refusal!.Kind);
        Assert.Equal(RefusalKind.NotFound, (await house.Engine.StartAsync(PlaybookId, 99, Ann)).Refusal!.Kind);
    }

    [Fact]
    public async Task Crash_AtEachBoundaryOfManualSteps_TheRunGoesOn()
    {
        var book = new PlaybookJson().Variable("__ok__", "bool", "false").Start(A("a")).Manual("a", P("p"), more: s => s["out_args"] = new JsonArray("__ok__"))
            .Parallel("p", I("i"), A("b"), A("c")).Manual("b", E("x")).Manual("c", E("x")).End("x").If("i", "__ok__:value = 'true'", A("d"), null, E()).Manual("d", E("y")).End("y").End();
        RunSummary run;
        using (var first = Open(book)) run = await StartAsync(first);
        foreach (var step in new[] { "a", "b", "c", "d" })
        {
            using var next = Open();
            await next.Engine.RecoverAsync(default);
            Assert.Equal(StepStatus.WaitingForPerson, await StatusAsync(next, run.Id, A(step)));
            await DoneAsync(next, run, step, outputs: step == "a" ? new() { ["__ok__"] = "true" } : null);
        }
        using var last = Open();
        Assert.Equal(RunStatus.Completed, (await last.Engine.FindAsync(run.Id))!.Summary.Status);
        Assert.True((await last.Incidents.VerifyTimelineAsync(run.IncidentId)).Intact);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Crash_WhileAStepWasUnderWay_RepeatsOnlyWhatIsHarmless(bool repeatable)
    {
        _action.Repeatable = repeatable;
        RunSummary run;
        string key;
        using (var first = Open(new PlaybookJson().HttpTarget("https://fw.example").Start(A("a")).Http("a", E(), "POST /x").End()))
        {
            run = await StartAsync(first);
            var (work, _) = await first.Engine.LeaseAsync(4, default);
            key = Assert.Single(work).Call.IdempotencyKey;
            // Never done: the process dies here.
        }
        using var next = Open();
        Assert.Equal(1, await next.Engine.RecoverAsync(default));
        Assert.Equal(0, await next.Engine.RecoverAsync(default));
        await next.Engine.PumpAsync(default);
        if (repeatable)
        {
            Assert.Equal([key], _action.Keys);
            Assert.Equal(RunStatus.Completed, (await next.Engine.FindAsync(run.Id))!.Summary.Status);
            return;
        }
        Assert.Empty(_action.Keys);
        Assert.Equal(StepStatus.NeedsPerson, await StatusAsync(next, run.Id, A("a")));
        run = (await next.Engine.FindAsync(run.Id))!.Summary;
        Assert.True((await next.Engine.RetryAsync(run.Id, A("a"), run.Version, Ann, "checked: not there")).Done);
        await next.Engine.PumpAsync(default);
        Assert.NotEqual(key, Assert.Single(_action.Keys));
        Assert.Equal(RunStatus.Completed, (await next.Engine.FindAsync(run.Id))!.Summary.Status);
    }

    [Fact]
    public async Task Recover_StepOfAnotherProcessThatMayLive_WaitsForItsLease()
    {
        using var first = Open(new PlaybookJson().HttpTarget("https://fw.example").Start(A("a")).Http("a", E(), "POST /x").End());
        var run = await StartAsync(first);
        Assert.Single((await first.Engine.LeaseAsync(4, default)).Work);
        using var other = new TestHouse(o => o.PlaybookDirectories.Add(Path.Combine(_folder.FullName, "books")), directory: _folder.FullName, clock: _clock,
            replace: s => s.RemoveAll<IPlaybookAction>().AddSingleton<IPlaybookAction>(_action).AddSingleton<IStateDatabase>(new SharedState(first.Database)));
        Assert.Equal(0, await other.Engine.RecoverAsync(default));
        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(1, await other.Engine.RecoverAsync(default));
        Assert.NotEqual(StepStatus.Running, await StatusAsync(other, run.Id, A("a")));
    }

    [Fact]
    public async Task Crash_BeforeTheLease_StartsOnce()
    {
        RunSummary run;
        using (var first = Open(new PlaybookJson().HttpTarget("https://fw.example").Start(A("a")).Http("a", E(), "POST /x").End())) run = await StartAsync(first);
        using var next = Open();
        await next.Engine.RecoverAsync(default);
        await next.Engine.PumpAsync(default);
        await next.Engine.PumpAsync(default);
        Assert.Single(_action.Keys);
        Assert.Equal(RunStatus.Completed, (await next.Engine.FindAsync(run.Id))!.Summary.Status);
    }

    [Fact]
    public async Task Recover_ADocumentThatThisVersionRefuses_FailsThatRunOnly()
    {
        using var house = Open(new PlaybookJson().HttpTarget("https://fw.example").Start(A("a")).Http("a", E(), "POST /x").End());
        var broken = await StartAsync(house);
        await house.Database.WriteAsync(t => t.Execute("UPDATE alerting_runs SET document = '{}' WHERE id = @p0", broken.Id));
        await house.TakeAsync(Detections.Of(host: "elsewhere"));
        var other = (await house.Incidents.ListAsync(new IncidentQuery())).Items.Single(i => i.Id != broken.IncidentId);
        var sound = (await house.Engine.StartAsync(PlaybookId, other.Id, Ann)).Value!;
        using var next = Open();
        await next.Engine.RecoverAsync(default);
        await next.Engine.PumpAsync(default);
        Assert.Equal(RunStatus.Failed, (await next.Engine.FindAsync(broken.Id))!.Summary.Status);
        Assert.Equal(RunStatus.Completed, (await next.Engine.FindAsync(sound.Id))!.Summary.Status);
    }

    [Fact]
    public async Task Cancel_WhileAStepIsUnderWay_DropsItsLateResult()
    {
        using var house = Open(new PlaybookJson().HttpTarget("https://fw.example").Start(A("a")).Http("a", A("b"), "POST /x").Manual("b", E()).End());
        var run = await StartAsync(house);
        var gate = new TaskCompletionSource<ActionResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _action.Pending = gate.Task;
        var pump = house.Engine.PumpAsync(default);
        await _action.Begun.Task;
        run = (await house.Engine.FindAsync(run.Id))!.Summary;
        await house.Engine.CancelAsync(run.Id, run.Version, Ann, "stop");
        gate.SetResult(FakeAction.Success(null!));
        await pump;
        Assert.Equal(RunStatus.Cancelled, (await house.Engine.FindAsync(run.Id))!.Summary.Status);
        Assert.Equal(StepStatus.Pending, await StatusAsync(house, run.Id, A("b")));
    }

    [Fact]
    public async Task Worker_RunsByItself_AndStopsCleanly()
    {
        using var house = Open(new PlaybookJson().HttpTarget("https://fw.example").Start(A("a")).Http("a", A("b"), "GET /x").Http("b", E(), "GET /y").End());
        using var stop = new CancellationTokenSource();
        var worker = house.Engine.RunAsync(stop.Token);
        var from = house.Feed.LatestSequence;
        var run = await StartAsync(house);
        while ((await house.Engine.FindAsync(run.Id))!.Summary.Status != RunStatus.Completed)
        {
            await house.Feed.WaitAsync(from, TestContext.Current.CancellationToken);
            from = (await house.Feed.ReadAfterAsync(from)).Next;
        }
        await stop.CancelAsync();
        await worker.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        Assert.False(worker.IsFaulted);
        Assert.Equal(2, _action.Keys.Count);
    }

    [Fact]
    public async Task Shipped_PlantPlaybook_RunsToItsEndWithTheIncidentsNames()
    {
        using var house = new TestHouse(assets: StoryPlant);
        await house.TakeAsync(Incidents.StoryTests.Detections);
        var incident = (await house.Incidents.ListAsync(new IncidentQuery())).Items[0];
        var book = house.Library.All.Single(p => p.Name.StartsWith("Unauthorised control", StringComparison.Ordinal));
        var run = (await house.Engine.StartAsync(book.Id, incident.Id, Ann)).Value!;
        var detail = (await house.Engine.FindAsync(run.Id))!;
        Assert.Contains("PLC-PS3-01", detail.Steps[0].Commands[0], StringComparison.Ordinal);
        Assert.Equal("ENG-WS-03", detail.Variables.Single(v => v.Name == "__origin_host__").Value);
        var labels = new List<string>();
        while (run.Status == RunStatus.Running)
        {
            var step = run.Active[0];
            labels.Add(step.Label);
            var outputs = detail.Steps.Single(s => s.Summary.StepId == step.StepId).Outputs.ToDictionary(o => o.Name, _ => "true");
            run = (await house.Engine.CompleteAsync(run.Id, step.StepId, run.Version, StepResult.Done, "ok", new Actor("ann", [RoleNames.Responder, RoleNames.Supervisor]), outputs)).Value!;
        }
        Assert.Equal(RunStatus.Completed, run.Status);
        Assert.Equal(9, labels.Count);
        Assert.Equal(labels.Count, labels.Distinct().Count());
    }

    private static Asset[] StoryPlant => Incidents.StoryTests.Plant;

    /// <summary>Does nothing, and remembers under which keys it was asked to.</summary>
    private sealed class FakeAction : IPlaybookAction
    {
        public static ActionResult Success(ActionCall _) => new(true, "answered 200", new Dictionary<string, string>());

        public List<string> Keys { get; } = [];
        public bool Repeatable { get; set; }
        public Func<ActionCall, ActionResult> Result { get; set; } = Success;
        public Task<ActionResult>? Pending { get; set; }
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public IReadOnlyList<string> CommandTypes { get; } = ["http-api"];
        public TimeSpan TimeLimit => TimeSpan.FromSeconds(30);
        public void Check(Playbook playbook, PlaybookStep step, PlaybookCommand command, string path, PlaybookFaults faults) { }
        public bool IsRepeatable(PlaybookStep step, PlaybookCommand command) => Repeatable;
        public bool ChangesTarget(PlaybookStep step, PlaybookCommand command) => false;
        public IReadOnlyList<string> Describe(ActionCall call, PlaybookCommand command) => [];

        public Task<ActionResult> RunAsync(ActionCall call, PlaybookCommand command, CancellationToken cancellation)
        {
            lock (Keys) Keys.Add(call.IdempotencyKey);
            Begun.TrySetResult();
            return Pending ?? Task.FromResult(Result(call));
        }
    }
}
