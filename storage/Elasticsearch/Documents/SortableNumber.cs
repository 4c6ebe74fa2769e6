using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Beacon.Storage.Elasticsearch.Documents;

/// <summary>Numbers as sixteen hexadecimal digits whose order as text is the order of the numbers.</summary>
internal static class SortableNumber
{
    public const int Digits = 16;

    /// <summary>Longest text that is read as a number.</summary>
    private const int Longest = 64;

    public static bool TryParse(ReadOnlySpan<byte> text, out double number)
    {
        number = 0;
        // Most texts are no numbers: their first character says so.
        return text.Length is > 0 and <= Longest && text[0] is (>= (byte)'0' and <= (byte)'9') or (byte)'-' or (byte)'+' or (byte)'.' or (byte)' '
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
    }

    public static void Write(double number, Span<byte> digits)
    {
        // Minus zero equals zero.
        var bits = BitConverter.DoubleToUInt64Bits(number == 0 ? 0.0 : number);
        bits = (bits & 0x8000_0000_0000_0000) != 0 ? ~bits : bits | 0x8000_0000_0000_0000;
        Span<byte> raw = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(raw, bits);
        Convert.TryToHexStringLower(raw, digits, out _);
    }

    public static string ToText(double number)
    {
        Span<byte> digits = stackalloc byte[Digits];
        Write(number, digits);
        return Encoding.ASCII.GetString(digits);
    }
}
