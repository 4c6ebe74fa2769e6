using System.Buffers;
using System.Text;

namespace Beacon.Storage.Elasticsearch.Documents;

/// <summary>
/// How a field without a column of its own stands in the one flattened field: "name=value". The server folds the whole term, so upper case in names is
/// written as '^' and the lower letter ("x.^target^image=C:\a.exe"): names stay case-sensitive while values don't. The first '=' ends the name.
/// </summary>
internal static class FieldTerm
{
    public const byte Value = (byte)'=', Head = (byte)'<', Tail = (byte)'>', Hash = (byte)'#';

    // What the folding would change, what separates, and '^' itself. Other than ASCII is looked at letter by letter.
    private static readonly SearchValues<byte> Special = SearchValues.Create([.. "ABCDEFGHIJKLMNOPQRSTUVWXYZ^=<>#"u8, .. Enumerable.Range(128, 128).Select(b => (byte)b)]);

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
        while (true)
        {
            var i = name.IndexOfAny(Special);
            if (i < 0)
            {
                output.Add(name);
                return;
            }
            output.Add(name[..i]);
            name = name[i..];
            if (name[0] < 128)
            {
                output.Add((byte)'^');
                output.Add(name[0] switch { (byte)'^' => (byte)'0', (byte)'=' => (byte)'1', Head => (byte)'2', Tail => (byte)'3', Hash => (byte)'4', var upper => (byte)(upper | 0x20) });
                name = name[1..];
                continue;
            }
            Rune.DecodeFromUtf8(name, out var rune, out var n);
            if (Rune.ToLowerInvariant(rune) == rune && !Rune.IsUpper(rune)) output.Add(name[..n]);
            else output.Add(Encoding.ASCII.GetBytes($"^5{rune.Value:x};"));
            name = name[n..];
        }
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
        Span<byte> utf8 = stackalloc byte[4];
        while (true)
        {
            var i = escaped.IndexOf((byte)'^');
            if (i < 0 || i + 1 >= escaped.Length) break;
            name.Add(escaped[..i]);
            var kind = escaped[i + 1];
            escaped = escaped[(i + 2)..];
            if (kind == '5' && escaped.IndexOf((byte)';') is var stop and > 0 && int.TryParse(escaped[..stop], System.Globalization.NumberStyles.HexNumber, null, out var scalar) && Rune.IsValid(scalar))
            {
                name.Add(utf8[..new Rune(scalar).EncodeToUtf8(utf8)]);
                escaped = escaped[(stop + 1)..];
            }
            else name.Add(kind switch { (byte)'0' => (byte)'^', (byte)'1' => (byte)'=', (byte)'2' => Head, (byte)'3' => Tail, (byte)'4' => Hash, var lower => (byte)(lower & ~0x20) });
        }
        name.Add(escaped);
        return true;
    }
}
