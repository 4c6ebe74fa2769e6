using System.Diagnostics.Metrics;

namespace Beacon.Storage.Elasticsearch;

/// <summary>Counts of the scale-out store (meter "Beacon.Storage").</summary>
internal sealed class StoreMeter : IDisposable
{
    public const string Name = "Beacon.Storage";

    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _events, _bytes, _known, _busy, _refused, _dropped;
    private readonly Histogram<double> _seconds;

    public StoreMeter()
    {
        _events = _meter.CreateCounter<long>("beacon.storage.bulk_events", "{event}", "Events sent in bulk requests, repeated ones included");
        _bytes = _meter.CreateCounter<long>("beacon.storage.bulk_bytes", "By", "Bytes of bulk requests as they were sent");
        _seconds = _meter.CreateHistogram<double>("beacon.storage.bulk_duration", "s", "Time of a bulk request");
        _known = _meter.CreateCounter<long>("beacon.storage.bulk_known", "{event}", "Events that an earlier try had stored");
        _busy = _meter.CreateCounter<long>("beacon.storage.bulk_busy", "{request}", "Requests that the server had no room for, in whole or in part");
        _refused = _meter.CreateCounter<long>("beacon.storage.refused", "{event}", "Events that the server will not store");
        _dropped = _meter.CreateCounter<long>("beacon.storage.refused_dropped", "{event}", "Refused events that could not be kept");
    }

    public void Sent(int events, long bytes, TimeSpan taken)
    {
        _events.Add(events);
        _bytes.Add(bytes);
        _seconds.Record(taken.TotalSeconds);
    }

    public void Known() => _known.Add(1);
    public void Busy() => _busy.Add(1);
    public void Refused() => _refused.Add(1);
    public void Dropped(int events) => _dropped.Add(events);

    public void Dispose() => _meter.Dispose();
}
