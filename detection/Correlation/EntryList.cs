using System.Runtime.InteropServices;

namespace Beacon.Detections.Correlation;

/// <summary>Entries in order of time, then of arrival; the oldest leave at the front.</summary>
internal sealed class EntryList
{
    private readonly List<CorrelationEntry> _entries = [];
    private int _head;

    public int Count => _entries.Count - _head;
    public ref readonly CorrelationEntry this[int index] => ref CollectionsMarshal.AsSpan(_entries)[_head + index];
    public ref readonly CorrelationEntry Last => ref this[Count - 1];
    public ReadOnlySpan<CorrelationEntry> Span => CollectionsMarshal.AsSpan(_entries)[_head..];

    public void Insert(int index, in CorrelationEntry entry) => _entries.Insert(_head + index, entry);

    /// <summary>Keeps those for which the answer is true; the order stays.</summary>
    public void Keep(ReadOnlySpan<bool> kept)
    {
        var all = CollectionsMarshal.AsSpan(_entries);
        var next = 0;
        for (var i = 0; i < kept.Length; i++)
            if (kept[i]) all[next++] = all[_head + i];
        _entries.RemoveRange(next, _entries.Count - next);
        _head = 0;
    }

    public void RemoveFirst()
    {
        // What it held must not be kept alive by the gap.
        CollectionsMarshal.AsSpan(_entries)[_head++] = default;
        if (_head < 64 || _head * 2 < _entries.Count) return;
        _entries.RemoveRange(0, _head);
        _head = 0;
    }

    /// <summary>Index of the first entry at or after a time.</summary>
    public int From(long time)
    {
        int low = 0, high = Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (this[middle].Time < time) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    /// <summary>Where an entry belongs: behind all that are not later.</summary>
    public int PlaceOf(in CorrelationEntry entry)
    {
        if (Count == 0 || Last.CompareTo(entry) <= 0) return Count;
        int low = 0, high = Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (this[middle].CompareTo(entry) <= 0) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
