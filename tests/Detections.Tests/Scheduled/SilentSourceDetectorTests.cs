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
}
