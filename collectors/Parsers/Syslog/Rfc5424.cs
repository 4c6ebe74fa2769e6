using Beacon.Events;

namespace Beacon.Collectors.Parsers.Syslog;

/// <summary>The header of RFC 5424 section 6 behind "PRI VERSION SP".</summary>
internal static class Rfc5424
{
    private const int MaxParameters = 256;

    /// <returns>False where the text is not such a header; nothing is added then.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, in FrameInfo info, ref SyslogHeader header, SecurityEvent into)
    {
        var rest = text;
        var stamp = Text.Word(ref rest);
        if (!stamp.SequenceEqual("-"u8))
        {
            if (!Timestamps.TryIso(stamp, info.Zone, out var time, out var used) || used != stamp.Length) return false;
            header.Time = time;
        }
        header.Host = Text.Word(ref rest);
        header.Program = Text.Word(ref rest);
        header.ProcessId = Text.Word(ref rest);
        SplitName(ref header);
        var id = Text.Word(ref rest);
        if (rest.IsEmpty) return false;
        into.Add(SyslogFields.Version, "1"u8);
        if (!id.SequenceEqual("-"u8)) into.Add(SyslogFields.MsgId, id);
        if (rest[0] == '-') rest = rest[1..];
        else ReadStructured(ref rest, into);
        if (rest.Length > 0 && rest[0] == ' ') rest = rest[1..];
        Text.TrySkip(ref rest, "\uFEFF"u8);
        header.Message = rest;
        return true;
    }

    // `logger -t 'sshd[4711]'` puts both into APP-NAME and leaves PROCID nil.
    private static void SplitName(ref SyslogHeader header)
    {
        var name = header.Program;
        if (!header.ProcessId.SequenceEqual("-"u8) || name.IsEmpty || name[^1] != ']') return;
        var open = name.LastIndexOf((byte)'[');
        if (open <= 0 || !Text.TryDigits(name[(open + 1)..^1], out _)) return;
        header.Program = name[..open];
        header.ProcessId = name[(open + 1)..^1];
    }

    /// <summary>[id name="value" …]…, RFC 5424 section 6.3. What is malformed is left to the message.</summary>
    private static void ReadStructured(ref ReadOnlySpan<byte> rest, SecurityEvent into)
    {
        Span<byte> name = stackalloc byte[FieldNames.MaxNameLength];
        ReadOnlySpan<byte> prefix = "log.syslog.structured_data."u8;
        prefix.CopyTo(name);
        var parameters = 0;
        while (rest.Length > 1 && rest[0] == '[')
        {
            var element = rest[1..];
            var end = element.IndexOfAny((byte)' ', (byte)']');
            if (end is <= 0 or > 128) return;
            element[..end].CopyTo(name[prefix.Length..]);
            var length = prefix.Length + end;
            name[length++] = (byte)'.';
            element = element[end..];
            while (element.Length > 0 && element[0] == ' ')
            {
                element = element[1..];
                var equals = element.IndexOf("=\""u8);
                if (equals is <= 0 or > 128 || ++parameters > MaxParameters) return;
                element[..equals].CopyTo(name[length..]);
                var full = name[..(length + equals)];
                element = element[(equals + 2)..];
                var close = Close(element);
                if (close < 0) return;
                AddValue(full, element[..close], into);
                element = element[(close + 1)..];
            }
            if (element.IsEmpty || element[0] != ']') return;
            rest = element[1..];
        }
    }

    private static int Close(ReadOnlySpan<byte> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '"') return i;
        }
        return -1;
    }

    private static void AddValue(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, SecurityEvent into)
    {
        if (value.IndexOf((byte)'\\') < 0)
        {
            into.Add(name, value);
            return;
        }
        var plain = new byte[value.Length];
        var n = 0;
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length && value[i + 1] is (byte)'"' or (byte)'\\' or (byte)']') i++;
            plain[n++] = value[i];
        }
        into.Add(name, plain.AsSpan(0, n));
    }
}
