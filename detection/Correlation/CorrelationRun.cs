using System.Runtime.InteropServices;
using Beacon.Detections.Matching;
using Beacon.Events;

namespace Beacon.Detections.Correlation;

/// <summary>
/// Runs correlations over events that are all there already, such as files: observe each match, in any order and from several
/// threads, then take the hits. Only the values that correlations need are kept of an event. Where the events' sequence numbers are
/// set, each once in a run, equal times are decided by them, and two runs give the same hits whatever the threads did.
/// </summary>
public sealed class CorrelationRun(CorrelationSet set, CorrelationLimits? limits = null)
{
    private readonly CorrelationLimits _limits = limits ?? CorrelationLimits.Default;
    private readonly Lock _gate = new();
    private readonly List<CorrelationObservation> _observations = [];
    private readonly Counts _counts = new();
    private long _bytes;
    private long _order;

    /// <summary>Matches that were not kept because <see cref="CorrelationLimits.MaxBytes"/> was reached.</summary>
    public long Omitted { get; private set; }

    /// <summary>Matches that were forgotten while the windows were run because a ceiling of a group was reached; known after <see cref="Finish"/>.</summary>
    public long Evicted => _counts.Evicted;

    /// <summary>Takes an event that a rule of the set matched; others cost nothing.</summary>
    /// <param name="label">Where the event was found, for people; or null.</param>
    public void Observe(CompiledRule rule, SecurityEvent e, string? label = null)
    {
        if (!set.IsUsed(rule)) return;
        // The same event gives the same order whatever rule matched it, and so do equal times in one file.
        var order = e.Sequence > 0 ? e.Sequence : OrderOf(e, label);
        lock (_gate)
        {
            if (_bytes > _limits.MaxBytes)
            {
                Omitted++;
                return;
            }
            var before = _observations.Count;
            set.Extract(rule, e, order, label, _observations);
            for (var i = before; i < _observations.Count; i++)
            {
                _bytes += 100 + _observations[i].Entry.Bytes;
                foreach (var value in _observations[i].Group) _bytes += 32 + (value.Length * 2);
            }
        }
    }

    /// <summary>All hits in order of time, those of silent correlations left out. To be called once, when everything was observed.</summary>
    public IEnumerable<CorrelationHit> Finish()
    {
        lock (_gate)
        {
            _observations.Sort(static (a, b) => a.Entry.CompareTo(b.Entry));
            // Everything is in order: nothing comes late, and a window is closed when its end has passed.
            var engine = new CorrelationEngine(_limits with { Lateness = TimeSpan.Zero }, null, _counts);
            engine.Use(set);
            var all = new List<CorrelationHit>();
            var looked = long.MinValue / 2;
            var events = CollectionsMarshal.AsSpan(_observations);
            foreach (ref var observation in events) observation = observation with { Entry = observation.Entry with { Received = observation.Entry.Time } };
            for (int from = 0, to; from < events.Length; from = to)
            {
                for (to = from + 1; to < events.Length && events[to].Entry.CompareTo(events[from].Entry) == 0; to++) { }
                var time = events[from].Entry.Time;
                if (time >= looked + TimeSpan.TicksPerSecond)
                {
                    // Up to the instant before: an event at the very end of a window belongs to it.
                    engine.Advance(new DateTimeOffset(Math.Max(0, time - 1), TimeSpan.Zero), all);
                    looked = time;
                }
                engine.Observe(events[from..to], all);
            }
            engine.Advance(DateTimeOffset.MaxValue, all);
            _observations.Clear();
            _bytes = 0;
            return [.. all.Where(h => !set.IsSilent(h.Rule.Id)).OrderBy(static h => h.Time)];
        }
    }

    [ThreadStatic]
    private static (CorrelationRun? Run, SecurityEvent? Event, DateTimeOffset Time, string? Label, long Order) _last;

    private long OrderOf(SecurityEvent e, string? label)
    {
        // A thread observes an event's rules one after the other, and reuses the event for the next record: time and label tell them apart.
        if (_last.Run == this && ReferenceEquals(e, _last.Event) && e.Timestamp == _last.Time && label == _last.Label) return _last.Order;
        _last = (this, e, e.Timestamp, label, Interlocked.Increment(ref _order));
        return _last.Order;
    }

    private sealed class Counts : ICorrelationCounts
    {
        public long Evicted { get; private set; }

        public void CountEvictions(string ruleId, int entries) => Evicted += entries;

        public void CountLate(string ruleId) { }
    }
}
