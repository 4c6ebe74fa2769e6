using Beacon.Alerting.Tests.Incidents;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Warnings;

public sealed class WarningTests
{
    private static readonly Actor Sue = new("sue", [RoleNames.Supervisor]);
    private static readonly Actor Tom = new("tom", [RoleNames.Supervisor]);
    private static readonly Actor Op = new("op", [RoleNames.Operator]);
    private static readonly Actor Admin = new("root", [RoleNames.Administrator]);

    [Theory]
    [InlineData(AssetImportance.EspeciallyImportant, DamageGrade.EspeciallySerious, WarningLevel.Red)]
    [InlineData(AssetImportance.EspeciallyImportant, DamageGrade.Serious, WarningLevel.Orange)]
    [InlineData(AssetImportance.EspeciallyImportant, DamageGrade.RelativelySerious, WarningLevel.Yellow)]
    [InlineData(AssetImportance.EspeciallyImportant, DamageGrade.General, WarningLevel.Blue)]
    [InlineData(AssetImportance.Important, DamageGrade.EspeciallySerious, WarningLevel.Orange)]
    [InlineData(AssetImportance.Important, DamageGrade.Serious, WarningLevel.Yellow)]
    [InlineData(AssetImportance.Important, DamageGrade.RelativelySerious, WarningLevel.Blue)]
    [InlineData(AssetImportance.Important, DamageGrade.General, WarningLevel.Blue)]
    [InlineData(AssetImportance.General, DamageGrade.EspeciallySerious, WarningLevel.Yellow)]
    [InlineData(AssetImportance.General, DamageGrade.Serious, WarningLevel.Blue)]
    [InlineData(AssetImportance.General, DamageGrade.RelativelySerious, WarningLevel.Blue)]
    [InlineData(AssetImportance.General, DamageGrade.General, WarningLevel.None)]
    public async Task Matrix_Shipped_GradesAsTheTable(AssetImportance importance, DamageGrade damage, WarningLevel level)
    {
        using var house = new TestHouse();
        Assert.Equal(level, (await house.Matrices.CurrentAsync()).LevelOf(importance, damage));
    }

    [Theory]
    [InlineData(Severity.Medium, "discovery", DamageGrade.RelativelySerious)]
    [InlineData(Severity.Medium, "reconnaissance", DamageGrade.General)]
    [InlineData(Severity.High, "initial-access", DamageGrade.RelativelySerious)]
    [InlineData(Severity.High, "lateral-movement", DamageGrade.Serious)]
    [InlineData(Severity.High, "credential-access execution initial-access", DamageGrade.Serious)]
    [InlineData(Severity.Critical, "", DamageGrade.Serious)]
    [InlineData(Severity.Critical, "impair-process-control", DamageGrade.Serious)]
    public void Damage_BySeverityAndStage(Severity severity, string tactics, DamageGrade expected) =>
        Assert.Equal(expected, DamageRule.Grade([new GradedAlert(severity, tactics.Split(' ', StringSplitOptions.RemoveEmptyEntries), "a", AssetImportance.General)]).Grade);

    [Fact]
    public void Damage_EffectOnTwoAssets_IsEspeciallySerious()
    {
        GradedAlert Hit(string asset) => new(Severity.Critical, ["impact"], asset, AssetImportance.Important);
        Assert.Equal(DamageGrade.Serious, DamageRule.Grade([Hit("a"), Hit("a")]).Grade);
        Assert.Equal(DamageGrade.EspeciallySerious, DamageRule.Grade([Hit("a"), Hit("b")]).Grade);
    }

    [Fact]
    public async Task Draft_WhereNoLevelIsAutomatic_WaitsForAPersonAndRisesAsADraft()
    {
        using var house = new TestHouse(assets: StoryTests.Plant);
        var matrix = await house.Matrices.CurrentAsync();
        Assert.True((await house.Matrices.SaveAsync(matrix with { Policies = [.. matrix.Policies.Select(p => p with { Automatic = false, SecondPerson = false })] }, Admin, "people decide")).Done);
        foreach (var detection in StoryTests.Detections) await house.TakeAsync(detection);
        var warning = Assert.Single(await house.Warnings.ListAsync(new WarningQuery()));
        Assert.Equal((WarningState.Draft, WarningLevel.Orange, null), (warning.State, warning.Level, warning.Issuer));
        Assert.Equal(RefusalKind.Invalid, (await house.Warnings.AcknowledgeAsync(warning.Id, Op)).Refusal!.Kind);
        warning = (await house.Warnings.IssueAsync(warning.Id, warning.Version, Sue, "seen")).Value!;
        Assert.Equal((WarningState.Issued, "sue"), (warning.State, warning.Issuer));
    }

    private static async Task<(TestHouse House, WarningSummary Warning)> OrangeAsync()
    {
        var house = new TestHouse(assets: StoryTests.Plant);
        await house.TakeAsync(StoryTests.Detections);
        return (house, (await house.Warnings.ListAsync(new WarningQuery()))[0]);
    }

    [Fact]
    public async Task Red_Proposed_WaitsForTwoDifferentPeople()
    {
        var second = new Asset("plc-2", "PLC-2", ["10.30.3.12"], AssetImportance.EspeciallyImportant, "", "", "", "", "");
        using var house = new TestHouse(assets: [.. StoryTests.Plant, second]);
        await house.TakeAsync(StoryTests.Detections);
        await house.TakeAsync(Detections.Of("modbus-new-writer", severity: Severity.Critical, at: TestHouse.Start.AddMinutes(31), entity: new Entity(EntityKind.Address, "10.30.3.12"),
            tags: ["attack.impair-process-control", "attack.t0855"], related: [new Entity(EntityKind.Address, "10.30.1.13")]));
        var warning = Assert.Single(await house.Warnings.ListAsync(new WarningQuery()));
        Assert.Equal((WarningLevel.Orange, WarningLevel.Red, "Beacon"), (warning.Level, warning.ProposedLevel, warning.ProposedBy));
        Assert.Equal(1, (await house.Warnings.CountAsync()).WaitingForPerson);

        Assert.Equal(RefusalKind.Forbidden, (await house.Warnings.IssueAsync(warning.Id, warning.Version, Op, "gauge rises")).Refusal!.Kind);
        warning = (await house.Warnings.IssueAsync(warning.Id, warning.Version, Sue, "gauge rises")).Value!;
        Assert.Equal((WarningLevel.Orange, "sue"), (warning.Level, warning.ProposedBy));
        Assert.Equal(RefusalKind.Forbidden, (await house.Warnings.IssueAsync(warning.Id, warning.Version, Sue, "again")).Refusal!.Kind);
        warning = (await house.Warnings.IssueAsync(warning.Id, warning.Version, Tom, "I agree")).Value!;
        Assert.Equal((WarningLevel.Red, WarningState.Adjusted, null), (warning.Level, warning.State, warning.ProposedLevel));
        Assert.Equal(1, (await house.Warnings.CountAsync()).Red);
    }

    [Fact]
    public async Task Refused_Proposal_ComesAgainOnlyWithNewEvidence()
    {
        var second = new Asset("plc-2", "PLC-2", ["10.30.3.12"], AssetImportance.EspeciallyImportant, "", "", "", "", "");
        using var house = new TestHouse(assets: [.. StoryTests.Plant, second]);
        Detection Write(int minute, string rule = "modbus-new-writer") => Detections.Of(rule, severity: Severity.Critical, at: TestHouse.Start.AddMinutes(minute), entity: new Entity(EntityKind.Address, "10.30.3.12"),
            tags: ["attack.impair-process-control", "attack.t0855"], related: [new Entity(EntityKind.Address, "10.30.1.13")]);
        await house.TakeAsync([.. StoryTests.Detections, Write(31)]);
        var warning = (await house.Warnings.ListAsync(new WarningQuery()))[0];
        Assert.Equal((WarningState.Issued, WarningLevel.Orange, WarningLevel.Red), (warning.State, warning.Level, warning.ProposedLevel));
        warning = (await house.Warnings.RefuseProposalAsync(warning.Id, warning.Version, Sue, "test bench")).Value!;
        Assert.Null(warning.ProposedLevel);
        await house.TakeAsync(Write(32));
        Assert.Null((await house.Warnings.ListAsync(new WarningQuery()))[0].ProposedLevel);
        await house.TakeAsync(Write(33, "second-rule"));
        Assert.Equal(WarningLevel.Red, (await house.Warnings.ListAsync(new WarningQuery()))[0].ProposedLevel);
    }

    [Fact]
    public async Task Acknowledge_Twice_CountsOnceAndTakesTheTime()
    {
        var (house, warning) = await OrangeAsync();
        using (house)
        {
            house.Clock.SetUtcNow(warning.IssuedAt!.Value.AddSeconds(41));
            await house.Warnings.AcknowledgeAsync(warning.Id, Op);
            await house.Warnings.AcknowledgeAsync(warning.Id, Op);
            var detail = (await house.Warnings.FindAsync(warning.Id))!;
            Assert.Equal(1, detail.Summary.Acknowledgements);
            Assert.Equal(TimeSpan.FromSeconds(41), Assert.Single(detail.Acknowledgements).After);
        }
    }

    [Fact]
    public async Task Lift_ThenSameEvidence_StaysLifted()
    {
        var (house, warning) = await OrangeAsync();
        using (house)
        {
            Assert.Equal(RefusalKind.Invalid, (await house.Warnings.LiftAsync(warning.Id, warning.Version, Sue, " ")).Refusal!.Kind);
            Assert.Equal(RefusalKind.Forbidden, (await house.Warnings.LiftAsync(warning.Id, warning.Version, Op, "over")).Refusal!.Kind);
            Assert.True((await house.Warnings.LiftAsync(warning.Id, warning.Version, Sue, "over")).Done);
            await house.TakeAsync(Detections.Of("psexec", "HIST-01", Severity.High, TestHouse.Start.AddMinutes(40), tags: ["attack.lateral-movement"]));
            Assert.Empty(await house.Warnings.ListAsync(new WarningQuery()));
            Assert.Equal(WarningState.Lifted, Assert.Single(await house.Warnings.ListAsync(new WarningQuery { States = [WarningState.Lifted] })).State);
        }
    }

    [Fact]
    public async Task Adjust_Down_NeedsThatLevelsRoleAndReason()
    {
        var (house, warning) = await OrangeAsync();
        using (house)
        {
            Assert.Equal(RefusalKind.Forbidden, (await house.Warnings.AdjustAsync(warning.Id, warning.Version, WarningLevel.Blue, Op, "calm")).Refusal!.Kind);
            var lower = (await house.Warnings.AdjustAsync(warning.Id, warning.Version, WarningLevel.Yellow, Sue, "local control taken")).Value!;
            Assert.Equal((WarningLevel.Yellow, WarningState.Adjusted), (lower.Level, lower.State));
            Assert.Contains("decided by sue", lower.Clause, StringComparison.Ordinal);
            Assert.Equal(RefusalKind.Conflict, (await house.Warnings.AdjustAsync(warning.Id, warning.Version, WarningLevel.Red, Sue, "x")).Refusal!.Kind);
        }
    }

    [Fact]
    public async Task Matrix_Edit_IsVersionedValidatedAndUsed()
    {
        using var house = new TestHouse();
        var matrix = await house.Matrices.CurrentAsync();
        WarningMatrix With(AssetImportance importance, DamageGrade damage, WarningLevel level) =>
            matrix with { Cells = [.. matrix.Cells.Select(c => c.Importance == importance && c.Damage == damage ? c with { Level = level } : c)] };
        Assert.Contains("lower level", (await house.Matrices.SaveAsync(With(AssetImportance.General, DamageGrade.Serious, WarningLevel.Red), Admin, "x")).Refusal!.Message.ToString(), StringComparison.Ordinal);
        Assert.Contains("cells", (await house.Matrices.SaveAsync(matrix with { Cells = [.. matrix.Cells.Skip(1)] }, Admin, "x")).Refusal!.Message.ToString(), StringComparison.Ordinal);
        Assert.Contains("policies", (await house.Matrices.SaveAsync(matrix with { Policies = [] }, Admin, "x")).Refusal!.Message.ToString(), StringComparison.Ordinal);
        Assert.Equal(RefusalKind.Forbidden, (await house.Matrices.SaveAsync(With(AssetImportance.General, DamageGrade.General, WarningLevel.Blue), Op, "x")).Refusal!.Kind);
        Assert.Equal(2, (await house.Matrices.SaveAsync(With(AssetImportance.General, DamageGrade.General, WarningLevel.Blue), Admin, "we want to see all")).Value!.Version);
        Assert.Equal(RefusalKind.Conflict, (await house.Matrices.SaveAsync(matrix, Admin, "late")).Refusal!.Kind);
        Assert.Equal([2, 1], (await house.Matrices.HistoryAsync()).Select(m => m.Version));
        Assert.Equal(WarningLevel.Blue, (await house.Matrices.CurrentAsync()).LevelOf(AssetImportance.General, DamageGrade.General));
    }

    [Fact]
    public void Advice_CoversTechniquesOfBothMatrices()
    {
        using var house = new TestHouse();
        var book = house.Get<AdviceBook>();
        Assert.True(book.Count >= 100, book.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("T0855", book.For(["T0855"], [])[0].Technique);
        Assert.Equal("T1110", book.For(["T1110.099"], [])[0].Technique);
        Assert.All(Attack.Tactics, t => Assert.NotEmpty(book.For([], [t])));
        Assert.All(Attack.Tactics, t => Assert.NotEqual("anomaly", WarningCategory.Of([t], false, "x").Category));
    }
}
