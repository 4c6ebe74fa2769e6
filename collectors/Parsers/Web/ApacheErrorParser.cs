using Beacon.Events;

namespace Beacon.Collectors.Parsers.Web;

/// <summary>Apache's error log: "[time] [module:level] [pid N:tid M] [client ADDRESS:PORT] text", each part but the first optional.</summary>
internal sealed class ApacheErrorParser : IEventParser
{
    public string Name => "apache-error";

    public int Recognise(ReadOnlySpan<byte> frame) =>
        frame.Length > 30 && frame[0] == '[' && frame.IndexOf((byte)']') is > 20 and < 40 and var close && Timestamps.TryAsctime(frame[1..close], TimeZoneInfo.Utc, out _) ? 85 : 0;

    public ParseResult Parse(ReadOnlySpan<byte> frame, in FrameInfo info, SecurityEvent into)
    {
        var text = Text.TrimEnd(frame);
        var rest = text;
        if (!TryBracket(ref rest, out var stamp) || !Timestamps.TryAsctime(stamp, info.Zone, out var time)) return ParseResult.Fail("the line does not begin with a time in brackets", 1);
        into.Timestamp = time;
        into.Add(Field.EventKind, "event"u8);
        EventMarks.Module(into, "apache", "apache.error");
        into.Add(Field.EventCategory, "web"u8);
        into.Add(Field.EventType, "error"u8);
        while (TryBracket(ref rest, out var part)) AddPart(part, into);
        into.Add(Field.EventOriginal, text);
        if (!into.Has(Field.Message)) into.Add(Field.Message, rest);
        return ParseResult.Ok;
    }

    private static void AddPart(ReadOnlySpan<byte> part, SecurityEvent into)
    {
        if (Text.TrySkip(ref part, "pid "u8))
        {
            var colon = part.IndexOf((byte)':');
            if (Text.TryDigits(colon < 0 ? part : part[..colon], out var pid)) into.Add(Field.ProcessPid, pid);
        }
        else if (Text.TrySkip(ref part, "client "u8))
        {
            var colon = part.LastIndexOf((byte)':');
            var hasPort = colon > 0 && !Text.IsIp(part) && Text.IsIp(part[..colon].Trim("[]"u8));
            EventMarks.Source(into, hasPort ? part[..colon].Trim("[]"u8) : part);
            if (hasPort) EventMarks.Port(into, Field.SourcePort, part[(colon + 1)..]);
        }
        else if (!into.Has(Field.LogLevel))
        {
            var colon = part.IndexOf((byte)':');
            into.Add(Field.LogLevel, part[(colon + 1)..]);
            if (colon > 0) into.Add("apache.error.module"u8, part[..colon]);
        }
    }

    private static bool TryBracket(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> inside)
    {
        inside = default;
        if (rest.IsEmpty || rest[0] != '[') return false;
        var close = rest.IndexOf("] "u8);
        if (close < 0) return false;
        inside = rest[1..close];
        rest = rest[(close + 2)..];
        return true;
    }
}
