using Beacon.Detections.Rules.Stages;
using Beacon.Detections.Tests.Correlation;
using Beacon.Detections.Tests.Scheduled;
using Beacon.Events;
using Beacon.State;

namespace Beacon.Detections.Tests.Rules.Stages;

public sealed class RuleStageTests : IDisposable
{
    private static readonly RuleAct Ann = new("ann", "a reason");

    private readonly CatalogHouse _house = new();

    [Fact]
    public void All_Ways_LeadOutOfEveryStageAndNoneTwice()
    {
        Assert.Equal(StageMoves.All.Count, StageMoves.All.DistinctBy(static m => (m.From, m.To)).Count());
        Assert.All(Enum.GetValues<RuleStage>(), static s => Assert.NotEmpty(StageMoves.From(s)));
        Assert.DoesNotContain(StageMoves.All, static m => m.From == m.To);
        // Nothing raises alerts that was not at least looked at in test; what is out of service was in it.
        Assert.Null(StageMoves.Find(RuleStage.Draft, RuleStage.Live));
        Assert.Null(StageMoves.Find(RuleStage.Draft, RuleStage.Retired));
        Assert.All(StageMoves.All, static m => Assert.Equal(m.From != RuleStage.Retired && m.To < m.From || m.To == RuleStage.Retired, m.AsksReason));
    }

    [Theory]
    [InlineData(RuleStage.Draft, 0)]
    [InlineData(RuleStage.Test, 0)]
    [InlineData(RuleStage.Staged, 0)]
    [InlineData(RuleStage.Live, 1)]
    public async Task Save_NewRule_RaisesInItsStageOnly(RuleStage stage, int raised)
    {
        var (catalog, detector) = await _house.OpenAsync();
        Assert.True((await catalog.SaveAsync(CatalogHouse.Rule(CatalogHouse.OwnId, "Own", "nltest"), stage, null, Ann, default)).Accepted);
        Assert.Equal(raised, CatalogHouse.Matches(detector, "nltest").Count);
        Assert.Equal((stage, stage == RuleStage.Live, 1), (catalog.Find(CatalogHouse.OwnId)!.Stage, catalog.Find(CatalogHouse.OwnId)!.Enabled, catalog.Find(CatalogHouse.OwnId)!.Version));
        (catalog, detector) = await _house.OpenAsync();
        Assert.Equal(stage, catalog.Find(CatalogHouse.OwnId)!.Stage);
        Assert.Equal(raised, CatalogHouse.Matches(detector, "nltest").Count);
    }

    [Fact]
    public async Task Save_WithoutStage_IsADraftAndThenStaysWhereItStands()
    {
        var (catalog, _) = await _house.OpenAsync();
        await catalog.SaveAsync(CatalogHouse.Rule(CatalogHouse.OwnId, "Own", "a"), null, null, Ann, default);
        Assert.Equal(RuleStage.Draft, catalog.Find(CatalogHouse.OwnId)!.Stage);
        await catalog.MoveAsync([CatalogHouse.OwnId], RuleStage.Staged, Ann, default);
        await catalog.SaveAsync(CatalogHouse.Rule(CatalogHouse.OwnId, "Own", "b"), null, null, Ann, default);
        Assert.Equal(RuleStage.Staged, catalog.Find(CatalogHouse.OwnId)!.Stage);
        await catalog.MoveAsync([CatalogHouse.OwnId], RuleStage.Draft, Ann, default);
        Assert.Contains("no way", Assert.Single((await catalog.SaveAsync(CatalogHouse.Rule(CatalogHouse.OwnId, "Own", "c"), RuleStage.Live, null, Ann, default)).Faults).Message.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Detect_StagedRule_CountsByDayWithExamplesAcrossARestart()
    {
        var (catalog, detector) = await _house.OpenAsync();
        await catalog.MoveAsync([CatalogHouse.ShippedId], RuleStage.Staged, Ann, default);
        Assert.Empty(CatalogHouse.Matches(detector, "whoami"));
        Assert.Empty(CatalogHouse.Matches(detector, "whoami", CatalogHouse.Start.AddDays(-2)));
        Assert.Equal((1, 1, 0), await DaysAsync());
        await catalog.SaveCountersAsync(default);
        (catalog, detector) = await _house.OpenAsync();
        Assert.Empty(CatalogHouse.Matches(detector, "whoami"));
        Assert.Equal((2, 1, 0), await DaysAsync());
        var examples = await catalog.StagedExamplesAsync(CatalogHouse.ShippedId, default);
        Assert.Equal(3, examples.Count);
        Assert.All(examples, static e => Assert.Equal(("HIST-01", "Shipped on HIST-01"), (e.Entity, e.Summary)));
        await catalog.MoveAsync([CatalogHouse.ShippedId], RuleStage.Live, Ann, default);
        Assert.Single(CatalogHouse.Matches(detector, "whoami"));
        Assert.Equal((2, 1, 1), await DaysAsync());

        async Task<(long Today, long TwoDaysAgo, long Live)> DaysAsync() =>
            (await catalog.DaysAsync(default))[CatalogHouse.ShippedId] is var days ? (days.Staged[^1], days.Staged[^3], days.Live.Sum()) : default;
    }

    [Fact]
    public async Task Detect_MoreThanIsKept_KeepsTheNewestExamplesAndForgetsOldDays()
    {
        var (catalog, detector) = await _house.OpenAsync();
        await catalog.MoveAsync([CatalogHouse.ShippedId], RuleStage.Staged, Ann, default);
        for (var i = 0; i < 50; i++)
        {
            CatalogHouse.Matches(detector, "whoami", CatalogHouse.Start.AddMinutes(i - 100));
            if (i % 15 == 0) await catalog.SaveCountersAsync(default);
        }
        await catalog.SaveCountersAsync(default);
        var examples = await catalog.StagedExamplesAsync(CatalogHouse.ShippedId, default);
        Assert.Equal((20, CatalogHouse.Start.AddMinutes(-51), CatalogHouse.Start.AddMinutes(-70)), (examples.Count, examples[0].Time, examples[^1].Time));
        _house.Time.Advance(TimeSpan.FromDays(31));
        CatalogHouse.Matches(detector, "whoami", CatalogHouse.Start);
        await catalog.SaveCountersAsync(default);
        Assert.Equal(1, (await catalog.DaysAsync(default))[CatalogHouse.ShippedId].Staged.Sum());
        Assert.Equal(1, await _house.Database.ReadAsync(static c => c.Scalar<long>("SELECT count(*) FROM detection_rule_days")));
    }

    [Fact]
    public async Task Detect_StagedCorrelation_CountsAndRaisesNothing()
    {
        Directory.CreateDirectory(_house.Own);
        File.WriteAllText(Path.Combine(_house.Own, "own.yml"), Timeline.Rules("a") + Timeline.Rule("event_count", "[a]", "{gte: 2}"));
        var (catalog, detector) = await _house.OpenAsync();
        const string top = "99999999-0000-4000-8000-000000000001";
        Assert.Single(Play(1));
        await catalog.MoveAsync([top], RuleStage.Staged, Ann, default);
        Assert.Empty(Play(100));
        Assert.Equal((1, 1), (await catalog.DaysAsync(default))[top] is var days ? (days.Live.Sum(), days.Staged.Sum()) : default);
        Assert.Contains("top", Assert.Single(await catalog.StagedExamplesAsync(top, default)).Summary, StringComparison.Ordinal);

        List<Detection> Play(int second)
        {
            var detections = new List<Detection>();
            for (var i = 0; i < 2; i++) detector.Detect(Timeline.Event(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{second + i}:a:ip=203.0.113.7"), second + i), detections);
            return detections;
        }
    }

    [Fact]
    public async Task Evaluate_StagedScheduledRule_ClosesItsWindowAndRaisesNothing()
    {
        using var house = new LedgerHouse();
        var process = await house.StartAsync();
        await process.Catalog.MoveAsync([LedgerHouse.RuleId], RuleStage.Staged, Ann, default);
        house.Failures("203.0.113.9", LedgerHouse.Start.AddSeconds(10), 3);
        await house.LookAsync(process, LedgerHouse.Start.AddMinutes(1).AddSeconds(6));
        Assert.Empty(house.Sink.Taken);
        Assert.Equal(1, Assert.Single(await house.WindowsAsync()).Detections);
        Assert.Equal("203.0.113.9", Assert.Single(await process.Catalog.StagedExamplesAsync(LedgerHouse.RuleId, default)).Entity);
        await process.Catalog.MoveAsync([LedgerHouse.RuleId], RuleStage.Live, Ann, default);
        house.Failures("203.0.113.8", LedgerHouse.Start.AddSeconds(70), 3);
        await house.LookAsync(process, LedgerHouse.Start.AddMinutes(2).AddSeconds(6));
        Assert.Equal("203.0.113.8", Assert.Single(house.Sink.Taken).Entity.Value);
    }

    [Fact]
    public async Task Move_StagedToLive_ForgetsWhatWasSilent()
    {
        using var house = new LedgerHouse();
        house.WriteRule("window: 1m\nsuppression: 1h");
        var process = await house.StartAsync();
        await process.Catalog.MoveAsync([LedgerHouse.RuleId], RuleStage.Staged, Ann, default);
        house.Failures("203.0.113.9", LedgerHouse.Start.AddSeconds(10), 3);
        await house.LookAsync(process, LedgerHouse.Start.AddMinutes(1).AddSeconds(6));
        await process.Catalog.MoveAsync([LedgerHouse.RuleId], RuleStage.Live, Ann, default);
        house.Failures("203.0.113.9", LedgerHouse.Start.AddSeconds(70), 3);
        await house.LookAsync(process, LedgerHouse.Start.AddMinutes(2).AddSeconds(6));
        Assert.Equal("203.0.113.9", Assert.Single(house.Sink.Taken).Entity.Value);
    }

    [Fact]
    public async Task Move_History_SaysWhoWhenWhyAndKeepsTheNewest()
    {
        var (catalog, _) = await _house.OpenAsync();
        _house.Time.Advance(TimeSpan.FromMinutes(5));
        var first = Assert.Single((await catalog.MoveAsync([CatalogHouse.ShippedId], RuleStage.Staged, new RuleAct("ann", "too loud"), default)).Moved);
        Assert.Equal(new StageChange(CatalogHouse.ShippedId, 1, RuleStage.Live, RuleStage.Staged, CatalogHouse.Start.AddMinutes(5), "ann", "too loud"), first);
        for (var i = 0; i < 250; i++) await catalog.MoveAsync([CatalogHouse.ShippedId], i % 2 == 0 ? RuleStage.Live : RuleStage.Staged, Ann, default);
        var history = await catalog.MovesAsync(CatalogHouse.ShippedId, default);
        Assert.Equal((StageStore.MaxChanges, 251L, 52L), (history.Count, history[0].Number, history[^1].Number));
    }

    [Fact]
    public async Task Move_NoWayNoReasonOrNoRule_IsRefusedAndTheOthersMove()
    {
        var (catalog, _) = await _house.OpenAsync();
        await catalog.SaveAsync(CatalogHouse.Rule(CatalogHouse.OwnId, "Own", "a"), null, null, Ann, default);
        var result = await catalog.MoveAsync([CatalogHouse.OwnId, CatalogHouse.ShippedId, "nobody"], RuleStage.Retired, Ann, default);
        Assert.Equal(CatalogHouse.ShippedId, Assert.Single(result.Moved).RuleId);
        Assert.Equal([(CatalogHouse.OwnId, false), ("nobody", true)], result.Refused.Select(static r => (r.RuleId, r.IsUnknown)));
        await catalog.MoveAsync([CatalogHouse.ShippedId], RuleStage.Live, new RuleAct("ann"), default);
        Assert.Contains("reason", Assert.Single((await catalog.MoveAsync([CatalogHouse.ShippedId], RuleStage.Retired, new RuleAct("ann", " "), default)).Refused).Message.ToString(), StringComparison.Ordinal);
        Assert.Equal(RuleStage.Live, catalog.Find(CatalogHouse.ShippedId)!.Stage);
    }

    [Fact]
    public async Task Undo_LastMove_StandsWhereItStoodAndOlderOnesStay()
    {
        var (catalog, _) = await _house.OpenAsync();
        var first = (await catalog.MoveAsync([CatalogHouse.ShippedId], RuleStage.Retired, Ann, default)).Moved[0];
        Assert.Equal(RuleStage.Live, (await catalog.UndoMoveAsync(CatalogHouse.ShippedId, first.Number, new RuleAct("ben", "undone"), default))!.To);
        Assert.Equal(RuleStage.Live, catalog.Find(CatalogHouse.ShippedId)!.Stage);
        Assert.Null(await catalog.UndoMoveAsync(CatalogHouse.ShippedId, first.Number, Ann, default));
        Assert.Null(await catalog.UndoMoveAsync("nobody", 1, Ann, default));
        Assert.Equal([("ben", RuleStage.Live), ("ann", RuleStage.Retired)], (await catalog.MovesAsync(CatalogHouse.ShippedId, default)).Select(static m => (m.By, m.To)));
    }

    [Fact]
    public async Task Open_StatesFromBefore_OnIsLiveAndOffIsRetired()
    {
        var folder = Directory.CreateTempSubdirectory("beacon-before");
        var schema = DetectionsModule.Schema;
        var before = schema.Steps.TakeWhile(static s => !s.Contains("stage INTEGER", StringComparison.Ordinal)).ToArray();
        using (var old = SqliteStateDatabase.Open(Path.Combine(folder.FullName, "state.db"), [schema with { Steps = before }]))
        {
            await old.WriteAsync(static t => t.Execute("INSERT INTO detection_rule_states(rule_id, enabled, changed, changed_by) VALUES ('on', 1, 5, 'ann'), ('off', 0, 5, 'ann')"));
        }
        using (var now = SqliteStateDatabase.Open(Path.Combine(folder.FullName, "state.db"), [schema]))
        {
            var stages = await new StageStore(now, _house.Time).ReadAsync(default);
            Assert.Equal((RuleStage.Live, RuleStage.Retired), (stages["on"], stages["off"]));
        }
        folder.Delete(recursive: true);
    }

    public void Dispose() => _house.Dispose();
}
