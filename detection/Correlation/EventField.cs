using System.Text;
using Beacon.Detections.Matching;
using Beacon.Events;

namespace Beacon.Detections.Correlation;

/// <summary>Reads the fields of an event that one field of a rule means, as the rule's own tests would find them.</summary>
internal sealed class EventField(IReadOnlyList<string> names)
{
    private const string Data = "winlog.event_data.";

    /// <summary>Adds the values that are there, up to <paramref name="most"/>.</summary>
    public void Read(SecurityEvent e, List<string> values, int most)
    {
        foreach (var name in names)
        {
            if (name == FieldReader.TimestampName)
            {
                values.Add(e.Timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", System.Globalization.CultureInfo.InvariantCulture));
                continue;
            }
            var found = false;
            for (var i = e.IndexOf(name); i >= 0 && values.Count < most; i = e.IndexOf(name, i + 1))
            {
                found = true;
                if (e.KindAt(i) != ValueKind.Null) values.Add(e.TextAt(i));
            }
            if (!found && name.StartsWith(Data, StringComparison.Ordinal)) ReadOtherName(e, Encoding.UTF8.GetBytes(name[Data.Length..]), values, most);
            if (values.Count >= most) return;
        }
    }

    public string? First(SecurityEvent e, List<string> scratch)
    {
        scratch.Clear();
        Read(e, scratch, 1);
        return scratch.Count > 0 ? scratch[0] : null;
    }

    /// <summary>As rules do: a data name with spaces answers without them, a leaf of UserData by its own name.</summary>
    private static void ReadOtherName(SecurityEvent e, ReadOnlySpan<byte> leaf, List<string> values, int most)
    {
        for (var i = 0; i < e.Count && values.Count < most; i++)
        {
            var name = e.NameAt(i);
            var other = name.StartsWith("winlog.user_data."u8) ? name[(name.LastIndexOf((byte)'.') + 1)..] : name.StartsWith("winlog.event_data."u8) ? name[Data.Length..] : default;
            if (SameWithoutSpaces(other, leaf) && e.KindAt(i) != ValueKind.Null) values.Add(e.TextAt(i));
        }
    }

    private static bool SameWithoutSpaces(ReadOnlySpan<byte> name, ReadOnlySpan<byte> leaf)
    {
        var at = 0;
        foreach (var b in name)
        {
            if (b == ' ') continue;
            if (at >= leaf.Length || leaf[at++] != b) return false;
        }
        return at == leaf.Length && at > 0;
    }
}
