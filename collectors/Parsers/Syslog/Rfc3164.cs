using Beacon.Events;

namespace Beacon.Collectors.Parsers.Syslog;

/// <summary>The header of RFC 3164 as it is met: time, host and tag, each of which may be missing.</summary>
internal static class Rfc3164
{
    public static void Read(ReadOnlySpan<byte> text, in FrameInfo info, ref SyslogHeader header, SecurityEvent into)
    {
        var rest = text;
        // Cisco and others mark an unsynchronised clock with '*' or '.'.
        var stamp = rest.Length > 0 && rest[0] is (byte)'*' or (byte)'.' ? rest[1..] : rest;
        if (Timestamps.TryBsd(stamp, info.Received, info.Zone, out var time, out var length) || Timestamps.TryIso(stamp, info.Zone, out time, out length))
        {
            header.Time = time;
            rest = stamp[length..];
            if (rest.Length > 0 && rest[0] == ':') rest = rest[1..];
            rest = rest.TrimStart((byte)' ');
            var peek = rest;
            var word = Text.Word(ref peek);
            // "sshd[12]:" right behind the time is a tag: the host is missing.
            if (SyslogParser.IsHost(word) && word.IndexOf((byte)'[') < 0 && !peek.IsEmpty)
            {
                header.Host = word;
                rest = peek.TrimStart((byte)' ');
            }
        }
        ReadTag(ref rest, ref header);
        header.Message = rest;
    }

    private static void ReadTag(ref ReadOnlySpan<byte> rest, ref SyslogHeader header)
    {
        var tag = SyslogParser.TagLength(rest);
        if (tag == 0) return;
        var after = rest[tag..];
        if (after[0] == '[')
        {
            var close = after[..Math.Min(after.Length, 40)].IndexOf((byte)']');
            if (close < 0) return;
            // "app[12]: text", or without its colon.
            var behind = after[(close + 1)..];
            if (behind.Length > 0 && behind[0] is not ((byte)':' or (byte)' ')) return;
            header.ProcessId = after[1..close];
            after = behind;
            header.Program = rest[..tag];
            rest = Skip(after);
            return;
        }
        // A lone word with a colon is a tag only where a space or the end follows: "12:30" and "a::b" are text.
        if (after.Length > 1 && after[1] != ' ') return;
        header.Program = rest[..tag];
        rest = Skip(after);
    }

    private static ReadOnlySpan<byte> Skip(ReadOnlySpan<byte> after)
    {
        if (after.Length > 0 && after[0] == ':') after = after[1..];
        return after.Length > 0 && after[0] == ' ' ? after[1..] : after;
    }
}
