using System.Diagnostics;
using Beacon.Alerting.Alerts;
using Beacon.Alerting.Alerts.Exceptions;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Alerts;

public sealed class FloodTests(ITestOutputHelper output)
{
    private const int Rules = 4;
    private const int Hosts = 8;
    private const int Batch = 5_000;

    /// <summary>Detections of one minute, spread over a few rules and hosts as floods are.</summary>
    private static Detection[] Minute(int from, int count) => [.. Enumerable.Range(from, count).Select(i => Detections.Of(
        "rule-" + i % Rules, "host-" + i / Rules % Hosts, Severity.Low, TestHouse.Start.AddMilliseconds(i * 0.6), "flood-" + i))];

    [Fact]
    public async Task Flood_HundredThousandInAMinute_IsTensOfGroupsAndNoneIsLost()
    {
        const int total = 100_000;
        using var house = new TestHouse();
        await house.Get<IExceptionService>().CreateAsync(new ExceptionDraft(
            ExceptionKind.Exception, "rule-0", [new("entity", ConditionOperator.Equal, ["host-0"])], "ann", "known", null, TestHouse.Start.AddDays(1)), new Actor("ann"));
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < total; i += Batch) await house.TakeAsync(Minute(i, Batch));
        var took = Stopwatch.GetElapsedTime(started);
        // A sender that got no answer sends again: nothing is counted twice.
        await house.TakeAsync(Minute(total - Batch, Batch));
        var alerts = await house.Alerts.ListAsync(new AlertQuery { Limit = 500 });
        var hidden = Assert.Single(await house.Get<IExceptionService>().ListAsync()).Hidden;
        output.WriteLine(FormattableString.Invariant($"{total} detections in {took.TotalSeconds:0.0} s, {total / took.TotalSeconds:0}/s, {alerts.Total} groups, {hidden} hidden"));
        Assert.Equal(Rules * Hosts - 1, alerts.Total);
        Assert.Equal(total, alerts.Items.Sum(a => a.Count) + hidden);
        Assert.Equal(total / (Rules * Hosts), hidden);
    }

    [Fact]
    public async Task Flood_OfEntitiesWithoutEnd_BecomesOneLineARuleAndNoneIsLost()
    {
        const int total = 20_000;
        using var house = new TestHouse(o => o.AlertsPerRule = 20);
        for (var i = 0; i < total; i += Batch)
            await house.TakeAsync([.. Enumerable.Range(i, Batch).Select(n => Detections.Of("scan", "host-" + n, Severity.Low, TestHouse.Start.AddMilliseconds(n), "scan-" + n))]);
        var alerts = await house.Alerts.ListAsync(new AlertQuery { Limit = 500 });
        Assert.Equal(21, alerts.Total);
        Assert.Equal(total, alerts.Items.Sum(a => a.Count));
    }
}
