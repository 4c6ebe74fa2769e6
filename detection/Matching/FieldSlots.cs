using System.Collections.Concurrent;
using Beacon.Events;

namespace Beacon.Detections.Matching;

/// <summary>Numbers the fields that a set of rules looks at, from 0: tables over them stay small, whatever names there are besides. Safe to use from several threads.</summary>
internal sealed class FieldSlots
{
    private readonly ConcurrentDictionary<int, int> _slots = new();
    private int _count;

    public int Count => _slots.Count;

    /// <summary>Index of the field in <see cref="FieldNames"/>, and its slot.</summary>
    public IEnumerable<KeyValuePair<int, int>> All => _slots;

    /// <exception cref="InvalidOperationException">There are more fields than <see cref="FieldNames.Capacity"/>.</exception>
    public int Of(string name)
    {
        var id = FieldNames.Intern(name).Value;
        if (_slots.TryGetValue(id, out var slot)) return slot;
        lock (_slots) return _slots.GetOrAdd(id, _ => _count++);
    }
}
