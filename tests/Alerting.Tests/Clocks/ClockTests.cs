using Beacon.Alerting.Audit;
using Beacon.Alerting.Clocks;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Tests.Incidents;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Clocks;

public sealed class ClockTests
{
    private static readonly Actor Admin = new("root", [RoleNames.Administrator]);
    private static readonly Actor Rita = new("rita", [RoleNames.Responder]);
    private static readonly Actor Op = new("op", [RoleNames.Operator]);

    /// <summary>The house with these regimes on and Lakeshore Water being of the kinds.</summary>
    private static async Task<TestHouse> HouseAsync(string[] regimes, string[] kinds, string? directory = null)
    {
        var house = new TestHouse(assets: StoryTests.Plant, directory: directory);
        var book = house.Get<IClockBook>();
        var rules = await book.CurrentAsync();
        var saved = await book.SaveAsync(rules with
        {
            Regimes = [.. rules.Regimes.Select(r => r with { Enabled = regimes.Contains(r.Id) })], Organisations = [new("Lakeshore Water", kinds), new("Lakeshore Data", []), new("*", [])],
        }, Admin, "we run water works");
        Assert.True(saved.Done, saved.Refusal?.Message.ToString());
        return house;
    }

    private static Detection Plc(DateTimeOffset at, Severity severity = Severity.High, string[]? tags = null) => Detections.Of("modbus-new-writer", "", severity, at,
        entity: new Entity(EntityKind.Address, "10.30.3.11"), tags: tags ?? ["attack.impair-process-control", "attack.t0855"], related: [new Entity(EntityKind.Address, "10.30.1.13")]);

    private static IClockService ClocksOf(TestHouse house) => house.Get<IClockService>();

    private static List<(int Kind, string Audience, string Subject)> Notices(TestHouse house, string kind) => house.Database.ReadAsync(c => c.Query(
        "SELECT kind, audience, subject FROM alerting_notices WHERE kind = @p0 ORDER BY id", r => (r.GetInt32(0), r.GetString(1), r.GetString(2)), Enum.Parse<Alerting.Notifications.NoticeKind>(kind))).GetAwaiter().GetResult();

    [Fact]
    public async Task Shipped_Rules_HoldTheTableAndAreOff()
    {
        using var house = new TestHouse();
        var rules = await house.Get<IClockBook>().CurrentAsync();
        Assert.All(rules.Regimes, r => Assert.False(r.Enabled));
        Assert.All(rules.Regimes, r => Assert.True(r.Source.Length > 10 && r.Checked.Year >= 2026));
        TimeSpan First(string id) => rules.Regimes.Single(r => r.Id == id).Reports[0].After;
        Assert.Equal([1, 2, 4, 24, 24], new[] { "cn-critical", "cn-central", "cn-other", "eu-nis2", "eu-cra-vulnerability" }.Select(i => First(i).TotalHours));
        Assert.Equal(TimeSpan.FromDays(30), rules.Regimes.Single(r => r.Id == "cn-critical").Reports[1].After);
        Assert.Equal((TimeSpan.FromHours(72), 1), (rules.Regimes.Single(r => r.Id == "eu-nis2").Reports[1].After, rules.Regimes.Single(r => r.Id == "eu-nis2").Reports[2].Months));
        Assert.Equal((TimeSpan.FromHours(72), TimeSpan.FromDays(14)), (rules.Regimes.Single(r => r.Id == "eu-cra-vulnerability").Reports[1].After, rules.Regimes.Single(r => r.Id == "eu-cra-vulnerability").Reports[2].After));
    }

    [Fact]
    public async Task Warning_OfTheNeededLevel_StartsTheClockAndSaysToWhom()
    {
        using var house = await HouseAsync(["cn-critical"], ["critical-infrastructure-operator"]);
        await house.TakeAsync(Plc(TestHouse.Start));
        var clocks = await ClocksOf(house).ListAsync();
        Assert.Equal(["first", "summary"], clocks.Select(c => c.ReportId));
        Assert.Equal((ClockState.Running, TestHouse.Start.AddHours(1), false), (clocks[0].State, clocks[0].DueAt, clocks[0].Late));
        Assert.Equal((ClockState.Waiting, null), (clocks[1].State, clocks[1].DueAt));
        Assert.Contains("public security organ", clocks[0].To);
        var incident = Assert.Single((await house.Incidents.ListAsync(new IncidentQuery())).Items);
        Assert.Contains(await house.Incidents.TimelineAsync(incident.Id), e => e.Text.Contains("is due 2026-03-02 10:00 UTC", StringComparison.Ordinal) && e.Reference == $"clock:{clocks[0].Id}");
    }

    [Theory]
    [InlineData("eu-nis2", "essential-entity", 0)]
    [InlineData("cn-critical", "network-operator", 0)]
    [InlineData("cn-critical", "critical-infrastructure-operator", 2)]
    public async Task Regime_OffOrOfAnotherKind_StartsNothing(string on, string kind, int expected)
    {
        using var house = await HouseAsync([on == "eu-nis2" ? "cn-critical" : on], [kind]);
        await house.TakeAsync(Plc(TestHouse.Start));
        Assert.Equal(expected, (await ClocksOf(house).ListAsync()).Count);
    }

    [Fact]
    public async Task Regime_WithATechnique_WantsItSeen()
    {
        using var house = await HouseAsync(["eu-cra-vulnerability"], ["manufacturer"]);
        var start = new DateTimeOffset(2026, 9, 10, 22, 0, 0, TimeSpan.Zero);
        house.Clock.SetUtcNow(start);
        await house.TakeAsync(Plc(start));
        var alert = await house.OnlyAlertAsync();
        await house.Alerts.AcknowledgeAsync(alert.Id, alert.Version, Op);
        Assert.Empty(await ClocksOf(house).ListAsync());
        // The day before it is in force, it wants nothing.
        house.Clock.Advance(TimeSpan.FromHours(1));
        await house.TakeAsync(Plc(start.AddHours(1), tags: ["attack.lateral-movement", "attack.t0866"]) with { RuleId = "exploit" });
        Assert.Empty(await ClocksOf(house).ListAsync());
        house.Clock.Advance(TimeSpan.FromHours(2));
        await house.TakeAsync(Plc(start.AddHours(3), tags: ["attack.lateral-movement", "attack.t0866"]) with { RuleId = "exploit-again" });
        var clocks = await ClocksOf(house).ListAsync();
        Assert.Equal(["early-warning", "notification", "final"], clocks.Select(c => c.ReportId));
        Assert.Equal(start.AddHours(3), clocks[0].StartsAt);
    }

    [Fact]
    public async Task Acknowledge_BelowTheWarningLevel_MakesItKnown()
    {
        using var house = await HouseAsync(["cn-other"], ["network-operator"]);
        // An important object at high severity is blue: below yellow, so only a person makes it known.
        await house.TakeAsync(Detections.Of("odd", "ENG-WS-03", Severity.High, tags: ["attack.execution", "attack.t1059"]));
        Assert.Empty(await ClocksOf(house).ListAsync());
        house.Clock.Advance(TimeSpan.FromMinutes(20));
        var alert = await house.OnlyAlertAsync();
        Assert.True((await house.Alerts.AcknowledgeAsync(alert.Id, alert.Version, Op)).Done);
        Assert.Equal(TestHouse.Start.AddMinutes(20) + TimeSpan.FromHours(4), (await ClocksOf(house).ListAsync())[0].DueAt);
    }

    [Fact]
    public async Task Tick_AtHalfFourFifthsAndTheEnd_TellsOnceEach()
    {
        using var house = await HouseAsync(["cn-critical"], ["critical-infrastructure-operator"]);
        await house.TakeAsync(Plc(TestHouse.Start));
        var ticking = house.Get<ClockTicking>();
        async Task At(int minute)
        {
            house.Clock.SetUtcNow(TestHouse.Start.AddMinutes(minute));
            await ticking.TickAsync(TestContext.Current.CancellationToken);
            await ticking.TickAsync(TestContext.Current.CancellationToken);
        }
        await At(29);
        Assert.Empty(Notices(house, "ClockDue"));
        await At(30);
        Assert.Single(Notices(house, "ClockDue"));
        await At(48);
        Assert.Equal(2, Notices(house, "ClockDue").Count);
        await At(59);
        Assert.Empty(Notices(house, "ClockOverdue"));
        await At(61);
        var late = Assert.Single(Notices(house, "ClockOverdue"));
        Assert.Equal(RoleNames.Supervisor, late.Audience);
        Assert.Contains("overdue since 2026-03-02 10:00 UTC", late.Subject, StringComparison.Ordinal);
        Assert.Equal(2, Notices(house, "ClockDue").Count);
        Assert.True((await ClocksOf(house).ListAsync())[0].Late);
    }

    [Fact]
    public async Task Restart_BetweenMarks_TellsWhatPassedMeanwhile()
    {
        var folder = Directory.CreateTempSubdirectory("beacon-clocks-");
        try
        {
            using (var house = await HouseAsync(["cn-critical"], ["critical-infrastructure-operator"], folder.FullName)) await house.TakeAsync(Plc(TestHouse.Start));
            using var again = new TestHouse(assets: StoryTests.Plant, directory: folder.FullName);
            again.Clock.SetUtcNow(TestHouse.Start.AddMinutes(50));
            await again.Get<ClockTicking>().TickAsync(TestContext.Current.CancellationToken);
            Assert.Contains("is due", Assert.Single(Notices(again, "ClockDue")).Subject, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Aware_InThePast_MovesTheDueTimeAndTellsAtOnce()
    {
        using var house = await HouseAsync(["cn-critical"], ["critical-infrastructure-operator"]);
        await house.TakeAsync(Plc(TestHouse.Start));
        var incident = Assert.Single((await house.Incidents.ListAsync(new IncidentQuery())).Items);
        var clocks = ClocksOf(house);
        Assert.Equal(RefusalKind.Invalid, (await clocks.AwareAsync(incident.Id, TestHouse.Start.AddMinutes(1), null, Rita, "x")).Refusal!.Kind);
        Assert.Equal(RefusalKind.Invalid, (await clocks.AwareAsync(incident.Id, TestHouse.Start.AddHours(-1), null, Rita, " ")).Refusal!.Kind);
        var moved = (await clocks.AwareAsync(incident.Id, TestHouse.Start.AddMinutes(-50), null, Rita, "the operator rang")).Value!;
        Assert.Equal(TestHouse.Start.AddMinutes(10), moved[0].DueAt);
        Assert.Single(Notices(house, "ClockDue"));
    }

    [Fact]
    public async Task Aware_WithARegimeByName_StartsItWhateverTheConditions()
    {
        using var house = await HouseAsync([], []);
        await house.TakeAsync(Plc(TestHouse.Start));
        var incident = Assert.Single((await house.Incidents.ListAsync(new IncidentQuery())).Items);
        Assert.Contains("no regime 'mars'", (await ClocksOf(house).AwareAsync(incident.Id, TestHouse.Start, "mars", Rita, "x")).Refusal!.Message.ToString(), StringComparison.Ordinal);
        var clocks = (await ClocksOf(house).AwareAsync(incident.Id, TestHouse.Start, "eu-nis2", Rita, "counsel says so")).Value!;
        Assert.Equal(3, clocks.Count);
        Assert.Equal(RefusalKind.NotFound, (await ClocksOf(house).AwareAsync(99, TestHouse.Start, null, Rita, "x")).Refusal!.Kind);
    }

    [Fact]
    public async Task Sent_Notification_StartsTheFinalReportAMonthLater()
    {
        using var house = await HouseAsync(["eu-nis2"], ["essential-entity"]);
        await house.TakeAsync(Plc(TestHouse.Start));
        var clocks = ClocksOf(house);
        var notification = (await clocks.ListAsync()).Single(c => c.ReportId == "notification");
        house.Clock.Advance(TimeSpan.FromHours(30));
        Assert.Equal(RefusalKind.Forbidden, (await clocks.SentAsync(notification.Id, notification.Version, null, "BSI-1", null, Op)).Refusal!.Kind);
        Assert.Equal(RefusalKind.Conflict, (await clocks.SentAsync(notification.Id, notification.Version + 1, null, "BSI-1", null, Rita)).Refusal!.Kind);
        var sent = (await clocks.SentAsync(notification.Id, notification.Version, TestHouse.Start.AddHours(20), "BSI-1", "# text", Rita)).Value!;
        Assert.Equal((ClockState.Sent, "rita", "BSI-1", false), (sent.State, sent.SentBy, sent.Reference, sent.Late));
        Assert.Equal("# text", await clocks.SentTextAsync(notification.Id));
        var final = (await clocks.ListAsync()).Single(c => c.ReportId == "final");
        Assert.Equal((ClockState.Running, TestHouse.Start.AddHours(20).AddMonths(1)), (final.State, final.DueAt));
        Assert.Equal(RefusalKind.Invalid, (await clocks.SentAsync(notification.Id, sent.Version, null, "again", null, Rita)).Refusal!.Kind);
        var early = (await clocks.ListAsync()).Single(c => c.ReportId == "early-warning");
        Assert.True((await clocks.SentAsync(early.Id, early.Version, null, "late", null, Rita)).Value!.Late);
    }

    [Fact]
    public async Task Summary_AfterClosure_RunsThirtyDaysAndWaitsAgainWhenReopened()
    {
        using var house = await HouseAsync(["cn-critical"], ["critical-infrastructure-operator"]);
        await house.TakeAsync(Plc(TestHouse.Start));
        var incident = Assert.Single((await house.Incidents.ListAsync(new IncidentQuery())).Items);
        incident = (await house.Incidents.SetStatusAsync(incident.Id, incident.Version, IncidentStatus.Closed, Rita, "done")).Value!;
        await house.Get<ClockTicking>().TickAsync(TestContext.Current.CancellationToken);
        StatutoryClock Summary(IReadOnlyList<StatutoryClock> all) => all.Single(c => c.ReportId == "summary");
        Assert.Equal(incident.ClosedAt!.Value.AddDays(30), Summary(await ClocksOf(house).ListAsync(incident.Id)).DueAt);
        incident = (await house.Incidents.FindAsync(incident.Id))!.Summary;
        await house.Incidents.SetStatusAsync(incident.Id, incident.Version, IncidentStatus.Respond, Rita, "it is back");
        await house.Get<ClockTicking>().TickAsync(TestContext.Current.CancellationToken);
        Assert.Equal((ClockState.Waiting, null), (Summary(await ClocksOf(house).ListAsync(incident.Id)).State, Summary(await ClocksOf(house).ListAsync(incident.Id)).DueAt));
    }

    [Fact]
    public async Task Person_SaysWhenARemedyIsThere_AndWhatNeedNotBeSent()
    {
        using var house = await HouseAsync([], []);
        await house.TakeAsync(Plc(TestHouse.Start));
        var incident = Assert.Single((await house.Incidents.ListAsync(new IncidentQuery())).Items);
        var clocks = ClocksOf(house);
        await clocks.AwareAsync(incident.Id, TestHouse.Start, "eu-cra-vulnerability", Rita, "exploited");
        var final = (await clocks.ListAsync(incident.Id)).Single(c => c.ReportId == "final");
        final = (await clocks.StartAsync(final.Id, final.Version, TestHouse.Start, Rita, "update 2.1 is out")).Value!;
        Assert.Equal(TestHouse.Start.AddDays(14), final.DueAt);
        Assert.Equal(RefusalKind.Invalid, (await clocks.StartAsync(final.Id, final.Version, TestHouse.Start, Rita, "again")).Refusal!.Kind);
        Assert.Equal(ClockState.Withdrawn, (await clocks.WithdrawAsync(final.Id, final.Version, Rita, "not our product")).Value!.State);
        house.Clock.Advance(TimeSpan.FromDays(20));
        await house.Get<ClockTicking>().TickAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(Notices(house, "ClockOverdue"), n => n.Subject.Contains("corrective measure", StringComparison.Ordinal));
        Assert.Contains(await house.Audit.QueryAsync(new AuditQuery { Object = $"clock:{final.Id}" }), e => e.Action == "clock.withdraw" && e.Reason == "not our product");
    }

    [Fact]
    public async Task Draft_FillsInWhatIsKnownAndMarksTheRest()
    {
        using var house = await HouseAsync(["cn-critical"], ["critical-infrastructure-operator"]);
        await house.TakeAsync(Plc(TestHouse.Start) with { Summary = "A setpoint on 10.30.3.11 was [changed](http://evil) by <b>a station</b>\n# heading" });
        var clock = (await ClocksOf(house).ListAsync())[0];
        var draft = (await ClocksOf(house).DraftAsync(clock.Id))!;
        Assert.Contains("- PLC-PS3-01 (especially important object), first seen 2026-03-02 09:00 UTC", draft.Markdown, StringComparison.Ordinal);
        Assert.Contains("## Where it happened\n**" + ReportText.Missing + "**", draft.Markdown, StringComparison.Ordinal);
        Assert.Contains("Where it happened", draft.Missing);
        Assert.DoesNotContain("Protected objects concerned", draft.Missing);
        Assert.DoesNotContain("[changed](", draft.Markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", draft.Markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("\n# heading", draft.Markdown, StringComparison.Ordinal);
        var rules = await house.Get<IClockBook>().CurrentAsync();
        Assert.All(rules.Regimes.Single(r => r.Id == "cn-critical").Reports[0].Fields, f => Assert.Contains("## " + ReportText.Escape(f.Label), draft.Markdown, StringComparison.Ordinal));
        Assert.Null(await ClocksOf(house).DraftAsync(99));
    }

    [Fact]
    public async Task Rules_Edit_IsVersionedAndEveryFaultIsTold()
    {
        using var house = new TestHouse();
        var book = house.Get<IClockBook>();
        var rules = await book.CurrentAsync();
        ClockRules With(Func<ClockRegime, ClockRegime> change) => rules with { Regimes = [change(rules.Regimes[0]), .. rules.Regimes.Skip(1)] };
        Assert.Equal(RefusalKind.Forbidden, (await book.SaveAsync(rules, Op, "x")).Refusal!.Kind);
        Assert.Contains("no role 'king'", (await book.SaveAsync(With(r => r with { Audience = "king" }), Admin, "x")).Refusal!.Message.ToString(), StringComparison.Ordinal);
        Assert.Contains("stands twice", (await book.SaveAsync(With(r => r with { Id = rules.Regimes[1].Id }), Admin, "x")).Refusal!.Message.ToString(), StringComparison.Ordinal);
        Assert.Contains("nothing fills in 'mood'", (await book.SaveAsync(With(r => r with { Reports = [r.Reports[0] with { Fields = [new("Mood", "mood")] }] }), Admin, "x")).Refusal!.Message.ToString(), StringComparison.Ordinal);
        Assert.Contains("afterReport", (await book.SaveAsync(With(r => r with { Reports = [r.Reports[0] with { Basis = ClockBasis.Report, AfterReport = "first" }] }), Admin, "x")).Refusal!.Message.ToString(), StringComparison.Ordinal);
        Assert.Contains("more than nothing", (await book.SaveAsync(With(r => r with { Reports = [r.Reports[0] with { After = TimeSpan.Zero }] }), Admin, "x")).Refusal!.Message.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, (await book.SaveAsync(With(r => r with { Enabled = true }), Admin, "we are one")).Value!.Version);
        Assert.Equal(RefusalKind.Conflict, (await book.SaveAsync(rules, Admin, "late")).Refusal!.Kind);
        Assert.Equal([2, 1], (await book.HistoryAsync()).Select(r => r.Version));
    }

    [Fact]
    public async Task Rules_Changed_LeaveRunningClocksAlone()
    {
        using var house = await HouseAsync(["cn-critical"], ["critical-infrastructure-operator"]);
        await house.TakeAsync(Plc(TestHouse.Start));
        var book = house.Get<IClockBook>();
        var rules = await book.CurrentAsync();
        await book.SaveAsync(rules with { Regimes = [.. rules.Regimes.Select(r => r with { Enabled = false, Name = "gone" })] }, Admin, "off");
        var clock = (await ClocksOf(house).ListAsync())[0];
        Assert.Equal(2, clock.RulesVersion);
        Assert.StartsWith("China", clock.RegimeName, StringComparison.Ordinal);
    }
}
