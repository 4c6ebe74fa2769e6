namespace Beacon.Detections.Matching;

/// <summary>The fields of an event that a rule's field means; their values count together.</summary>
internal sealed class FieldReader
{
    /// <summary>The event's own time, which is no field of its buffer.</summary>
    public const string TimestampName = "@timestamp";

    public FieldReader(IReadOnlyList<string> names, FieldSlots slots)
    {
        Name = names[0];
        IsTimestamp = names.Contains(TimestampName);
        Slots = [.. names.Where(static n => n != TimestampName).Select(slots.Of).Distinct()];
    }

    public string Name { get; }
    public int[] Slots { get; }
    public bool IsTimestamp { get; }

    public bool IsPresent(EventView view)
    {
        if (IsTimestamp) return true;
        foreach (var slot in Slots)
            if (view.First(slot) >= 0) return true;
        return false;
    }

    /// <summary>The field is absent, or stands there without a value.</summary>
    public bool IsNull(EventView view)
    {
        if (IsTimestamp) return false;
        foreach (var slot in Slots)
            for (var link = view.First(slot); link >= 0; link = view.Next(link))
                if (!view.IsNull(view.EntryOf(link))) return false;
        return true;
    }

    /// <summary>Index of the first value that passes, or -1.</summary>
    public int Find(EventView view, ValueTest test)
    {
        foreach (var slot in Slots)
        {
            for (var link = view.First(slot); link >= 0; link = view.Next(link))
            {
                var entry = view.EntryOf(link);
                if (!view.IsNull(entry) && test.Test(view, entry)) return entry;
            }
        }
        return -1;
    }
}
