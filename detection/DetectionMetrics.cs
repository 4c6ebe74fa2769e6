using System.Diagnostics.Metrics;

namespace Beacon.Detections;

/// <summary>Meter "Beacon.Detections". Rule by rule it is <see cref="Rules.RuleMeter"/> that counts.</summary>
internal sealed class DetectionMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _matches;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _events;
    private readonly Counter<long> _evictions;
    private readonly Counter<long> _late;
    private readonly Counter<long> _windows;
    private readonly Counter<long> _lostLeases;
    private readonly Counter<long> _suppressed;
    private readonly Counter<long> _lateSpans;
    private readonly Counter<long> _sharedQueries;
    private readonly Counter<long> _indicatorFaults;
    private long _lagTicks;
    private int _indicators;

    public DetectionMetrics(IMeterFactory factory)
    {
        _meter = factory.Create("Beacon.Detections");
        _matches = _meter.CreateCounter<long>("beacon.detections.matches", "{match}", "Rules that matched, stream and scheduled");
        _errors = _meter.CreateCounter<long>("beacon.detections.rule_errors", "{error}", "Evaluations of a rule that failed or took too long");
        _events = _meter.CreateCounter<long>("beacon.detections.events", "{event}", "Events that rules were matched on");
        _evictions = _meter.CreateCounter<long>("beacon.detections.correlation_evictions", "{event}", "Events that correlations forgot because a ceiling was reached");
        _late = _meter.CreateCounter<long>("beacon.detections.correlation_late", "{event}", "Events that came too late for a correlation");
        _windows = _meter.CreateCounter<long>("beacon.detections.windows", "{window}", "Windows of scheduled rules evaluated, by outcome");
        _lostLeases = _meter.CreateCounter<long>("beacon.detections.leases_lost", "{window}", "Windows taken over by another process while this one evaluated them");
        _suppressed = _meter.CreateCounter<long>("beacon.detections.suppressed", "{detection}", "Detections that were not raised since the same key had been lately");
        _lateSpans = _meter.CreateCounter<long>("beacon.detections.late_spans", "{span}", "Spans of windows put aside for a look again, since events came late");
        _sharedQueries = _meter.CreateCounter<long>("beacon.detections.shared_queries", "{query}", "Group queries that shared a pass over the events with others");
        _indicatorFaults = _meter.CreateCounter<long>("beacon.detections.indicator_faults", "{entry}", "Entries of indicator files that were refused");
        _meter.CreateObservableGauge("beacon.detections.indicators", () => Volatile.Read(ref _indicators), "{indicator}", "Indicators that rules look for");
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

    public void Windows(int windows, bool failed) => _windows.Add(windows, new KeyValuePair<string, object?>("outcome", failed ? "failed" : "done"));
    public void LeaseLost() => _lostLeases.Add(1);
    public void Suppressed(int detections) => _suppressed.Add(detections);
    public void LateSpans(int spans) => _lateSpans.Add(spans);
    public void SharedScan(int queries) => _sharedQueries.Add(queries);

    public void Indicators(int indicators) => Volatile.Write(ref _indicators, indicators);
    public void IndicatorFaults(int entries) => _indicatorFaults.Add(entries);

    public void Dispose() => _meter.Dispose();
}
