using System.Diagnostics.Metrics;

namespace Beacon.Collectors;

/// <summary>The meter "Beacon.Collectors".</summary>
internal sealed class CollectorsMeter : IDisposable
{
    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _received;
    private readonly Counter<long> _stored;
    private readonly Counter<long> _quarantined;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _unrecognised;

    public CollectorsMeter()
    {
        _received = _meter.CreateCounter<long>("beacon.collectors.received", "{frame}", "Frames put into the spool");
        _stored = _meter.CreateCounter<long>("beacon.collectors.stored", "{event}", "Events committed to the store");
        _quarantined = _meter.CreateCounter<long>("beacon.collectors.quarantined", "{frame}", "Frames that could not be read and were kept");
        _dropped = _meter.CreateCounter<long>("beacon.collectors.dropped", "{frame}", "Frames that were lost");
        _unrecognised = _meter.CreateCounter<long>("beacon.collectors.unrecognised", "{event}", "Events stored with their text only");
    }

    public const string Name = "Beacon.Collectors";

    public void Received(string source, long n) => _received.Add(n, new KeyValuePair<string, object?>("source", source));
    public void Stored(long n) => _stored.Add(n);
    public void Quarantined(string source) => _quarantined.Add(1, new KeyValuePair<string, object?>("source", source));
    public void Unrecognised(string source) => _unrecognised.Add(1, new KeyValuePair<string, object?>("source", source));
    public void Dropped(string source, string reason, long n) =>
        _dropped.Add(n, new KeyValuePair<string, object?>("source", source), new KeyValuePair<string, object?>("reason", reason));

    /// <summary>Gauges over what the pipeline knows.</summary>
    public void Observe(Func<long> frames, Func<long> bytes, Func<double> lag)
    {
        _meter.CreateObservableGauge("beacon.collectors.spool.frames", frames, "{frame}", "Frames in the spool that are not done yet");
        _meter.CreateObservableGauge("beacon.collectors.spool.bytes", bytes, "By", "Bytes of the spool on disk");
        _meter.CreateObservableGauge("beacon.collectors.lag", lag, "s", "Age of the oldest frame that is not done yet");
    }

    public void Dispose() => _meter.Dispose();
}
