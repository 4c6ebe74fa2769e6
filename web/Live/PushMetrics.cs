using System.Diagnostics.Metrics;
using Beacon.Alerting.Changes;

namespace Beacon.Web.Live;

/// <summary>How long a change took from its commit to a client's stream.</summary>
public sealed class PushMetrics(TimeProvider clock) : IDisposable
{
    public const string MeterName = "Beacon.Web";

    private readonly Meter _meter = new(MeterName);
    private Histogram<double>? _latency;

    public void Pushed(Change change)
    {
        _latency ??= _meter.CreateHistogram<double>("beacon.push.latency", "s", "From a change's commit to a client's stream");
        _latency.Record(Math.Max(0, (clock.GetUtcNow() - change.At).TotalSeconds));
    }

    public void Dispose() => _meter.Dispose();
}
