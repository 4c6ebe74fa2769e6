using System.Buffers.Text;

namespace Beacon.Collectors.Parsers;

/// <summary>Reads the timestamps that logs carry. Answers in UTC; a time without a zone is taken to be in the given one.</summary>
internal static class Timestamps
{
    private static ReadOnlySpan<byte> Months => "JanFebMarAprMayJunJulAugSepOctNovDec"u8;

    /// <summary>How far ahead of its receipt a timestamp without a year may be: clocks differ, and a zone may be wrong.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(2);

    /// <summary>RFC 3339 and its usual variants: 'T' or a space, '.' or ',' before up to nine decimals, 'Z', an offset, or none.</summary>
    public static bool TryIso(ReadOnlySpan<byte> text, TimeZoneInfo zone, out DateTimeOffset time, out int length)
    {
        time = default;
        length = 0;
        if (text.Length < 19 || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)'T' or (byte)'t' or (byte)' ')) return false;
        if (!Text.TryDigits(text[..4], out var year) || !Text.TryDigits(text[5..7], out var month) || !Text.TryDigits(text[8..10], out var day)) return false;
        if (!TryClock(text[11..], out var clock, out var used)) return false;
        length = 11 + used;
        if (!TryDate(year, month, day, clock, out var local)) return false;
        var rest = text[length..];
        if (rest.Length > 0 && rest[0] is (byte)'Z' or (byte)'z')
        {
            length++;
            time = new DateTimeOffset(local, TimeSpan.Zero);
            return true;
        }
        if (TryOffset(rest, out var offset, out used))
        {
            length += used;
            return TryApply(local, offset, out time);
        }
        return TryInZone(local, zone, out time);
    }

    /// <summary>RFC 3164 section 4.1.2, "Oct  9 22:33:20", with a year before or behind the day where a device writes one.</summary>
    public static bool TryBsd(ReadOnlySpan<byte> text, DateTimeOffset received, TimeZoneInfo zone, out DateTimeOffset time, out int length)
    {
        time = default;
        length = 0;
        if (text.Length < 14 || !TryMonth(text, out var month) || text[3] != ' ') return false;
        var at = 4;
        if (text[at] == ' ') at++;
        var digits = 0;
        while (at + digits < text.Length && digits < 3 && char.IsAsciiDigit((char)text[at + digits])) digits++;
        if (digits is 0 or > 2 || !Text.TryDigits(text.Slice(at, digits), out var day)) return false;
        at += digits;
        if (at >= text.Length || text[at] != ' ') return false;
        at++;
        var year = 0;
        if (text.Length > at + 5 && text[at + 4] == ' ' && Text.TryDigits(text.Slice(at, 4), out year)) at += 5;
        if (!TryClock(text[at..], out var clock, out var used)) return false;
        length = at + used;
        return year > 0
            ? TryDate(year, month, day, clock, out var local) && TryInZone(local, zone, out time)
            : TryNearest(month, day, clock, received, zone, out time);
    }

    /// <summary>Apache's access log, "10/Oct/2000:13:55:36 -0700".</summary>
    public static bool TryCommonLog(ReadOnlySpan<byte> text, TimeZoneInfo zone, out DateTimeOffset time)
    {
        time = default;
        if (text.Length < 20 || text[2] != '/' || text[6] != '/' || text[11] != ':') return false;
        if (!Text.TryDigits(text[..2], out var day) || !TryMonth(text[3..], out var month) || !Text.TryDigits(text[7..11], out var year)) return false;
        if (!TryClock(text[12..], out var clock, out var used) || !TryDate(year, month, day, clock, out var local)) return false;
        var rest = Text.TrimSpaces(text[(12 + used)..]);
        return TryOffset(rest, out var offset, out _) ? TryApply(local, offset, out time) : TryInZone(local, zone, out time);
    }

    /// <summary>C's asctime with optional decimals, "Tue Sep 30 12:11:21.258612 2014".</summary>
    public static bool TryAsctime(ReadOnlySpan<byte> text, TimeZoneInfo zone, out DateTimeOffset time)
    {
        time = default;
        if (text.Length < 24 || text[3] != ' ' || !TryMonth(text[4..], out var month)) return false;
        if (!Text.TryDigits(text[8..10].TrimStart((byte)' '), out var day) || !TryClock(text[11..], out var clock, out var used)) return false;
        var rest = Text.TrimSpaces(text[(11 + used)..]);
        return Text.TryDigits(rest, out var year) && TryDate(year, month, day, clock, out var local) && TryInZone(local, zone, out time);
    }

    /// <summary>nginx's error log, "2014/09/30 12:11:21".</summary>
    public static bool TrySlashed(ReadOnlySpan<byte> text, TimeZoneInfo zone, out DateTimeOffset time, out int length)
    {
        time = default;
        length = 0;
        if (text.Length < 19 || text[4] != '/' || text[7] != '/' || text[10] != ' ') return false;
        if (!Text.TryDigits(text[..4], out var year) || !Text.TryDigits(text[5..7], out var month) || !Text.TryDigits(text[8..10], out var day)) return false;
        if (!TryClock(text[11..], out var clock, out var used)) return false;
        length = 11 + used;
        return TryDate(year, month, day, clock, out var local) && TryInZone(local, zone, out time);
    }

    /// <summary>Seconds since 1970 with decimals; milli-, micro- and nanoseconds are told by their size.</summary>
    public static bool TryEpoch(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        if (!Utf8Parser.TryParse(text, out decimal number, out var used) || used != text.Length || number < 0) return false;
        var ticksPerUnit = number switch { < 100_000_000_000m => 10_000_000m, < 100_000_000_000_000m => 10_000m, < 100_000_000_000_000_000m => 10m, _ => 0.01m };
        if (number >= 100_000_000_000_000_000_000m) return false;
        var ticks = DateTimeOffset.UnixEpoch.Ticks + number * ticksPerUnit;
        if (ticks > DateTimeOffset.MaxValue.Ticks) return false;
        time = new DateTimeOffset((long)ticks, TimeSpan.Zero);
        return true;
    }

    private static bool TryNearest(int month, int day, long clock, DateTimeOffset received, TimeZoneInfo zone, out DateTimeOffset time)
    {
        time = default;
        var found = false;
        // The latest year in which it is not in the future: a line of 31 December that comes in January is last year's.
        for (var year = received.Year + 1; year >= received.Year - 4; year--)
        {
            if (!TryDate(year, month, day, clock, out var local) || !TryInZone(local, zone, out var candidate) || candidate - received > Ahead) continue;
            time = candidate;
            found = true;
            break;
        }
        return found;
    }

    private static bool TryClock(ReadOnlySpan<byte> text, out long ticks, out int length)
    {
        ticks = 0;
        length = 0;
        if (text.Length < 8 || text[2] != ':' || text[5] != ':') return false;
        if (!Text.TryDigits(text[..2], out var h) || !Text.TryDigits(text[3..5], out var m) || !Text.TryDigits(text[6..8], out var s) || h > 23 || m > 59 || s > 60) return false;
        // A leap second is the last moment of its minute.
        ticks = (h * 3600L + m * 60 + Math.Min(s, 59)) * TimeSpan.TicksPerSecond;
        length = 8;
        if (text.Length > 9 && text[8] is (byte)'.' or (byte)',' && char.IsAsciiDigit((char)text[9]))
        {
            long fraction = 0, scale = TimeSpan.TicksPerSecond;
            for (length = 9; length < text.Length && char.IsAsciiDigit((char)text[length]); length++)
            {
                if (scale == 1) continue;
                scale /= 10;
                fraction += (text[length] - '0') * scale;
            }
            ticks += fraction;
        }
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out TimeSpan offset, out int length)
    {
        offset = default;
        length = 0;
        if (text.Length < 3 || text[0] is not ((byte)'+' or (byte)'-') || !Text.TryDigits(text[1..3], out var hours)) return false;
        length = 3;
        var minutes = 0;
        var rest = text[3..];
        if (rest.Length >= 3 && rest[0] == ':' && Text.TryDigits(rest[1..3], out minutes)) length = 6;
        else if (rest.Length >= 2 && Text.TryDigits(rest[..2], out minutes)) length = 5;
        if (hours > 14 || minutes > 59) return false;
        offset = TimeSpan.FromMinutes((hours * 60 + minutes) * (text[0] == '-' ? -1 : 1));
        return true;
    }

    private static bool TryMonth(ReadOnlySpan<byte> text, out int month)
    {
        month = 0;
        if (text.Length < 3) return false;
        for (var i = 0; i < 12; i++)
        {
            if (!Months.Slice(i * 3, 3).SequenceEqual(text[..3])) continue;
            month = i + 1;
            return true;
        }
        return false;
    }

    private static bool TryDate(int year, int month, int day, long clock, out DateTime local)
    {
        local = default;
        if (year is < 1 or > 9998 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        local = new DateTime(year, month, day).AddTicks(clock);
        return true;
    }

    private static bool TryInZone(DateTime local, TimeZoneInfo zone, out DateTimeOffset time) =>
        TryApply(local, ReferenceEquals(zone, TimeZoneInfo.Utc) ? TimeSpan.Zero : zone.GetUtcOffset(local), out time);

    private static bool TryApply(DateTime local, TimeSpan offset, out DateTimeOffset time)
    {
        time = default;
        var ticks = local.Ticks - offset.Ticks;
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks) return false;
        time = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }
}
