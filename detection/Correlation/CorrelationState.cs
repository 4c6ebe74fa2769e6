using Beacon.Detections.Correlation.Windows;
using Beacon.Detections.Sigma.Correlations;

namespace Beacon.Detections.Correlation;

/// <summary>
/// What one correlation remembers, and when it raises. A condition of lower bounds is judged with each event, over the window that
/// ends with it: it raises when it comes true, and again once it was false in between or a timespan has passed. Any other
/// condition is judged when a timespan, counted from a group's first event, has passed. Both ends of a window belong to it.
/// </summary>
internal sealed class CorrelationState(CompiledCorrelation correlation, CorrelationLimits limits, CorrelationMemory memory, ICorrelationLog? log, ICorrelationCounts? counts)
{
    private readonly long _span = correlation.Rule.Timespan.Ticks;
    private readonly long _lateness = limits.Lateness.Ticks;
    private readonly bool _needsEnd = correlation.Rule.Condition.NeedsEnd;
    private readonly bool _isTemporal = correlation.Rule.Type.IsTemporal();
    private readonly uint _anchors = correlation.Rule.Condition.Expression?.Asserted ?? uint.MaxValue;
    private readonly Dictionary<string, CorrelationGroup> _groups = new(StringComparer.Ordinal);
    private readonly PriorityQueue<CorrelationGroup, long> _due = new();
    // Sorted values are moved with each event: more of them would take their time.
    private readonly int _maxEntries = correlation.Rule.Type is SigmaCorrelationType.ValueMedian or SigmaCorrelationType.ValuePercentile ? Math.Min(limits.MaxEntries, CorrelationLimits.MaxSorted) : limits.MaxEntries;
    private readonly List<(CorrelationGroup Group, int Place)> _entered = [];
    private WindowAggregate? _sweep;

    public CompiledCorrelation Correlation { get; set; } = correlation;
    public int Groups => _groups.Count;
    public IEnumerable<CorrelationGroup> All => _groups.Values;
    public long Bytes { get; private set; }

    private SigmaCorrelation Rule => Correlation.Rule;

    /// <summary>Puts an event in its place. What one event means under several rules is entered before any of it is judged.</summary>
    public void Enter(in CorrelationObservation observation)
    {
        var group = GroupOf(observation.Group);
        var place = Enter(group, observation.Entry, isRestored: false);
        if (place < 0) return;
        log?.Entered(Correlation, group, observation.Entry);
        var known = _entered.FindIndex(e => e.Group == group);
        if (known < 0) _entered.Add((group, place));
        else _entered[known] = (group, place);
    }

    /// <summary>Judges what was entered since the last time.</summary>
    public void Judge(List<CorrelationHit> hits)
    {
        foreach (var (group, place) in _entered)
        {
            // Making room for a later one may have taken it.
            if (group.IsRemoved || place >= group.Entries.Count) continue;
            if (_needsEnd) Close(group, long.MinValue, hits);
            else if (place == group.Entries.Count - 1) JudgeNewest(group, hits);
            else JudgeLate(group, place, hits);
            Trim(group);
        }
        _entered.Clear();
    }

    /// <summary>Decides the windows that the clock has closed, and forgets groups in which nothing happens any more.</summary>
    public void Advance(long clock, List<CorrelationHit> hits)
    {
        while (_due.TryPeek(out var group, out var at) && at <= clock)
        {
            _due.Dequeue();
            if (group.IsRemoved) continue;
            if (_needsEnd) Close(group, clock, hits);
            var deadline = Deadline(group);
            if (deadline <= clock) Remove(group);
            else _due.Enqueue(group, deadline);
        }
    }

    /// <summary>Drops the oldest group, or the older half of the only one.</summary>
    public void Evict()
    {
        // Keys are those of the last look: a group that moved since is looked at again, within reason.
        for (var tries = 0; _groups.Count > 1 && _due.TryDequeue(out var group, out var at); tries++)
        {
            if (group.IsRemoved) continue;
            var deadline = Deadline(group);
            if (deadline > at && tries < 16)
            {
                _due.Enqueue(group, deadline);
                continue;
            }
            counts?.CountEvictions(Rule.Id, group.Entries.Count);
            Remove(group);
            return;
        }
        foreach (var group in _groups.Values)
        {
            var half = (group.Entries.Count + 1) / 2;
            counts?.CountEvictions(Rule.Id, half);
            while (half-- > 0) DropFirst(group);
            if (group.Entries.Count == 0) Remove(group);
            return;
        }
    }

    public void RestoreEntry(string[] values, in CorrelationEntry entry) => Enter(GroupOf(values), entry, isRestored: true);

    public void RestoreMark(string[] values, long[] raised, bool isArmed, long closedUpTo, long newest, long received)
    {
        var group = GroupOf(values);
        group.Raised.Clear();
        group.Raised.AddRange(raised);
        (group.IsArmed, group.ClosedUpTo) = (isArmed, closedUpTo);
        (group.Newest, group.Received) = (Math.Max(group.Newest, newest), Math.Max(group.Received, received));
        while (_needsEnd && group.Entries.Count > 0 && group.Entries[0].Time <= closedUpTo) DropFirst(group);
    }

    /// <summary>After the last record.</summary>
    public void EndRestore()
    {
        foreach (var group in _groups.Values)
        {
            group.Start = 0;
            if (!_needsEnd) group.Rebuild(_span);
            Trim(group);
            while (group.Entries.Count > _maxEntries) DropFirst(group);
        }
    }

    private CorrelationGroup GroupOf(string[] values)
    {
        var key = string.Join('\u001f', values).ToLowerInvariant();
        if (_groups.TryGetValue(key, out var group)) return group;
        if (_groups.Count >= limits.MaxGroups) Evict();
        group = new CorrelationGroup(key, values, WindowAggregate.Of(Rule));
        _groups.Add(key, group);
        Grow(group, group.OwnBytes);
        _due.Enqueue(group, long.MinValue);
        return group;
    }

    /// <returns>Where it was put, or -1 where it is known or comes too late.</returns>
    private int Enter(CorrelationGroup group, in CorrelationEntry entry, bool isRestored)
    {
        if (entry.Time <= group.ClosedUpTo || (group.Newest != long.MinValue && entry.Time < group.Newest - _span - _lateness))
        {
            if (!isRestored) counts?.CountLate(Rule.Id);
            return -1;
        }
        var place = group.Entries.PlaceOf(entry);
        for (var i = place - 1; i >= 0 && group.Entries[i].CompareTo(entry) == 0; i--)
            if (group.Entries[i].Id == entry.Id && (!_isTemporal || group.Entries[i].Rule == entry.Rule)) return -1;
        group.Entries.Insert(place, entry);
        Grow(group, entry.Bytes);
        group.Newest = Math.Max(group.Newest, entry.Time);
        group.Received = Math.Max(group.Received, entry.Received);
        if (isRestored) return place;
        if (!_needsEnd) Slide(group, place);
        if (group.Entries.Count <= _maxEntries) return place;
        DropFirst(group);
        counts?.CountEvictions(Rule.Id, 1);
        return place - 1;
    }

    private void Slide(CorrelationGroup group, int place)
    {
        var entries = group.Entries;
        if (place == entries.Count - 1)
        {
            var from = group.Newest - _span;
            while (group.Start < place && entries[group.Start].Time < from) group.Window.Remove(entries[group.Start++]);
            group.Window.Add(entries[place]);
        }
        else if (entries[place].Time < group.Newest - _span) group.Start++;
        else if (group.Window.IsOrdered) group.Rebuild(_span);
        else group.Window.Add(entries[place]);
    }

    private void JudgeNewest(CorrelationGroup group, List<CorrelationHit> hits)
    {
        var from = group.Newest - _span;
        if (!group.Window.Holds(from))
        {
            if (group.IsArmed) return;
            group.IsArmed = true;
            log?.Marked(Correlation, group);
        }
        else if (group.IsArmed || group.Newest - _span > group.RaisedAt)
        {
            Raise(group, group.Start, group.Entries.Count - 1, group.Window.Number(from), hits);
        }
    }

    /// <summary>Judges the windows that an event which came late belongs to; one raises at most, and none within a timespan of another hit.</summary>
    private void JudgeLate(CorrelationGroup group, int place, List<CorrelationHit> hits)
    {
        var entries = group.Entries;
        var time = entries[place].Time;
        var last = Math.Min(time + _span, group.Newest);
        foreach (var raised in group.Raised)
            if (raised - _span <= time && raised + _span >= last) return;
        var start = entries.From(time - _span);
        // Every window in question lies within the newest one, and where that does not hold none of them does.
        if (group.Window.IsMonotone && start >= group.Start && !group.Window.Holds(group.Newest - _span)) return;
        var window = _sweep ??= WindowAggregate.Of(Rule);
        window.Clear();
        window.Add(entries.Span[start..place]);
        for (var i = place; i < entries.Count && entries[i].Time <= last; i++)
        {
            while (entries[start].Time < entries[i].Time - _span) window.Remove(entries[start++]);
            window.Add(entries[i]);
            if (!window.Holds(entries[i].Time - _span)) continue;
            var end = entries[i].Time;
            if (group.Raised.Exists(r => Math.Abs(end - r) <= _span)) continue;
            Raise(group, start, i, window.Number(entries[i].Time - _span), hits);
            return;
        }
    }

    /// <summary>Decides windows whose end lies behind the newest event by more than the lateness, or whose time has passed by the clock.</summary>
    private void Close(CorrelationGroup group, long clock, List<CorrelationHit> hits)
    {
        var entries = group.Entries;
        while (Anchor(group) is >= 0 and var first)
        {
            var start = entries[first].Time;
            var end = start + _span;
            if (end >= group.Newest - _lateness && entries[first].Received + _span + _lateness > clock) return;
            group.Window.Clear();
            var last = first;
            for (; last < entries.Count && entries[last].Time <= end; last++) group.Window.Add(entries[last]);
            group.ClosedUpTo = end;
            if (group.Window.Holds(start)) Raise(group, first, last - 1, group.Window.Number(start), hits);
            else log?.Marked(Correlation, group);
            while (last-- > 0) DropFirst(group);
        }
    }

    /// <summary>The entry with which a group's window begins: the first of a rule that does not stand under 'not' only.</summary>
    private int Anchor(CorrelationGroup group)
    {
        var entries = group.Entries.Span;
        for (var i = 0; i < entries.Length; i++)
        {
            if (_anchors != uint.MaxValue && (_anchors & (1u << entries[i].Rule)) == 0) continue;
            // All that the same event matched is part of its window.
            while (i > 0 && entries[i - 1].CompareTo(entries[i]) == 0) i--;
            return i;
        }
        return -1;
    }

    private void Raise(CorrelationGroup group, int first, int last, double number, List<CorrelationHit> hits)
    {
        ref readonly var completing = ref group.Entries[last];
        var end = _needsEnd ? group.ClosedUpTo : completing.Time;
        group.NoteRaise(end, group.Newest - (2 * (_span + _lateness)));
        group.IsArmed = false;
        log?.Marked(Correlation, group);
        hits.Add(CorrelationHits.Of(Correlation, group, first, last, end, number));
    }

    private void Trim(CorrelationGroup group)
    {
        var oldest = group.Newest - _span - _lateness;
        while (group.Entries.Count > 0 && group.Entries[0].Time < oldest) DropFirst(group);
        if (!_isTemporal || group.Entries.Count < group.ThinAt) return;
        Grow(group, -group.Thin(group.Newest - _lateness));
        if (!_needsEnd) group.Rebuild(_span);
    }

    private void DropFirst(CorrelationGroup group)
    {
        ref readonly var entry = ref group.Entries[0];
        if (!_needsEnd)
        {
            if (group.Start > 0) group.Start--;
            else group.Window.Remove(entry);
        }
        Grow(group, -entry.Bytes);
        group.Entries.RemoveFirst();
    }

    private long Deadline(CorrelationGroup group)
    {
        // A group whose windows are decided is kept a while, so that stragglers are not taken for a new beginning.
        if (!_needsEnd) return group.Received + _span + _lateness;
        return Anchor(group) is >= 0 and var first ? group.Entries[first].Received + _span + _lateness : group.Received + (2 * (_span + _lateness));
    }

    private void Remove(CorrelationGroup group)
    {
        group.IsRemoved = true;
        _groups.Remove(group.Key);
        Grow(group, -group.Bytes);
    }

    private void Grow(CorrelationGroup group, long bytes)
    {
        group.Bytes += bytes;
        Bytes += bytes;
        memory.Bytes += bytes;
    }
}
