using System.Buffers;
using System.Text;

namespace Beacon.Storage.Elasticsearch.Documents;

/// <summary>
/// How a field without a column of its own stands in the one flattened field: "name=value". The first '=' ends the name; in names '=' and the other
/// separators are written as '^' and a digit.
/// </summary>
internal static class FieldTerm
{
    public const byte Value = (byte)'=', Head = (byte)'<', Tail = (byte)'>', Hash = (byte)'#';

    private static readonly SearchValues<byte> Special = SearchValues.Create("^=<>#"u8);

    /// <summary>The name with a separator behind it, for queries.</summary>
    public static string Prefix(string name, byte separator = Value)
    {
        using var buffer = new ByteBuffer(256);
        WriteName(Encoding.UTF8.GetBytes(name), buffer);
        buffer.Add(separator);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes the escaped name.</summary>
    public static void WriteName(ReadOnlySpan<byte> name, ByteBuffer output)
    {
        for (var i = name.IndexOfAny(Special); i >= 0; i = name.IndexOfAny(Special))
        {
            output.Add(name[..i]);
            output.Add((byte)'^');
            output.Add((byte)('0' + "^=<>#"u8.IndexOf(name[i])));
            name = name[(i + 1)..];
        }
        output.Add(name);
    }

    /// <summary>Splits a term into its name and its value.</summary>
    /// <returns>False where there is no separator: it is not one of ours.</returns>
    public static bool TrySplit(ReadOnlySpan<byte> term, ByteBuffer name, out ReadOnlySpan<byte> value)
    {
        name.Clear();
        var end = term.IndexOf(Value);
        value = end < 0 ? default : term[(end + 1)..];
        if (end < 0) return false;
        var escaped = term[..end];
        for (var i = escaped.IndexOf((byte)'^'); i >= 0 && i + 1 < escaped.Length; i = escaped.IndexOf((byte)'^'))
        {
            name.Add(escaped[..i]);
            name.Add("^=<>#"u8[Math.Clamp(escaped[i + 1] - '0', 0, 4)]);
            escaped = escaped[(i + 2)..];
        }
        name.Add(escaped);
        return true;
    }
}
