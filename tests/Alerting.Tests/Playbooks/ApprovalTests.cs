using System.Text.Json.Nodes;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Playbooks.Actions;
using static Beacon.Alerting.Tests.Playbooks.PlaybookJson;

namespace Beacon.Alerting.Tests.Playbooks;

public sealed class ApprovalTests : EngineFixture
{
    private static PlaybookJson Block() => new PlaybookJson().HttpTarget("https://fw.example").Variable("__ip__", "ipv4-addr", "203.0.113.9").Start(A("a")).Http("a", A("b"), "POST /block/__ip__:value").Manual("b", E()).End();

    [Fact]
    public async Task ChangingStep_WaitsForSomebodyElse_AndThenRunsOnce()
    {
        using var house = Open(Block());
        var run = await StartAsync(house);
        Assert.Equal(StepStatus.WaitingForApproval, await StatusAsync(house, run.Id, A("a")));
        Assert.Empty(Action.Calls);
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(house, run.Id, v => house.Engine.ApproveAsync(run.Id, A("a"), v, Ann))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(house, run.Id, v => house.Engine.ApproveAsync(run.Id, A("a"), v, new Actor("ANN", [RoleNames.Administrator])))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(house, run.Id, v => house.Engine.ApproveAsync(run.Id, A("a"), v, Olga))).Kind);
        Assert.Equal(RefusalKind.Conflict, (await house.Engine.ApproveAsync(run.Id, A("a"), run.Version + 1, Bob)).Refusal!.Kind);
        await DoAsync(house, run.Id, v => house.Engine.ApproveAsync(run.Id, A("a"), v, Bob, "seen it"));
        Assert.Equal("POST /block/203.0.113.9", Assert.Single(Action.Calls).Text);
        var approval = (await StepAsync(house, run.Id, A("a"))).Approval!;
        Assert.Equal(("bob", RoleNames.Responder), (approval.ApprovedBy, approval.Role));
        Assert.Contains("Step 1, a: approved: seen it", await TimelineAsync(house));
        Assert.Contains(await TimelineAsync(house), t => t.Contains("waits for approval by the role responder: http-api POST /block/203.0.113.9", StringComparison.Ordinal));
        Assert.Contains(await NoticesAsync(house), n => n.Kind == (int)Alerting.Notifications.NoticeKind.ApprovalWanted && n.Audience == RoleNames.Responder);
        Assert.Contains(await house.Audit.QueryAsync(new Alerting.Audit.AuditQuery { Action = "playbook.approve" }), e => e.Actor == "bob");
    }

    [Fact]
    public async Task Refused_FollowsOnFailure_ElseNeedsAPerson()
    {
        using var house = Open(Block());
        var run = await StartAsync(house);
        Assert.Equal(RefusalKind.Invalid, (await RefusedAsync(house, run.Id, v => house.Engine.RefuseAsync(run.Id, A("a"), v, Bob, " "))).Kind);
        await DoAsync(house, run.Id, v => house.Engine.RefuseAsync(run.Id, A("a"), v, Bob, "it is our own scanner"));
        var step = await StepAsync(house, run.Id, A("a"));
        Assert.Equal(StepStatus.NeedsPerson, step.Summary.Status);
        Assert.Contains("it is our own scanner", step.Error, StringComparison.Ordinal);
        Assert.Empty(Action.Calls);

        // Another attempt wants another approval, and not by who asked for it.
        await DoAsync(house, run.Id, v => house.Engine.RetryAsync(run.Id, A("a"), v, Bob, "no, it is not"));
        Assert.Equal(StepStatus.WaitingForApproval, await StatusAsync(house, run.Id, A("a")));
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(house, run.Id, v => house.Engine.ApproveAsync(run.Id, A("a"), v, Bob))).Kind);
        await DoAsync(house, run.Id, v => house.Engine.ApproveAsync(run.Id, A("a"), v, Sue));
        Assert.Single(Action.Calls);
    }

    [Fact]
    public async Task Expired_NeedsAPersonAndTellsTheSupervisor()
    {
        using var house = Open(o => o.Playbooks.ApprovalExpiry = TimeSpan.FromMinutes(5), Block());
        var run = await StartAsync(house);
        Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(RefusalKind.Invalid, (await RefusedAsync(house, run.Id, v => house.Engine.ApproveAsync(run.Id, A("a"), v, Bob))).Kind);
        await house.Engine.PumpAsync(default);
        Assert.Equal(StepStatus.NeedsPerson, await StatusAsync(house, run.Id, A("a")));
        Assert.Contains(await NoticesAsync(house), n => n.Kind == (int)Alerting.Notifications.NoticeKind.StepWaiting && n.Audience == RoleNames.Supervisor);
        Assert.Empty(Action.Calls);
    }

    [Fact]
    public async Task Extension_SaysNoneOrRequired_RoleAndExpiry()
    {
        var book = Block().Extend("a", new JsonObject { ["approval"] = "required", ["approval_role"] = "supervisor", ["approval_expiry"] = 60_000 });
        using (var house = Open(o => o.Playbooks.ApprovalRequired = false, book))
        {
            var run = await StartAsync(house);
            var approval = (await StepAsync(house, run.Id, A("a"))).Approval!;
            Assert.Equal((RoleNames.Supervisor, TestHouse.Start.AddMinutes(1)), (approval.Role, approval.ExpiresAt!.Value));
            Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(house, run.Id, v => house.Engine.ApproveAsync(run.Id, A("a"), v, Bob))).Kind);
            await DoAsync(house, run.Id, v => house.Engine.ApproveAsync(run.Id, A("a"), v, Sue));
            Assert.Single(Action.Calls);
            await CompleteAsync(house, run.Id, A("b"));
        }
        using var none = Open(Block().Extend("a", new JsonObject { ["approval"] = "none" }));
        await StartAsync(none);
        Assert.Equal(2, Action.Calls.Count);
    }

    [Fact]
    public async Task PureRead_WaitsForNobody()
    {
        Action.Changes = false;
        using var house = Open(Block());
        await StartAsync(house);
        Assert.Single(Action.Calls);
    }

    [Fact]
    public async Task ValuesThatChangeAfterTheApproval_AreAskedForAgain()
    {
        var book = new PlaybookJson().HttpTarget("https://fw.example").Variable("__ip__", "ipv4-addr", "203.0.113.9").Start(P("p")).Parallel("p", E(), A("a"), A("b"))
            .Http("a", E("x"), "POST /block/__ip__:value").Manual("b", E("x"), more: s => s["out_args"] = new JsonArray("__ip__")).End("x").End();
        using var house = Open(book);
        var run = await StartAsync(house);
        // Approved, and before the engine comes to it another branch sets another address.
        Assert.True((await house.Engine.ApproveAsync(run.Id, A("a"), run.Version, Bob)).Done);
        await CompleteAsync(house, run.Id, A("b"), outputs: new() { ["__ip__"] = "198.51.100.1" });
        Assert.Equal(StepStatus.WaitingForApproval, await StatusAsync(house, run.Id, A("a")));
        Assert.Empty(Action.Calls);
        Assert.Contains(await TimelineAsync(house), t => t.Contains("changed since it was approved", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Crash_WhileAChangingStepWasUnderWay_NeedsAPersonWhateverItSays()
    {
        Action.Repeatable = true;
        RunSummary run;
        using (var first = Open(Block()))
        {
            run = await StartAsync(first);
            await first.Engine.ApproveAsync(run.Id, A("a"), run.Version, Bob);
            Assert.Single((await first.Engine.LeaseAsync(4, default)).Work);
        }
        using var next = Open();
        await next.Engine.RecoverAsync(default);
        await next.Engine.PumpAsync(default);
        Assert.Equal(StepStatus.NeedsPerson, await StatusAsync(next, run.Id, A("a")));
        Assert.Empty(Action.Calls);
    }

    [Fact]
    public async Task ManualStep_OfARole_IsForThatRole()
    {
        var book = new PlaybookJson().Start(A("a")).Manual("a", A("b")).Manual("b", E()).End().Extend("a", new JsonObject { ["role"] = "supervisor" });
        using var house = Open(book);
        var run = await StartAsync(house, by: Olga);
        Assert.Equal(RoleNames.Supervisor, (await StepAsync(house, run.Id, A("a"))).Role);
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(house, run.Id, v => house.Engine.CompleteAsync(run.Id, A("a"), v, StepResult.Done, "", Ann))).Kind);
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(house, run.Id, v => house.Engine.SkipAsync(run.Id, A("a"), v, Ann, "mine"))).Kind);
        await CompleteAsync(house, run.Id, A("a"), by: Sue);
        await CompleteAsync(house, run.Id, A("b"), by: Olga);
        Assert.Contains(await NoticesAsync(house), n => n.Audience == RoleNames.Supervisor);
    }

    [Fact]
    public async Task ManualStep_OfAnAgentNamedAsARole_IsForThatRole()
    {
        var book = new PlaybookJson().Start(A("a")).Manual("a", E()).End();
        book.Root["agent_definitions"]!.AsObject().First().Value!["name"] = "Supervisor";
        using var house = Open(book);
        var run = await StartAsync(house);
        Assert.Equal(RefusalKind.Forbidden, (await RefusedAsync(house, run.Id, v => house.Engine.CompleteAsync(run.Id, A("a"), v, StepResult.Done, "", Ann))).Kind);
        Assert.Equal(RunStatus.Completed, (await CompleteAsync(house, run.Id, A("a"), by: Sue)).Status);
    }

    [Fact]
    public async Task ManualStep_Late_WaitsOnAndTellsTheSupervisorOnce()
    {
        using var house = Open(new PlaybookJson().Start(A("a")).Manual("a", E(), more: s => s["timeout"] = 60_000).End());
        var run = await StartAsync(house);
        Clock.Advance(TimeSpan.FromMinutes(2));
        await house.Engine.PumpAsync(default);
        await house.Engine.PumpAsync(default);
        Assert.Equal(StepStatus.WaitingForPerson, await StatusAsync(house, run.Id, A("a")));
        Assert.Single(await NoticesAsync(house), n => n.Audience == RoleNames.Supervisor);
    }
}
