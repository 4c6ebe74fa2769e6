using Beacon.Alerting.Alerts;
using Beacon.Alerting.Alerts.Exceptions;
using Beacon.Alerting.Audit;
using Beacon.Alerting.Changes;
using Beacon.Alerting.Notifications;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Alerts;

public sealed class ExceptionTests
{
    private static readonly Actor Ann = new("ann", [RoleNames.Operator]);

    private static ExceptionDraft Draft(string field = "process.name", ConditionOperator op = ConditionOperator.Equal, string value = "backup.exe", string? rule = "ssh-guess", DateTimeOffset? until = null) =>
        new(ExceptionKind.Exception, rule, [new(field, op, [value])], "ann", "the backup does it", null, until ?? TestHouse.Start.AddDays(10));

    private static Detection With(string process, string address = "10.1.2.3", string rule = "ssh-guess")
    {
        var e = new SecurityEvent();
        e.Add("process.name", process);
        e.Add("source.ip", address);
        return Detections.Of(rule, "web-7", e: e);
    }

    private static async Task<ExceptionEntry> MadeAsync(TestHouse house, ExceptionDraft draft)
    {
        var made = await house.Get<IExceptionService>().CreateAsync(draft, Ann);
        Assert.True(made.Done, made.Refusal?.Message.ToString());
        return made.Value!;
    }

    [Theory]
    [InlineData("process.name", ConditionOperator.Equal, "BACKUP.exe", true)]
    [InlineData("process.name", ConditionOperator.Equal, "backup", false)]
    [InlineData("process.name", ConditionOperator.Contains, "ackup", true)]
    [InlineData("process.name", ConditionOperator.Wildcard, "b*p.?xe", true)]
    [InlineData("process.name", ConditionOperator.Wildcard, "b*p.?", false)]
    [InlineData("source.ip", ConditionOperator.Cidr, "10.1.0.0/16", true)]
    [InlineData("source.ip", ConditionOperator.Cidr, "10.2.0.0/16", false)]
    [InlineData("process.name", ConditionOperator.Cidr, "10.1.0.0/16", false)]
    [InlineData("entity", ConditionOperator.Equal, "web-7", true)]
    [InlineData("fact.count", ConditionOperator.Equal, "412", true)]
    [InlineData("user.name", ConditionOperator.Wildcard, "a*", false)]
    public async Task Detection_FittingACondition_IsHiddenAndCounted(string field, ConditionOperator op, string value, bool hidden)
    {
        using var house = new TestHouse();
        var entry = await MadeAsync(house, Draft(field, op, value));
        await house.TakeAsync(With("backup.exe"));
        Assert.Equal(hidden ? 0 : 1, (await house.Alerts.ListAsync(new AlertQuery())).Total);
        var found = (await house.Get<IExceptionService>().FindAsync(entry.Id))!;
        Assert.Equal(hidden ? 1 : 0, found.Hidden);
        Assert.Equal(hidden, found.LastHidden is not null);
        Assert.Equal(hidden ? 1 : 0, (await house.Get<IExceptionService>().HiddenAsync()).Count);
    }

    [Fact]
    public async Task Conditions_AllMustFit_OneOfTheValues()
    {
        using var house = new TestHouse();
        await MadeAsync(house, Draft() with { Conditions = [new("process.name", ConditionOperator.Equal, ["other.exe", "backup.exe"]), new("source.ip", ConditionOperator.Cidr, ["10.1.2.0/24"])] });
        await house.TakeAsync(With("backup.exe"));
        Assert.Equal(0, (await house.Alerts.ListAsync(new AlertQuery())).Total);
        await house.TakeAsync(With("backup.exe", "10.9.9.9"));
        Assert.Equal(1, (await house.Alerts.ListAsync(new AlertQuery())).Total);
    }

    [Fact]
    public async Task Exception_OfAnotherRuleOrExpiredOrEnded_HidesNothing()
    {
        using var house = new TestHouse();
        var service = house.Get<IExceptionService>();
        var entry = await MadeAsync(house, Draft(until: TestHouse.Start.AddHours(1)));
        await house.TakeAsync(With("backup.exe", rule: "another"));
        Assert.Equal(1, (await house.Alerts.ListAsync(new AlertQuery())).Total);
        house.Clock.Advance(TimeSpan.FromHours(2));
        Assert.False((await service.FindAsync(entry.Id))!.Active);
        await house.TakeAsync(With("backup.exe"));
        Assert.Equal(2, (await house.Alerts.ListAsync(new AlertQuery())).Total);
        var second = await MadeAsync(house, Draft());
        Assert.True((await service.EndAsync(second.Id, second.Version, Ann, "not needed")).Done);
        await house.TakeAsync(With("backup.exe"));
        Assert.Equal(0, (await service.FindAsync(second.Id))!.Hidden);
        Assert.Equal(RefusalKind.Conflict, (await service.EndAsync(second.Id, second.Version, Ann, "again")).Refusal!.Kind);
        Assert.Empty(await service.ListAsync(activeOnly: true));
    }

    [Fact]
    public async Task Suppression_OfAnEntity_CoversItsWindowAndNoMore()
    {
        using var house = new TestHouse();
        var entry = await MadeAsync(house, new ExceptionDraft(ExceptionKind.Suppression, null, [new("entity", ConditionOperator.Equal, ["web-7"])], "ann", "patching", TestHouse.Start.AddMinutes(10), TestHouse.Start.AddMinutes(40)));
        await house.TakeAsync(Detections.Of("one", at: TestHouse.Start.AddMinutes(5)), Detections.Of("two", at: TestHouse.Start.AddMinutes(20)), Detections.Of("three", "web-8", at: TestHouse.Start.AddMinutes(20)));
        // What happened within the window and comes afterwards is covered, too.
        house.Clock.Advance(TimeSpan.FromHours(1));
        await house.TakeAsync(Detections.Of("four", at: TestHouse.Start.AddMinutes(39)), Detections.Of("five", at: TestHouse.Start.AddMinutes(41)));
        Assert.Equal(["five", "one", "three"], (await house.Alerts.ListAsync(new AlertQuery())).Items.Select(a => a.RuleId).Order());
        Assert.Equal(2, (await house.Get<IExceptionService>().FindAsync(entry.Id))!.Hidden);
    }

    [Fact]
    public async Task Hidden_ManyDetections_AreAllCountedAndTheNewestListed()
    {
        using var house = new TestHouse(o => o.Exceptions.HiddenKept = 10);
        var entry = await MadeAsync(house, Draft("entity", ConditionOperator.Equal, "web-7"));
        for (var batch = 0; batch < 3; batch++) await house.TakeAsync([.. Enumerable.Range(0, 25).Select(i => Detections.Of(id: $"h-{batch}-{i}"))]);
        await house.TakeAsync(Detections.Of(id: "h-0-0"));
        Assert.Equal(75, (await house.Get<IExceptionService>().FindAsync(entry.Id))!.Hidden);
        var listed = await house.Get<IExceptionService>().HiddenAsync(entry.Id, 500);
        Assert.Equal(Enumerable.Range(66, 10).Select(i => (long)i).Reverse(), listed.Select(h => h.Ordinal));
        Assert.Equal("h-2-24", listed[0].DetectionId);
    }

    [Theory]
    [InlineData("no rule")]
    [InlineData("no condition")]
    [InlineData("too long")]
    [InlineData("past")]
    [InlineData("all networks")]
    [InlineData("all text")]
    [InlineData("one letter")]
    [InlineData("no reason")]
    [InlineData("suppression by field")]
    public async Task Create_HidingTooMuchOrForTooLong_IsRefused(string what)
    {
        using var house = new TestHouse();
        var draft = what switch
        {
            "no rule" => Draft(rule: null),
            "no condition" => Draft() with { Conditions = [] },
            "too long" => Draft(until: TestHouse.Start.AddDays(400)),
            "past" => Draft(until: TestHouse.Start.AddDays(-1)),
            "all networks" => Draft("source.ip", ConditionOperator.Cidr, "0.0.0.0/0"),
            "all text" => Draft("process.name", ConditionOperator.Wildcard, "**"),
            "one letter" => Draft("process.name", ConditionOperator.Contains, "e"),
            "no reason" => Draft() with { Reason = " " },
            _ => Draft() with { Kind = ExceptionKind.Suppression },
        };
        Assert.Equal(RefusalKind.Invalid, (await house.Get<IExceptionService>().CreateAsync(draft, Ann)).Refusal!.Kind);
    }

    [Fact]
    public async Task Change_IsVersionedAuditedAndTold()
    {
        using var house = new TestHouse();
        var service = house.Get<IExceptionService>();
        var entry = await MadeAsync(house, Draft());
        var changed = (await service.ChangeAsync(entry.Id, 1, Draft(value: "other.exe"), Ann)).Value!;
        Assert.Equal((2, "other.exe"), (changed.Version, changed.Conditions[0].Values[0]));
        Assert.Equal(RefusalKind.Conflict, (await service.ChangeAsync(entry.Id, 1, Draft(), Ann)).Refusal!.Kind);
        await house.TakeAsync(With("backup.exe"));
        Assert.Equal(1, (await house.Alerts.ListAsync(new AlertQuery())).Total);
        Assert.Equal(["exception.change", "exception.create"], (await house.Audit.QueryAsync(new AuditQuery { Object = $"exception:{entry.Id}" })).Select(e => e.Action));
        Assert.Equal([1, 2], (await house.Feed.ReadAfterAsync(0)).Changes.Where(c => c.Kind == ChangeKind.Exception).Select(c => c.Version));
    }

    [Fact]
    public async Task Tick_BeforeTheEnd_TellsTheOwnerOnce()
    {
        using var house = new TestHouse();
        await MadeAsync(house, Draft());
        var ticking = house.Get<ExceptionTicking>();
        Assert.Equal(0, await ticking.TickAsync(TestContext.Current.CancellationToken));
        house.Clock.Advance(TimeSpan.FromDays(8));
        Assert.Equal(1, await ticking.TickAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await ticking.TickAsync(TestContext.Current.CancellationToken));
        var audience = await house.Database.ReadAsync(c => c.Query("SELECT audience FROM alerting_notices WHERE kind = @p0", r => r.GetString(0), NoticeKind.ExceptionExpiring));
        Assert.Equal("person:ann", Assert.Single(audience));
    }

    [Fact]
    public async Task FalsePositive_Closed_OffersAnExceptionThatHidesTheNextOne()
    {
        using var house = new TestHouse();
        Detection Match(string command) => With("backup.exe") with
        {
            Matched = [new MatchedField("selection", "process.name", "backup.exe", 0, 0), new MatchedField("selection", "process.command_line", command, 0, 0)],
        };
        await house.TakeAsync(Match("one"), Match("two"));
        var alert = await house.OnlyAlertAsync();
        var closed = (await house.Alerts.DismissAsync(alert.Id, alert.Version, Disposition.FalsePositive, Ann, "nightly backup", DispositionCause.RuleTooBroad)).Value!;
        Assert.Equal(DispositionCause.RuleTooBroad, closed.Cause);
        var draft = (await house.Get<IExceptionService>().ProposeAsync(alert.Id, Ann))!;
        Assert.Equal(["entity", "process.name"], draft.Conditions.Select(c => c.Field));
        Assert.Equal(("ssh-guess", "ann", TestHouse.Start.AddDays(30)), (draft.RuleId, draft.Owner, draft.ExpiresAt));
        Assert.Contains("nightly backup", draft.Reason, StringComparison.Ordinal);
        await MadeAsync(house, draft);
        await house.TakeAsync(Match("three"));
        Assert.Equal(0, (await house.Alerts.ListAsync(new AlertQuery())).Total);
        Assert.Null(await house.Get<IExceptionService>().ProposeAsync(99, Ann));
    }

    [Fact]
    public async Task Record_CountsDispositionsAndCauses()
    {
        using var house = new TestHouse();
        async Task EndAsync(Disposition disposition, DispositionCause cause)
        {
            await house.TakeAsync(With("backup.exe"));
            var alert = await house.OnlyOpenAsync();
            Assert.True((await house.Alerts.DismissAsync(alert.Id, alert.Version, disposition, Ann, "x", cause)).Done);
        }
        await EndAsync(Disposition.FalsePositive, DispositionCause.ThresholdTooLow);
        await EndAsync(Disposition.FalsePositive, DispositionCause.RuleTooBroad);
        await EndAsync(Disposition.FalsePositive, DispositionCause.RuleTooBroad);
        await EndAsync(Disposition.Benign, DispositionCause.Maintenance);
        await EndAsync(Disposition.TruePositive, DispositionCause.Unstated);
        await EndAsync(Disposition.Duplicate, DispositionCause.Unstated);
        await MadeAsync(house, Draft());
        await house.TakeAsync(With("backup.exe"));
        var record = Assert.Single(await house.Alerts.RecordsAsync("ssh-guess"));
        Assert.Equal((1, 1, 3, 1, 0.6, 1), (record.True, record.Benign, record.False, record.Other, record.FalseShare, record.Hidden));
        Assert.Equal(2, record.Causes[DispositionCause.RuleTooBroad]);
        Assert.Equal(record.False, (await house.Alerts.RecordsAsync())[0].False);
    }

    [Theory]
    [InlineData(Disposition.TruePositive, DispositionCause.RuleTooBroad)]
    [InlineData(Disposition.Benign, DispositionCause.StaleIndicator)]
    [InlineData(Disposition.FalsePositive, DispositionCause.Maintenance)]
    public async Task Dismiss_WithACauseOfAnotherDisposition_IsRefused(Disposition disposition, DispositionCause cause)
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of());
        var alert = await house.OnlyAlertAsync();
        Assert.Equal(RefusalKind.Invalid, (await house.Alerts.DismissAsync(alert.Id, alert.Version, disposition, Ann, "x", cause)).Refusal!.Kind);
    }

    [Fact]
    public void Wildcard_HostilePattern_EndsSoon()
    {
        var pattern = string.Concat(Enumerable.Repeat("*a", 200)) + "b";
        Assert.False(Wildcard.Matches(pattern, new string('a', MatchedField.MaxValueLength)));
        Assert.True(Wildcard.Matches("*", ""));
        Assert.True(Wildcard.Matches("a**", "A"));
        Assert.False(Wildcard.Matches("?", ""));
    }
}
