using Beacon.Alerting.Alerts;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Alerts;

public sealed class AlarmReportTests
{
    private static readonly Actor Ann = new("ann", [RoleNames.Operator]);

    private static double Value(AlarmMeasures measures, string name) => measures.Measures.Single(m => m.Name == name).Value;

    [Fact]
    public async Task Report_QuietConsole_IsGoodInEverything()
    {
        using var house = new TestHouse();
        var report = await house.Alerts.ReportLoadAsync();
        Assert.All(report.System.Measures, m => Assert.Equal((0, AlarmVerdict.Good), (m.Value, m.Verdict)));
        Assert.Equal(7, report.System.Measures.Count);
        Assert.Empty(report.Operators);
        Assert.Empty(report.Tune);
    }

    [Fact]
    public async Task Report_Flood_SaysWhatIsOverloadedAndWhatToTune()
    {
        using var house = new TestHouse();
        for (var i = 0; i < 24; i++) await house.TakeAsync(Detections.Of("noisy", "host-" + i, i < 20 ? Severity.Low : Severity.High));
        await house.TakeAsync(Detections.Of("calm", severity: Severity.Medium));
        var alert = (await house.Alerts.ListAsync(new AlertQuery { RuleId = "noisy" })).Items[0];
        Assert.True((await house.Alerts.AcknowledgeAsync(alert.Id, alert.Version, Ann)).Done);
        var report = await house.Alerts.ReportLoadAsync();
        Assert.Equal((25, 0.8, 0.04, 0.16), (report.System.Alarms, Math.Round(report.System.LowShare, 2), Math.Round(report.System.MediumShare, 2), Math.Round(report.System.HighShare, 2)));
        Assert.Equal(25, Value(report.System, "alarms-in-ten-minutes"));
        Assert.Equal(25, Value(report.System, "alarms-per-hour"));
        Assert.Equal(1 / 144.0, Value(report.System, "time-in-flood"), 4);
        Assert.Equal(1, Value(report.System, "noisiest-share"));
        Assert.Equal(1, Value(report.System, "chattering"));
        Assert.Equal(AlarmVerdict.Overload, report.System.Measures.Single(m => m.Name == "alarms-in-ten-minutes").Verdict);
        Assert.Equal(AlarmVerdict.Overload, report.System.Measures.Single(m => m.Name == "high-share").Verdict);
        var mine = Assert.Single(report.Operators);
        Assert.Equal(("ann", 1, 0), (mine.Operator, mine.Alarms, Value(mine, "chattering")));
        var tune = Assert.Single(report.Tune);
        Assert.Equal(("noisy", TuneReason.Chattering), (tune.RuleId, tune.Reason));
        Assert.Contains("24 alarms within a minute", tune.Advice, StringComparison.Ordinal);
        house.Clock.Advance(TimeSpan.FromHours(30));
        var later = await house.Alerts.ReportLoadAsync();
        Assert.Equal(24, Value(later.System, "stale"));
        Assert.Equal(0, later.System.Alarms);
        Assert.InRange(Value(later.System, "alarms-per-hour"), 0.8, 0.9);
        Assert.Equal(1, Value(later.Operators.Single(), "stale"));
    }

    [Fact]
    public async Task Report_RuleThatIsOftenWrong_IsNamedWithItsCause()
    {
        using var house = new TestHouse();
        for (var i = 0; i < 3; i++)
        {
            await house.TakeAsync(Detections.Of("wrong", "host-" + i, Severity.Low, at: TestHouse.Start.AddMinutes(5 * i)));
            house.Clock.Advance(TimeSpan.FromMinutes(5));
            var alert = await house.OnlyOpenAsync();
            await house.Alerts.DismissAsync(alert.Id, alert.Version, Disposition.FalsePositive, Ann, "x", DispositionCause.StaleIndicator);
        }
        var tune = Assert.Single((await house.Alerts.ReportLoadAsync()).Tune);
        Assert.Equal((TuneReason.OftenWrong, 1.0), (tune.Reason, tune.FalseShare));
        Assert.Contains("StaleIndicator", tune.Advice, StringComparison.Ordinal);
    }
}
