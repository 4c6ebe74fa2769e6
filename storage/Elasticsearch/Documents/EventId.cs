using System.Buffers;
using System.Buffers.Text;
using Beacon.Events;

namespace Beacon.Storage.Elasticsearch.Documents;

/// <summary>An event's id as the document's: its sixteen bytes as 22 characters of base64url (RFC 4648 section 5), which the server keeps as sixteen bytes again.</summary>
internal static class EventId
{
    public const int Length = 22;

    public static void Write(SecurityEventId id, Span<byte> into)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        Base64Url.EncodeToUtf8(bytes, into);
    }

    public static string ToText(SecurityEventId id) => Base64Url.EncodeToString(id.Value.ToByteArray(bigEndian: true));

    public static bool TryParse(ReadOnlySpan<byte> text, out SecurityEventId id)
    {
        id = default;
        Span<byte> bytes = stackalloc byte[18];
        if (text.Length != Length || Base64Url.DecodeFromUtf8(text, bytes, out _, out var n) != OperationStatus.Done || n != 16) return false;
        id = new SecurityEventId(new Guid(bytes[..16], bigEndian: true));
        return true;
    }
}
