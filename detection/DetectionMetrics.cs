using System.Diagnostics.Metrics;

namespace Beacon.Detections;

/// <summary>Meter "Beacon.Detections". Rules are not labels: their number has no ceiling, and the console shows them one by one.</summary>
internal sealed class DetectionMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _matches;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _events;
    private readonly Counter<long> _evictions;
    private readonly Counter<long> _late;
    private long _lagTicks;

    public DetectionMetrics(IMeterFactory factory)
    {
        _meter = factory.Create("Beacon.Detections");
        _matches = _meter.CreateCounter<long>("beacon.detections.matches", "{match}", "Rules that matched, stream and scheduled");
        _errors = _meter.CreateCounter<long>("beacon.detections.rule_errors", "{error}", "Evaluations of a rule that failed or took too long");
        _events = _meter.CreateCounter<long>("beacon.detections.events", "{event}", "Events that rules were matched on");
        _evictions = _meter.CreateCounter<long>("beacon.detections.correlation_evictions", "{event}", "Events that correlations forgot because a ceiling was reached");
        _late = _meter.CreateCounter<long>("beacon.detections.correlation_late", "{event}", "Events that came too late for a correlation");
        _meter.CreateObservableGauge("beacon.detections.evaluation_lag", () => EvaluationLag.TotalSeconds, "s", "How far the latest scheduled rule is behind what is stored");
    }

    public TimeSpan EvaluationLag
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _lagTicks));
        set => Interlocked.Exchange(ref _lagTicks, value.Ticks);
    }

    public void Event() => _events.Add(1);
    public void Match() => _matches.Add(1);
    public void Error() => _errors.Add(1);

    public void Evictions(int events) => _evictions.Add(events);
    public void Late() => _late.Add(1);

    public void Dispose() => _meter.Dispose();
}
