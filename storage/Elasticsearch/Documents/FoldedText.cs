using System.Buffers;
using System.Text;

namespace Beacon.Storage.Elasticsearch.Documents;

/// <summary>Text without case, every code point in its invariant lower case, over UTF-8. Done here and not by the server: Java folds some letters otherwise.</summary>
internal static class FoldedText
{
    private static readonly SearchValues<byte> MayFold = SearchValues.Create([.. "ABCDEFGHIJKLMNOPQRSTUVWXYZ"u8, .. Enumerable.Range(128, 128).Select(b => (byte)b)]);

    public static string Of(string text)
    {
        if (Ascii.IsValid(text)) return text.ToLowerInvariant();
        var folded = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) folded.Append(Rune.ToLowerInvariant(rune).ToString());
        return folded.ToString();
    }

    /// <summary>Writes the folded text to the buffer, after clearing it.</summary>
    /// <returns>False where the text is its own folded form; then nothing is written.</returns>
    public static bool TryFold(ReadOnlySpan<byte> text, ByteBuffer into)
    {
        into.Clear();
        var at = text.IndexOfAny(MayFold);
        if (at < 0) return false;
        if (Ascii.IsValid(text))
        {
            Ascii.ToLower(text, into.GetSpan(text.Length), out var n);
            into.Advance(n);
            return true;
        }
        var differs = false;
        for (var rest = text; rest.Length > 0;)
        {
            Rune.DecodeFromUtf8(rest, out var rune, out var length);
            var folded = Rune.ToLowerInvariant(rune);
            differs |= folded != rune;
            into.Advance(folded.EncodeToUtf8(into.GetSpan(4)));
            rest = rest[length..];
        }
        return differs;
    }
}
