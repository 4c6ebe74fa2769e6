using System.Net;
using System.Net.Sockets;
using System.Text;
using Beacon.Events;

namespace Beacon.Storage.DuckDb;

/// <summary>IP addresses as 16 sortable bytes, IPv4 mapped into IPv6 (RFC 4291 section 2.5.5.2): a network is then a span.</summary>
internal static class Addresses
{
    public static string SortColumn(EcsColumn column) => column.Name + "#";

    public static bool Sortable(ReadOnlySpan<byte> utf8, Span<byte> into)
    {
        Span<char> text = stackalloc char[64];
        if (utf8.Length > text.Length || !Encoding.UTF8.TryGetChars(utf8, text, out var n) || !IPAddress.TryParse(text[..n], out var address)) return false;
        Sortable(address, into);
        return true;
    }

    public static void Sortable(IPAddress address, Span<byte> into)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            into[..10].Clear();
            into[10] = into[11] = 0xFF;
            address.TryWriteBytes(into[12..], out _);
        }
        else address.TryWriteBytes(into, out _);
    }

    /// <summary>Member of "multi" with a column's addresses as <see cref="Text"/>; no field has such a name.</summary>
    public static string ListMember(string column) => column + "#";

    /// <summary>The 128 bits as text that sorts as they do, of letters that stand in no event: private use, a letter for four bits.</summary>
    public static string Text(ReadOnlySpan<byte> sortable) => string.Create(sortable.Length * 2, sortable, static (text, bytes) =>
    {
        for (var i = 0; i < text.Length; i++) text[i] = (char)('\uE000' + (i % 2 == 0 ? bytes[i / 2] >> 4 : bytes[i / 2] & 15));
    });
}
