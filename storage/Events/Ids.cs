using System.Buffers.Binary;

namespace Beacon.Events;

/// <summary>Identity of one stored event: derived from the spool and the frame's place in it, so that the same frame always gets the same id.</summary>
public readonly record struct SecurityEventId(Guid Value) : IComparable<SecurityEventId>
{
    /// <summary>An RFC 9562 version 8 UUID: eight bytes of the spool's identity, then the frame's sequence number, big-endian.</summary>
    public static SecurityEventId From(ulong spool, long sequence)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, spool);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], sequence);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new SecurityEventId(new Guid(bytes, bigEndian: true));
    }

    public static bool TryParse(string? text, out SecurityEventId id)
    {
        var ok = Guid.TryParse(text, out var value);
        id = new SecurityEventId(value);
        return ok;
    }

    public int CompareTo(SecurityEventId other) => Value.CompareTo(other.Value);
    public static bool operator <(SecurityEventId left, SecurityEventId right) => left.CompareTo(right) < 0;
    public static bool operator >(SecurityEventId left, SecurityEventId right) => left.CompareTo(right) > 0;
    public static bool operator <=(SecurityEventId left, SecurityEventId right) => left.CompareTo(right) <= 0;
    public static bool operator >=(SecurityEventId left, SecurityEventId right) => left.CompareTo(right) >= 0;
    public override string ToString() => Value.ToString("D");
}

/// <summary>Identity of one detection: the same rule over the same event, or the same window, always gives the same id.</summary>
public readonly record struct DetectionId(string Value)
{
    public override string ToString() => Value;
}
