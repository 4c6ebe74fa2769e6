using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.Evtx;

/// <summary>Writes a typed value ([MS-EVEN6] section 2.2.12, value types) as the text that Windows renders.</summary>
internal static class EvtxValue
{
    public const byte Null = 0x00, Text = 0x01, Fragment = 0x21, Array = 0x80;
    private const int LongestScalar = 64;

    /// <summary>Adds the value; an array gives a value an element.</summary>
    public static void Add(SecurityEvent e, FieldId field, ReadOnlySpan<byte> name, byte type, ReadOnlySpan<byte> bytes)
    {
        if (type == Text)
        {
            // Terminators that some writers count in are no part of the text; a NUL anywhere else is.
            e.Add(field, name, MemoryMarshal.Cast<byte, char>(bytes).TrimEnd('\0'));
            return;
        }
        if ((type & Array) != 0)
        {
            AddArray(e, field, name, (byte)(type & ~Array), bytes);
            return;
        }
        if (type is 0x02)
        {
            AddText(e, field, name, Encoding.Latin1.GetString(bytes.TrimEnd((byte)0)), ValueKind.Text);
            return;
        }
        if (type is 0x0E)
        {
            AddText(e, field, name, Convert.ToHexString(bytes), ValueKind.Text);
            return;
        }
        if (type is 0x13)
        {
            AddSid(e, field, name, bytes);
            return;
        }
        Span<byte> text = stackalloc byte[LongestScalar];
        var n = Format(type, bytes, text, out var kind);
        AddUtf8(e, field, name, text[..n], kind);
    }

    /// <summary>The instant of a FILETIME; false for another type, or out of range.</summary>
    public static bool TryTime(byte type, ReadOnlySpan<byte> bytes, out DateTimeOffset time)
    {
        time = default;
        if (type != 0x11 || bytes.Length < 8) return false;
        var ticks = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks - FileTimeEpoch) return false;
        time = new DateTimeOffset(ticks + FileTimeEpoch, TimeSpan.Zero);
        return true;
    }

    /// <summary>The value as a string, for text that is put together from several.</summary>
    public static string ToText(byte type, ReadOnlySpan<byte> bytes)
    {
        var e = new SecurityEvent(64, 4);
        Add(e, Field.Message, default, type, bytes);
        return e.Count > 0 ? e.TextAt(0) : "";
    }

    private const long FileTimeEpoch = 504_911_232_000_000_000;

    private static int Format(byte type, ReadOnlySpan<byte> b, Span<byte> text, out ValueKind kind)
    {
        kind = ValueKind.Number;
        var n = 0;
        var ok = type switch
        {
            0x03 when b.Length >= 1 => Utf8Formatter.TryFormat((sbyte)b[0], text, out n),
            0x04 when b.Length >= 1 => Utf8Formatter.TryFormat(b[0], text, out n),
            0x05 when b.Length >= 2 => Utf8Formatter.TryFormat(BinaryPrimitives.ReadInt16LittleEndian(b), text, out n),
            0x06 when b.Length >= 2 => Utf8Formatter.TryFormat(BinaryPrimitives.ReadUInt16LittleEndian(b), text, out n),
            0x07 when b.Length >= 4 => Utf8Formatter.TryFormat(BinaryPrimitives.ReadInt32LittleEndian(b), text, out n),
            0x08 when b.Length >= 4 => Utf8Formatter.TryFormat(BinaryPrimitives.ReadUInt32LittleEndian(b), text, out n),
            0x09 when b.Length >= 8 => Utf8Formatter.TryFormat(BinaryPrimitives.ReadInt64LittleEndian(b), text, out n),
            0x0A when b.Length >= 8 => Utf8Formatter.TryFormat(BinaryPrimitives.ReadUInt64LittleEndian(b), text, out n),
            _ => false,
        };
        if (ok) return n;
        if (type == 0x0D && b.Length >= 1)
        {
            kind = ValueKind.Boolean;
            var value = b.IndexOfAnyExcept((byte)0) >= 0 ? "true"u8 : "false"u8;
            value.CopyTo(text);
            return value.Length;
        }
        if (type is 0x0B or 0x0C && b.Length >= (type == 0x0B ? 4 : 8))
        {
            var number = type == 0x0B ? BinaryPrimitives.ReadSingleLittleEndian(b) : BinaryPrimitives.ReadDoubleLittleEndian(b);
            kind = double.IsFinite(number) ? ValueKind.Number : ValueKind.Text;
            var written = type == 0x0B ? ((float)number).ToString("R", CultureInfo.InvariantCulture) : number.ToString("R", CultureInfo.InvariantCulture);
            return Encoding.ASCII.GetBytes(written, text);
        }
        kind = ValueKind.Text;
        return type switch
        {
            0x0F when b.Length >= 16 => Guid(b, text),
            0x10 or 0x14 or 0x15 => Hex(b, text),
            0x11 when TryTime(0x11, b, out var time) => Time(time, text),
            0x12 when b.Length >= 16 => SystemTime(b, text),
            _ => 0,
        };
    }

    private static int Hex(ReadOnlySpan<byte> b, Span<byte> text)
    {
        var value = b.Length >= 8 ? BinaryPrimitives.ReadUInt64LittleEndian(b) : b.Length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(b) : 0;
        "0x"u8.CopyTo(text);
        Utf8Formatter.TryFormat(value, text[2..], out var n, new System.Buffers.StandardFormat('x'));
        return n + 2;
    }

    private static int Guid(ReadOnlySpan<byte> b, Span<byte> text)
    {
        text[0] = (byte)'{';
        Utf8Formatter.TryFormat(new Guid(b[..16]), text[1..], out var n);
        text[n + 1] = (byte)'}';
        return n + 2;
    }

    private static int Time(DateTimeOffset time, Span<byte> text)
    {
        Utf8Formatter.TryFormat(time.UtcDateTime, text, out var n, new System.Buffers.StandardFormat('O'));
        return n;
    }

    private static int SystemTime(ReadOnlySpan<byte> b, Span<byte> text)
    {
        var v = MemoryMarshal.Cast<byte, ushort>(b);
        if (v[0] is 0 or > 9999 || v[1] is 0 or > 12 || v[3] == 0 || v[3] > DateTime.DaysInMonth(v[0], v[1]) || v[4] > 23 || v[5] > 59 || v[6] > 59 || v[7] > 999) return 0;
        return Time(new DateTimeOffset(v[0], v[1], v[3], v[4], v[5], v[6], v[7], TimeSpan.Zero), text);
    }

    private static void AddSid(SecurityEvent e, FieldId field, ReadOnlySpan<byte> name, ReadOnlySpan<byte> b)
    {
        Span<byte> text = stackalloc byte[200];
        if (b.Length < 8 || b[1] > 15 || b.Length < 8 + b[1] * 4)
        {
            AddUtf8(e, field, name, default, ValueKind.Text);
            return;
        }
        "S-"u8.CopyTo(text);
        var n = 2;
        Utf8Formatter.TryFormat(b[0], text[n..], out var m);
        n += m;
        long authority = 0;
        for (var i = 2; i < 8; i++) authority = (authority << 8) | b[i];
        text[n++] = (byte)'-';
        Utf8Formatter.TryFormat(authority, text[n..], out m);
        n += m;
        for (var i = 0; i < b[1]; i++)
        {
            text[n++] = (byte)'-';
            Utf8Formatter.TryFormat(BinaryPrimitives.ReadUInt32LittleEndian(b[(8 + i * 4)..]), text[n..], out m);
            n += m;
        }
        AddUtf8(e, field, name, text[..n], ValueKind.Text);
    }

    private static void AddArray(SecurityEvent e, FieldId field, ReadOnlySpan<byte> name, byte type, ReadOnlySpan<byte> bytes)
    {
        if (type == Text)
        {
            var chars = MemoryMarshal.Cast<byte, char>(bytes);
            while (!chars.IsEmpty)
            {
                var end = chars.IndexOf('\0');
                e.Add(field, name, end < 0 ? chars : chars[..end]);
                chars = end < 0 ? default : chars[(end + 1)..];
            }
            return;
        }
        var size = type switch { 0x03 or 0x04 => 1, 0x05 or 0x06 => 2, 0x07 or 0x08 or 0x0B or 0x0D or 0x14 => 4, 0x09 or 0x0A or 0x0C or 0x11 or 0x15 => 8, 0x0F or 0x12 => 16, _ => 0 };
        if (size == 0)
        {
            AddText(e, field, name, Convert.ToHexString(bytes), ValueKind.Text);
            return;
        }
        for (; bytes.Length >= size; bytes = bytes[size..]) Add(e, field, name, type, bytes[..size]);
    }

    private static void AddText(SecurityEvent e, FieldId field, ReadOnlySpan<byte> name, string text, ValueKind kind) => AddUtf8(e, field, name, Encoding.UTF8.GetBytes(text), kind);

    private static void AddUtf8(SecurityEvent e, FieldId field, ReadOnlySpan<byte> name, ReadOnlySpan<byte> text, ValueKind kind)
    {
        if (field.IsKnown) e.Add(field, text, kind);
        else e.Add(name, text, kind);
    }
}
