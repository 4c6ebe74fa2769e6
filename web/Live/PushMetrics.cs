using System.Diagnostics.Metrics;
using Beacon.Alerting.Changes;

namespace Beacon.Web.Live;

/// <summary>How long a change took from its commit to a client's stream.</summary>
public sealed class PushMetrics(TimeProvider clock) : IDisposable
{
    /// <summary>Name of the meter, for exporters.</summary>
    public const string MeterName = "Beacon.Web";

    // The exporter's own boundaries begin at 5 s.
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] };

    private readonly Meter _meter = new(MeterName);
    private Histogram<double>? _latency;

    /// <summary>Counts a change that is being written to a client's stream.</summary>
    public void Pushed(Change change)
    {
        _latency ??= _meter.CreateHistogram<double>("beacon.push.latency", "s", "From a change's commit to a client's stream", advice: Seconds);
        _latency.Record(Math.Max(0, (clock.GetUtcNow() - change.At).TotalSeconds));
    }

    public void Dispose() => _meter.Dispose();
}
