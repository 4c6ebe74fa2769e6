using Beacon.Detections.Scheduled;
using Beacon.Detections.Scheduled.SilentSource;
using Beacon.Events;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Detections.Tests.Scheduled;

public sealed class SilentSourceDetectorTests
{
    [Fact]
    public async Task Evaluate_StillSends_NoDetection()
    {
        var start = LedgerHouse.Start;
        var activity = new FakeActivity();
        var detector = new SilentSourceDetector(activity, new FakeTimeProvider(start));
        activity.Known.Add(new SourceActivity("plc", "PLC hall", start, start.AddSeconds(290), TimeSpan.FromSeconds(20), 40));
        activity.Known.Add(new SourceActivity("new", "New", start, start, null, 1));
        var rule = new ScheduledRule
        {
            Id = "silent", Title = "Silent", Level = Severity.Medium, Detector = "silent-source", Window = TimeSpan.FromMinutes(5), Interval = TimeSpan.FromMinutes(5),
            Lateness = TimeSpan.Zero, Settings = new SilentSourceSettings(4, TimeSpan.FromMinutes(1), []), File = "", Source = "",
        };
        var result = await detector.EvaluateAsync(new EvaluationWindow(rule, new TimeRange(start, start.AddMinutes(5))), [], default);
        Assert.Empty(result.Detections);
        Assert.Equal(1, result.Rows);
    }

    [Theory]
    [InlineData(0, 5, false)]
    [InlineData(5, 10, true)]
    public async Task Evaluate_SilenceThatOutlastsItsAnnouncement_IsFoundAtItsEndAndNotBefore(int from, int to, bool found)
    {
        var start = LedgerHouse.Start;
        var result = await SilentAsync(start.AddMinutes(from), start.AddMinutes(to), start.AddMinutes(7));
        Assert.Equal(found, result.Detections.Count == 1);
        if (found) Assert.Equal(start.AddMinutes(7), result.Detections[0].Time);
    }

    [Fact]
    public async Task Evaluate_AnnouncedAfterItWasFound_IsAnotherDetectionOnceItIsOver()
    {
        var start = LedgerHouse.Start;
        var before = await SilentAsync(start, start.AddMinutes(5), null);
        var after = await SilentAsync(start.AddMinutes(5), start.AddMinutes(10), start.AddMinutes(7));
        Assert.NotEqual(before.Detections.Single().Id, after.Detections.Single().Id);
        // What was announced for a time that had passed when it fell silent changes nothing.
        Assert.Equal(before.Detections.Single().Id, (await SilentAsync(start, start.AddMinutes(5), start.AddSeconds(30))).Detections.Single().Id);
    }

    private static Task<EvaluationResult> SilentAsync(DateTimeOffset from, DateTimeOffset to, DateTimeOffset? announced)
    {
        var start = LedgerHouse.Start;
        var activity = new FakeActivity();
        activity.Known.Add(new SourceActivity("plc", "PLC hall", start.AddDays(-1), start, TimeSpan.FromSeconds(20), 40) { SilenceExpectedUntil = announced });
        var rule = new ScheduledRule
        {
            Id = "silent", Title = "Silent", Level = Severity.Medium, Detector = "silent-source", Window = TimeSpan.FromMinutes(5), Interval = TimeSpan.FromMinutes(5),
            Lateness = TimeSpan.Zero, Settings = new SilentSourceSettings(4, TimeSpan.FromMinutes(1), []), File = "", Source = "",
        };
        return new SilentSourceDetector(activity, new FakeTimeProvider(start)).EvaluateAsync(new EvaluationWindow(rule, new TimeRange(from, to)), [], default);
    }
}
