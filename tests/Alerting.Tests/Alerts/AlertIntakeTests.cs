using System.Diagnostics;
using Beacon.Alerting.Alerts;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Alerts;

public sealed class AlertIntakeTests
{
    private static readonly DateTimeOffset T = TestHouse.Start;

    [Fact]
    public async Task Commit_SameRuleAndEntityWithinWindow_MakesOneAlert()
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of(at: T), Detections.Of(at: T.AddMinutes(50)));
        await house.TakeAsync(Detections.Of(host: "WEB-7", at: T.AddMinutes(100), severity: Severity.Critical));
        var alert = await house.OnlyAlertAsync();
        Assert.Equal(3, alert.Count);
        Assert.Equal(Severity.Critical, alert.Severity);
        Assert.Equal(T, alert.FirstSeen);
        Assert.Equal(T.AddMinutes(100), alert.LastSeen);
        Assert.Equal(2, alert.Version);
        Assert.Equal("Title of ssh-guess on web-7", alert.Title);
    }

    [Fact]
    public async Task Commit_AfterTheWindow_OpensAnother()
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of(at: T), Detections.Of(at: T.AddMinutes(61)));
        Assert.Equal(2, (await house.Alerts.ListAsync(new AlertQuery())).Total);
    }

    [Fact]
    public async Task Commit_AfterClosing_OpensAnother()
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of(at: T));
        var alert = await house.OnlyAlertAsync();
        Assert.True((await house.Alerts.DismissAsync(alert.Id, alert.Version, Disposition.FalsePositive, new Actor("ann"), "scanner")).Done);
        await house.TakeAsync(Detections.Of(at: T.AddMinutes(1)));
        Assert.Equal(1, (await house.Alerts.ListAsync(new AlertQuery())).Total);
        Assert.Equal(2, (await house.Alerts.ListAsync(new AlertQuery { Statuses = Enum.GetValues<AlertStatus>() })).Total);
    }

    [Fact]
    public async Task Commit_SameDetectionIdAgain_ChangesNothing()
    {
        using var house = new TestHouse();
        var detection = Detections.Of(id: "same");
        await house.TakeAsync(detection, detection);
        var latest = house.Feed.LatestSequence;
        await house.TakeAsync(detection);
        Assert.Equal(1, (await house.OnlyAlertAsync()).Count);
        Assert.Equal(latest, house.Feed.LatestSequence);
    }

    [Fact]
    public async Task Commit_IdsRememberedOverRestart_ChangesNothing()
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of(id: new string('x', 5_000)));
        await house.TakeAsync(Detections.Of(id: new string('x', 5_000)));
        Assert.Equal(1, (await house.OnlyAlertAsync()).Count);
    }

    [Fact]
    public async Task Commit_AlsoThrows_LeavesNothingBehind()
    {
        using var house = new TestHouse();
        await Assert.ThrowsAsync<InvalidOperationException>(() => house.Sink.CommitAsync([Detections.Of(id: "once")], _ => throw new InvalidOperationException(), default));
        Assert.Equal(0, (await house.Alerts.ListAsync(new AlertQuery())).Total);
        Assert.Equal(0, house.Feed.LatestSequence);
        await house.TakeAsync(Detections.Of(id: "once"));
        Assert.Equal(1, (await house.OnlyAlertAsync()).Count);
    }

    [Fact]
    public async Task Commit_Also_IsCommittedWithTheAlerts()
    {
        using var house = new TestHouse();
        await house.Sink.CommitAsync([Detections.Of()], t => t.Execute("INSERT INTO alerting_counters(name, value) VALUES ('checkpoint', 7)"), default);
        Assert.Equal(7, await house.Database.ReadAsync(c => c.Scalar<long>("SELECT value FROM alerting_counters WHERE name = 'checkpoint'")));
        await house.Sink.CommitAsync([], t => t.Execute("UPDATE alerting_counters SET value = 8 WHERE name = 'checkpoint'"), default);
        Assert.Equal(8, await house.Database.ReadAsync(c => c.Scalar<long>("SELECT value FROM alerting_counters WHERE name = 'checkpoint'")));
    }

    [Fact]
    public async Task Commit_TenThousandInAFlood_MakesTensOfAlertsAndLosesNone()
    {
        using var house = new TestHouse();
        var flood = Enumerable.Range(0, 10_000).Select(i => Detections.Of(rule: "r" + i % 4, host: "h" + i % 10, severity: Severity.Low, at: T.AddMilliseconds(i))).ToArray();
        var clock = Stopwatch.StartNew();
        await house.TakeAsync(flood);
        TestContext.Current.TestOutputHelper?.WriteLine($"10,000 detections in {clock.ElapsedMilliseconds} ms");
        var page = await house.Alerts.ListAsync(new AlertQuery());
        Assert.Equal(20, page.Total);
        Assert.Equal(10_000, page.Items.Sum(a => a.Count));
        var detail = (await house.Alerts.FindAsync(page.Items[0].Id))!;
        Assert.Equal(house.Options.EvidencePerAlert + 1, detail.Evidence.Count);
        Assert.Equal(detail.Summary.FirstSeen, detail.Evidence[0].Time);
        Assert.Equal(detail.Summary.LastSeen, detail.Evidence[1].Time);
    }

    [Fact]
    public async Task Commit_TenThousandGraveOnes_JoinOneIncidentWithinOneTransaction()
    {
        using var house = new TestHouse();
        Entity[] attacker = [new(EntityKind.Address, "203.0.113.9"), new(EntityKind.User, "svc-backup")];
        var flood = Enumerable.Range(0, 10_000).Select(i => Detections.Of(rule: "r" + i % 6, host: "h" + i % 5, severity: Severity.High, at: T.AddMilliseconds(i), related: attacker)).ToArray();
        var clock = Stopwatch.StartNew();
        await house.TakeAsync(flood);
        TestContext.Current.TestOutputHelper?.WriteLine($"10,000 grave detections in {clock.ElapsedMilliseconds} ms");
        Assert.Equal(30, Assert.Single((await house.Incidents.ListAsync(new())).Items).AlertCount);
        Assert.Equal(10_000, (await house.Alerts.ListAsync(new AlertQuery())).Items.Sum(a => a.Count));
    }

    [Fact]
    public async Task Commit_OneRuleAboutManyEntities_BecomesOneLineBeyondTheCeiling()
    {
        using var house = new TestHouse(o => o.AlertsPerRule = 10);
        await house.TakeAsync([.. Enumerable.Range(0, 500).Select(i => Detections.Of(host: "h" + i, severity: Severity.Low, at: T.AddSeconds(i)))]);
        await house.TakeAsync(Detections.Of(host: "later", severity: Severity.Low, at: T.AddSeconds(501)));
        var page = await house.Alerts.ListAsync(new AlertQuery());
        Assert.Equal(11, page.Total);
        Assert.Equal(501, page.Items.Sum(a => a.Count));
        Assert.Contains(page.Items, a => a.Title.Contains("more than 10 hosts", StringComparison.Ordinal) && a.Count == 491);
    }

    [Fact]
    public async Task Commit_WithEvent_KeepsItAsEvidence()
    {
        using var house = new TestHouse();
        var e = new SecurityEvent { Id = SecurityEventId.From(1, 2), Timestamp = T };
        e.Add(Field.HostName, "web-7");
        await house.TakeAsync(Detections.Of(e: e) with { Matched = [new MatchedField("selection", "host.name", "web-7", 0, 5)] });
        var evidence = Assert.Single((await house.Alerts.FindAsync((await house.OnlyAlertAsync()).Id))!.Evidence);
        Assert.Contains("\"host\":{\"name\":\"web-7\"}", evidence.EventJson, StringComparison.Ordinal);
        Assert.Equal("host.name", Assert.Single(evidence.Matched).Field);
        Assert.Equal("412", evidence.Facts["count"]);
        Assert.Equal(e.Id.ToString(), evidence.EventId);
    }

    [Fact]
    public async Task Commit_WithAChart_KeepsItsNumbersAndLeavesOutWhatIsNone()
    {
        using var house = new TestHouse();
        var points = Enumerable.Range(0, 400).Select(i => new ChartPoint(T.AddMinutes(i), i == 350 ? double.NaN : i, i % 2 == 0 ? 7 : null)).ToList();
        await house.TakeAsync(Detections.Of() with { Chart = new DetectionChart("events", TimeSpan.FromMinutes(1), points) });
        var chart = Assert.Single((await house.Alerts.FindAsync((await house.OnlyAlertAsync()).Id))!.Evidence).Chart!;
        Assert.Equal(("events", TimeSpan.FromMinutes(1), DetectionChart.MaxPoints), (chart.Measure, chart.Interval, chart.Points.Count));
        Assert.Equal(new ChartPoint(T.AddMinutes(398), 398, 7), chart.Points[^2]);
        Assert.DoesNotContain(chart.Points, static p => p.Time == T.AddMinutes(350));
    }

    [Fact]
    public async Task Commit_AboutASource_CallsItByItsNameAlone()
    {
        using var house = new TestHouse();
        const string said = "Firewall of the DMZ has sent nothing since 2026-12-01 09:18:36 UTC; a frame every 3 s was usual";
        await house.TakeAsync(Detections.Of(summary: said) with { Entity = Entity.Of(EntityKind.Source, "fw-dmz-02") });
        Assert.Equal(said, (await house.OnlyAlertAsync()).Title);
    }

    [Fact]
    public async Task Commit_HostileText_IsCutAndKept()
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of(summary: "web-7 " + new string('é', 5_000) + "\r\n<script>'); DROP TABLE alerting_alerts;--"));
        var alert = await house.OnlyAlertAsync();
        Assert.True(alert.Title.Length <= AlertTitle.MaxLength);
        Assert.EndsWith("…", alert.Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Urgency_KnownVitalAsset_RanksAboveUnknown()
    {
        var plc = new Asset("plc-1", "PLC-1", ["plc-1"], AssetImportance.EspeciallyImportant, "", "", "water", "", "");
        using var house = new TestHouse(assets: [plc]);
        await house.TakeAsync(Detections.Of(host: "plc-1", severity: Severity.Critical), Detections.Of(host: "other", severity: Severity.Critical));
        var items = (await house.Alerts.ListAsync(new AlertQuery())).Items;
        Assert.Equal("PLC-1", items[0].AssetName);
        Assert.Equal(UrgencyBand.ActNow, items[0].Urgency.Band);
        Assert.Equal(items[0].Urgency.Score, items[0].Urgency.Parts.Sum(p => p.Points));
        Assert.Equal([40, 30, 16, 10, 0], items[0].Urgency.Parts.Select(p => p.Points));
        Assert.Equal(T.AddMinutes(10), items[0].Urgency.ActBy);
        Assert.True(items[1].Urgency.Score < items[0].Urgency.Score);
    }

    [Fact]
    public async Task Confidence_RuleOftenWrong_RanksLower()
    {
        using var house = new TestHouse();
        for (var i = 0; i < 5; i++)
        {
            await house.TakeAsync(Detections.Of(severity: Severity.Low, at: T.AddMinutes(i)));
            var alert = await house.OnlyAlertAsync();
            await house.Alerts.DismissAsync(alert.Id, alert.Version, Disposition.FalsePositive, new Actor("ann"), "backup job");
        }
        await house.TakeAsync(Detections.Of(severity: Severity.Low, at: T.AddMinutes(9)));
        var confidence = (await house.OnlyAlertAsync()).Urgency.Parts.Single(p => p.Factor == UrgencyFactor.Confidence);
        Assert.Equal("53 %", confidence.Value);
    }

    [Fact]
    public async Task Rescore_AsTimePasses_MovesTheBandAndTells()
    {
        using var house = new TestHouse(assets: [new Asset("a", "A", ["a"], AssetImportance.Important, "", "", "", "", "")]);
        await house.TakeAsync(Detections.Of(host: "a", severity: Severity.High));
        Assert.Equal(UrgencyBand.ActNow, (await house.OnlyAlertAsync()).Urgency.Band);
        var before = house.Feed.LatestSequence;
        house.Clock.Advance(TimeSpan.FromMinutes(40));
        await house.Get<AlertAging>().RescoreAsync(default);
        Assert.Equal(UrgencyBand.ThisHour, (await house.OnlyAlertAsync()).Urgency.Band);
        Assert.True(house.Feed.LatestSequence > before);
        Assert.Equal(0, await house.Get<AlertAging>().RescoreAsync(default));
    }

    [Fact]
    public void AgePoints_FallAtTheAgesThatTheDatabaseIsAskedFor()
    {
        for (var points = 1; points <= UrgencyScore.MostAge; points++)
        {
            var oldest = UrgencyScore.OldestWith(points);
            Assert.Equal(points, UrgencyScore.AgePoints(oldest - TimeSpan.FromSeconds(1)));
            Assert.Equal(points - 1, UrgencyScore.AgePoints(oldest + TimeSpan.FromSeconds(1)));
        }
    }

    [Fact]
    public async Task Forget_OverTheCeiling_DropsTheOldestIds()
    {
        using var house = new TestHouse(o => o.DetectionMemoryLimit = 10_000);
        await house.TakeAsync([.. Enumerable.Range(0, 100).Select(i => Detections.Of(severity: Severity.Low, at: T.AddSeconds(i), id: "old" + i))]);
        house.Clock.Advance(TimeSpan.FromDays(8));
        Assert.Equal(100, await house.Get<AlertAging>().ForgetAsync(default));
        Assert.Equal(0, await house.Get<AlertAging>().ForgetAsync(default));
    }
}
