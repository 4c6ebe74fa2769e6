using System.Buffers;
using System.Text;

namespace Beacon.Events;

/// <summary>Text as both state databases can keep it: PostgreSQL takes no NUL, and neither takes a lone surrogate (which is no character).</summary>
internal static class StateText
{
    private static readonly SearchValues<char> Suspect = SearchValues.Create([.. Enumerable.Range(0xD800, 0x800).Select(static c => (char)c), '\0']);

    /// <summary>The text itself, or with U+FFFD in the place of what can't be kept.</summary>
    public static string Storable(string text)
    {
        if (!text.AsSpan().ContainsAny(Suspect)) return text;
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) clean.Append(rune.Value == 0 ? Rune.ReplacementChar.ToString() : rune.ToString());
        return clean.ToString();
    }
}
