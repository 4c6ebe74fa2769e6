using Beacon.Alerting.Notifications;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Tests.Incidents;
using Beacon.Alerting.Warnings;
using Beacon.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Alerting.Tests.Warnings;

public sealed class ReminderTests
{
    private static readonly Actor Op = new("op", [RoleNames.Operator]);
    private static readonly Actor Rita = new("rita", [RoleNames.Responder]);
    private static readonly Actor Sue = new("sue", [RoleNames.Supervisor]);
    private static readonly Actor Tom = new("tom", [RoleNames.Supervisor]);

    private sealed class Staff : IPeople
    {
        public Task<IReadOnlyList<string>> HoldingAsync(string role, CancellationToken cancellation = default) => Task.FromResult<IReadOnlyList<string>>(role switch
        {
            RoleNames.Operator => ["op", "pat"],
            RoleNames.Responder => ["rita"],
            _ => [],
        });
    }

    /// <summary>An orange warning, which operators and responders must acknowledge within 15 minutes.</summary>
    private static async Task<(TestHouse House, WarningSummary Warning)> OrangeAsync()
    {
        var house = new TestHouse(assets: StoryTests.Plant, replace: s => s.AddSingleton<IPeople, Staff>());
        await house.TakeAsync(StoryTests.Detections);
        return (house, (await house.Warnings.ListAsync(new WarningQuery()))[0]);
    }

    private static async Task<IReadOnlyList<string>> ToldAsync(TestHouse house, NoticeKind kind) => await house.Database.ReadAsync(c => c.Query(
        "SELECT audience FROM alerting_notices WHERE kind = @p0 ORDER BY id", r => r.GetString(0), kind));

    private static async Task TickAsync(TestHouse house, int minutes)
    {
        house.Clock.SetUtcNow(TestHouse.Start.AddMinutes(minutes));
        await house.Get<WarningReminders>().TickAsync(TestContext.Current.CancellationToken);
        await house.Get<WarningReminders>().TickAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Issued_TellsTheRolesThatMustAcknowledge()
    {
        var (house, warning) = await OrangeAsync();
        using (house)
        {
            Assert.Equal(["operator", "responder"], await ToldAsync(house, NoticeKind.WarningIssued));
            var detail = (await house.Warnings.FindAsync(warning.Id))!;
            Assert.Equal(["operator", "responder"], detail.Awaited.Select(a => a.Role));
            Assert.All(detail.Awaited, a => Assert.Equal((false, TestHouse.Start.AddMinutes(15)), (a.Done, a.RemindAt!.Value)));
            Assert.Equal(["op", "pat"], detail.Awaited[0].Waiting);
        }
    }

    [Fact]
    public async Task Unacknowledged_RemindsThenTellsTheNextRoleUpToTheTop()
    {
        var (house, warning) = await OrangeAsync();
        using (house)
        {
            await TickAsync(house, 14);
            Assert.Empty(await ToldAsync(house, NoticeKind.WarningUnacknowledged));
            await TickAsync(house, 15);
            Assert.Equal(["operator", "responder"], await ToldAsync(house, NoticeKind.WarningUnacknowledged));
            await TickAsync(house, 30);
            await TickAsync(house, 45);
            await TickAsync(house, 60);
            await TickAsync(house, 600);
            Assert.Equal(["operator", "responder", "supervisor", "administrator"], await ToldAsync(house, NoticeKind.WarningUnacknowledged));
            var detail = (await house.Warnings.FindAsync(warning.Id))!;
            Assert.Equal(["draft", "issue", "remind", "escalate", "escalate"], detail.Steps.Select(s => s.Action));
            // Reminding changes nothing that a person decides on.
            Assert.Equal(warning.Version, detail.Summary.Version);
        }
    }

    [Fact]
    public async Task Acknowledged_ByOneRole_WaitsForTheOtherOnly()
    {
        var (house, warning) = await OrangeAsync();
        using (house)
        {
            house.Clock.Advance(TimeSpan.FromMinutes(2));
            await house.Warnings.AcknowledgeAsync(warning.Id, Op);
            await TickAsync(house, 15);
            Assert.Equal(["responder"], await ToldAsync(house, NoticeKind.WarningUnacknowledged));
            var detail = (await house.Warnings.FindAsync(warning.Id))!;
            Assert.Equal([true, false], detail.Awaited.Select(a => a.Done));
            Assert.Equal(["pat"], detail.Awaited[0].Waiting);
            // A responder includes an operator.
            await house.Warnings.AcknowledgeAsync(warning.Id, Rita);
            await TickAsync(house, 600);
            Assert.Single(await ToldAsync(house, NoticeKind.WarningUnacknowledged));
            Assert.All((await house.Warnings.FindAsync(warning.Id))!.Awaited, a => Assert.True(a.Done && a.RemindAt is null));
        }
    }

    [Fact]
    public async Task Raised_WantsAnotherAcknowledgement()
    {
        var (house, warning) = await OrangeAsync();
        using (house)
        {
            await house.Warnings.AcknowledgeAsync(warning.Id, Rita);
            house.Clock.Advance(TimeSpan.FromMinutes(5));
            warning = (await house.Warnings.FindAsync(warning.Id))!.Summary;
            warning = (await house.Warnings.AdjustAsync(warning.Id, warning.Version, WarningLevel.Red, Sue, "gauge rises")).Value!;
            Assert.Equal(["supervisor"], await ToldAsync(house, NoticeKind.SignatureWanted));
            warning = (await house.Warnings.AdjustAsync(warning.Id, warning.Version, WarningLevel.Red, Tom, "I agree")).Value!;
            Assert.Equal((WarningLevel.Red, TestHouse.Start.AddMinutes(5)), (warning.Level, warning.RaisedAt));
            Assert.Equal(["operator", "responder", "supervisor"], await ToldAsync(house, NoticeKind.WarningChanged));
            var detail = (await house.Warnings.FindAsync(warning.Id))!;
            Assert.All(detail.Awaited, a => Assert.False(a.Done));
            Assert.False(Assert.Single(detail.Acknowledgements).Current);
            house.Clock.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(1, (await house.Warnings.AcknowledgeAsync(warning.Id, Rita)).Value!.Acknowledgements);
            detail = (await house.Warnings.FindAsync(warning.Id))!;
            Assert.Equal([true, true, false], detail.Awaited.Select(a => a.Done));
            Assert.Equal((TimeSpan.FromMinutes(1), true), (detail.Acknowledgements[0].After, detail.Acknowledgements[0].Current));
        }
    }

    [Fact]
    public async Task Lifted_TellsAndRemindsNobodyAnyMore()
    {
        var (house, warning) = await OrangeAsync();
        using (house)
        {
            Assert.True((await house.Warnings.LiftAsync(warning.Id, warning.Version, Sue, "over")).Done);
            await TickAsync(house, 600);
            Assert.Empty(await ToldAsync(house, NoticeKind.WarningUnacknowledged));
            Assert.Equal(["operator", "responder"], await ToldAsync(house, NoticeKind.WarningLifted));
            Assert.Empty((await house.Warnings.FindAsync(warning.Id))!.Awaited);
        }
    }

    [Fact]
    public async Task Edit_MarkingCategoryAuthorityAndPlaybook_StayWhenEvidenceJoins()
    {
        var (house, warning) = await OrangeAsync();
        using (house)
        {
            Assert.Contains("TLP 2.0", (await house.Warnings.EditAsync(warning.Id, warning.Version, new WarningEdit(Tlp: "TLP:WHITE"), Sue, "x")).Refusal!.Message.ToString(), StringComparison.Ordinal);
            Assert.Contains("no category", (await house.Warnings.EditAsync(warning.Id, warning.Version, new WarningEdit(Category: "weather"), Sue, "x")).Refusal!.Message.ToString(), StringComparison.Ordinal);
            Assert.Contains("no such playbook", (await house.Warnings.EditAsync(warning.Id, warning.Version, new WarningEdit(PlaybookId: "none"), Sue, "x")).Refusal!.Message.ToString(), StringComparison.Ordinal);
            Assert.Equal(RefusalKind.Invalid, (await house.Warnings.EditAsync(warning.Id, warning.Version, new WarningEdit(), Sue, "x")).Refusal!.Kind);
            // To tell more people wants the role of the level; to tell fewer does not.
            Assert.Equal(RefusalKind.Forbidden, (await house.Warnings.EditAsync(warning.Id, warning.Version, new WarningEdit(Tlp: "green"), Op, "x")).Refusal!.Kind);
            warning = (await house.Warnings.EditAsync(warning.Id, warning.Version, new WarningEdit(Tlp: "amber+strict"), Op, "names in it")).Value!;
            Assert.Equal("TLP:AMBER+STRICT", warning.Tlp);
            var playbook = house.Library.Offer(new PlaybookNeed(["T1110.001"], "stolen-credentials", []))[0].Playbook.Id;
            warning = (await house.Warnings.EditAsync(warning.Id, warning.Version, new WarningEdit(Category: "spreading-intrusion", Authority: "Water board", PlaybookId: playbook), Sue, "as we see it")).Value!;
            await house.TakeAsync(Detections.Of("another", "HIST-01", Severity.Critical, TestHouse.Start.AddMinutes(35), tags: ["attack.impact", "attack.t1486"]));
            var detail = (await house.Warnings.FindAsync(warning.Id))!;
            Assert.Equal(("TLP:AMBER+STRICT", "spreading-intrusion", playbook, "Water board"), (detail.Summary.Tlp, detail.Summary.Category, detail.Summary.PlaybookId, detail.Authority));
            Assert.Equal(6, detail.Evidence.Count);
            Assert.Contains(detail.Steps, s => s.Action == "edit" && s.Actor == "sue");
        }
    }

    [Fact]
    public async Task Note_IsAStepAndChangesNothingElse()
    {
        var (house, warning) = await OrangeAsync();
        using (house)
        {
            Assert.Equal(RefusalKind.Invalid, (await house.Warnings.NoteAsync(warning.Id, " ", Op)).Refusal!.Kind);
            var noted = (await house.Warnings.NoteAsync(warning.Id, "the gauge is read by telephone", Op)).Value!;
            Assert.Equal((warning.Level, warning.State), (noted.Level, noted.State));
            Assert.Equal(("note", "the gauge is read by telephone"), (await house.Warnings.FindAsync(warning.Id))!.Steps.Select(s => (s.Action, s.Reason)).Last());
        }
    }

    [Theory]
    [InlineData("TLP:RED", "TLP:RED")]
    [InlineData(" clear ", "TLP:CLEAR")]
    [InlineData("TLP:AMBER+STRICT", "TLP:AMBER+STRICT")]
    [InlineData("TLP:WHITE", null)]
    [InlineData("", null)]
    public void Tlp_Read_KnowsTheFiveMarkings(string text, string? expected) => Assert.Equal(expected, Tlp.Read(text));
}
