using System.Buffers;
using System.Text;

namespace Beacon.Detections.Matching;

/// <summary>
/// Case folding of UTF-8 text: every code point to its invariant lower case, one to one. So K (Kelvin) equals k and ẞ equals ß, while
/// ß is not "ss" and İ keeps its dot. Both sides of a comparison are folded once, then compared byte by byte.
/// </summary>
internal static class TextFold
{
    /// <summary>Bytes that folding may need: some two-byte letters have three-byte lower cases.</summary>
    public static int MaxLength(int bytes) => bytes + (bytes / 2) + 4;

    /// <summary>Folds into <paramref name="output"/>, which holds <see cref="MaxLength"/> bytes.</summary>
    public static int Fold(ReadOnlySpan<byte> text, Span<byte> output)
    {
        if (Ascii.ToLower(text, output, out var written) == OperationStatus.Done) return written;
        written = 0;
        while (text.Length > 0)
        {
            if (Rune.DecodeFromUtf8(text, out var rune, out var used) != OperationStatus.Done)
            {
                // Events hold valid UTF-8; what is not stays as it is.
                output[written++] = text[0];
                text = text[1..];
                continue;
            }
            written += Rune.ToLowerInvariant(rune).EncodeToUtf8(output[written..]);
            text = text[used..];
        }
        return written;
    }

    public static byte[] Fold(string text) => Fold(Encoding.UTF8.GetBytes(text));

    public static byte[] Fold(ReadOnlySpan<byte> text)
    {
        var output = new byte[MaxLength(text.Length)];
        return output[..Fold(text, output)];
    }

    /// <summary>Folds UTF-16 text and gives, for each unit of the answer and its end, the unit of the original.</summary>
    public static (string Folded, int[] Origin) FoldWithOrigin(string text)
    {
        var folded = new StringBuilder(text.Length);
        var origin = new List<int>(text.Length + 1);
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var lower = Rune.ToLowerInvariant(rune);
            for (var i = 0; i < lower.Utf16SequenceLength; i++) origin.Add(at);
            folded.Append(lower.ToString());
            at += rune.Utf16SequenceLength;
        }
        origin.Add(text.Length);
        return (folded.ToString(), [.. origin]);
    }
}
