using System.Text;
using Beacon.Events;

namespace Beacon.Detections.Matching;

/// <summary>Writes down where a rule matched.</summary>
internal static class Evidence
{
    /// <summary>Places kept per detection.</summary>
    public const int MaxFields = 24;

    /// <summary>Text kept before a match that lies beyond the cut.</summary>
    private const int Lead = 256;

    public static void Add(List<MatchedField> found, EventView view, string selection, int entry, ValueTest test)
    {
        if (found.Count >= MaxFields) return;
        var value = view.Event.TextAt(entry);
        var (start, length) = test.Locate(value);
        if (value.Length > MatchedField.MaxValueLength)
        {
            var from = start + length <= MatchedField.MaxValueLength ? 0 : Math.Max(0, start - Lead);
            if (from > 0 && char.IsLowSurrogate(value[from])) from--;
            var to = Math.Min(value.Length, from + MatchedField.MaxValueLength);
            if (to < value.Length && char.IsLowSurrogate(value[to])) to--;
            value = value[from..to];
            start -= from;
            length = Math.Max(0, Math.Min(length, value.Length - start));
        }
        var field = new MatchedField(selection, Encoding.UTF8.GetString(view.Event.NameAt(entry)), value, start, length);
        if (!found.Contains(field)) found.Add(field);
    }
}
