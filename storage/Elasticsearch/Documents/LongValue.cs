using System.Security.Cryptography;
using System.Text;

namespace Beacon.Storage.Elasticsearch.Documents;

/// <summary>
/// A value that is longer than a term may be (32,766 bytes in Lucene) is indexed in overlapping pieces: any text up to <see cref="Overlap"/> stands
/// whole in one of them. Its first and last piece and the hash of its folded text stand beside them.
/// </summary>
internal static class LongValue
{
    /// <summary>Bytes of a value that is still one term.</summary>
    public const int MostBytes = 8_000;

    /// <summary>Bytes of a piece.</summary>
    private const int Piece = 8_000;

    /// <summary>Bytes that two pieces have in common: the longest text that can be searched for within a long value.</summary>
    public const int Overlap = 2_000;

    /// <summary>Writes the terms of "pieces" for a folded value, each as a JSON string with a comma behind it.</summary>
    public static void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ByteBuffer output)
    {
        var last = 0;
        for (var start = 0; ; start = last)
        {
            var end = Boundary(value, Math.Min(value.Length, start + Piece));
            Term(name, start == 0 ? FieldTerm.Head : FieldTerm.Value, value[start..end], output);
            if (start == 0) Term(name, FieldTerm.Value, value[start..end], output);
            if (end == value.Length) break;
            last = Boundary(value, end - Overlap);
        }
        Term(name, FieldTerm.Tail, value[Boundary(value, value.Length - Overlap)..], output);
        Term(name, FieldTerm.Hash, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(value))), output);
    }

    /// <summary>Hash of a folded text, lower-case hexadecimal.</summary>
    public static string HashOf(string folded) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folded)));

    private static void Term(ReadOnlySpan<byte> name, byte separator, ReadOnlySpan<byte> text, ByteBuffer output)
    {
        output.Add((byte)'"');
        FieldTermJson.Name(name, separator, output);
        JsonBytes.Escaped(output, text);
        output.Add("\","u8);
    }

    /// <summary>The place itself, or the first byte of the character in which it lies.</summary>
    private static int Boundary(ReadOnlySpan<byte> utf8, int at)
    {
        while (at > 0 && at < utf8.Length && (utf8[at] & 0xC0) == 0x80) at--;
        return at;
    }
}
