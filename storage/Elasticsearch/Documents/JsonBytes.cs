using System.Buffers;
using System.Buffers.Text;

namespace Beacon.Storage.Elasticsearch.Documents;

/// <summary>JSON (RFC 8259) straight into bytes. Texts are known to be UTF-8.</summary>
internal static class JsonBytes
{
    private static readonly SearchValues<byte> MustEscape = SearchValues.Create([.. Enumerable.Range(0, 32).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    public static void String(ByteBuffer output, ReadOnlySpan<byte> utf8)
    {
        output.Add((byte)'"');
        Escaped(output, utf8);
        output.Add((byte)'"');
    }

    /// <summary>The inside of a string.</summary>
    public static void Escaped(ByteBuffer output, ReadOnlySpan<byte> utf8)
    {
        while (true)
        {
            var i = utf8.IndexOfAny(MustEscape);
            if (i < 0)
            {
                output.Add(utf8);
                return;
            }
            output.Add(utf8[..i]);
            output.Add((byte)'\\');
            switch (utf8[i])
            {
                case (byte)'"': output.Add((byte)'"'); break;
                case (byte)'\\': output.Add((byte)'\\'); break;
                case (byte)'\n': output.Add((byte)'n'); break;
                case (byte)'\r': output.Add((byte)'r'); break;
                case (byte)'\t': output.Add((byte)'t'); break;
                case var control: Numeric(output, control); break;
            }
            utf8 = utf8[(i + 1)..];
        }
    }

    private static void Numeric(ByteBuffer output, byte b)
    {
        output.Add("u00"u8);
        output.Add("0123456789abcdef"u8[b >> 4]);
        output.Add("0123456789abcdef"u8[b & 15]);
    }

    public static void Number(ByteBuffer output, long value)
    {
        Span<byte> text = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, text, out var n);
        output.Add(text[..n]);
    }

    /// <summary>An instant in UTC with six decimals (ISO 8601), in quotes. Before year 1 and after 9999 there is none.</summary>
    public static void Time(ByteBuffer output, DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[33];
        Utf8Formatter.TryFormat(time.UtcDateTime, text, out _, 'O');
        output.Add((byte)'"');
        output.Add(text[..26]);
        output.Add("Z\""u8);
    }
}
