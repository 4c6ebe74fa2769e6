using System.Diagnostics.Metrics;

namespace Beacon.Alerting;

/// <summary>Counts of this room, meter "Beacon.Alerting".</summary>
internal sealed class AlertingMetrics : IDisposable
{
    public const string MeterName = "Beacon.Alerting";

    // The exporter's own boundaries begin at 5 s.
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] };

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _detections;
    private readonly Counter<long> _known;
    private readonly Counter<long> _alerts;
    private readonly Counter<long> _incidents;
    private readonly Counter<long> _warnings;
    private readonly Counter<long> _steps;
    private readonly Counter<long> _messages;
    private readonly Histogram<double> _commit;
    private readonly Histogram<double> _delay;

    public AlertingMetrics()
    {
        _detections = _meter.CreateCounter<long>("beacon.alerting.detections", "{detection}", "Detections taken, those known before left out");
        _known = _meter.CreateCounter<long>("beacon.alerting.detections.known", "{detection}", "Detections whose id was taken before");
        _alerts = _meter.CreateCounter<long>("beacon.alerting.alerts", "{alert}", "Alerts opened");
        _incidents = _meter.CreateCounter<long>("beacon.alerting.incidents", "{incident}", "Incidents opened");
        _warnings = _meter.CreateCounter<long>("beacon.alerting.warnings", "{change}", "Warnings drafted, issued or raised by the system");
        _steps = _meter.CreateCounter<long>("beacon.alerting.playbook.steps", "{step}", "Automatic playbook steps ended, by result");
        _messages = _meter.CreateCounter<long>("beacon.alerting.messages", "{message}", "Messages of notices tried, by kind of channel and outcome");
        _commit = _meter.CreateHistogram<double>("beacon.alerting.commit", "s", "Time to make alerts of a batch, fsync included", advice: Seconds);
        _delay = _meter.CreateHistogram<double>("beacon.alerting.delay", "s", "From the receipt of the newest frame to its alert on disk", advice: Seconds);
    }

    public void Taken(int given, int fresh, int opened)
    {
        _detections.Add(fresh);
        _known.Add(given - fresh);
        _alerts.Add(opened);
    }

    public void CommitTook(TimeSpan elapsed) => _commit.Record(elapsed.TotalSeconds);
    public void Delay(TimeSpan elapsed) => _delay.Record(Math.Max(0, elapsed.TotalSeconds));
    public void IncidentOpened() => _incidents.Add(1);
    public void WarningMoved(string action) => _warnings.Add(1, new KeyValuePair<string, object?>("action", action));
    public void StepEnded(string result) => _steps.Add(1, new KeyValuePair<string, object?>("result", result));
    public void MessageTried(string kind, string outcome) => _messages.Add(1, new("kind", kind), new("outcome", outcome));
    public void Dispose() => _meter.Dispose();
}
