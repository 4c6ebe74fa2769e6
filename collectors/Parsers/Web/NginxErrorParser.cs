using Beacon.Events;

namespace Beacon.Collectors.Parsers.Web;

/// <summary>nginx's error log: "yyyy/mm/dd hh:mm:ss [level] pid#tid: *connection text, client: …, server: …, request: "…", …".</summary>
internal sealed class NginxErrorParser : IEventParser
{
    public string Name => "nginx-error";

    public int Recognise(ReadOnlySpan<byte> frame) =>
        frame.Length > 24 && Timestamps.TrySlashed(frame, TimeZoneInfo.Utc, out _, out var length) && frame[length..].StartsWith(" ["u8) ? 90 : 0;

    public ParseResult Parse(ReadOnlySpan<byte> frame, in FrameInfo info, SecurityEvent into)
    {
        var text = Text.TrimEnd(frame);
        if (!Timestamps.TrySlashed(text, info.Zone, out var time, out var length)) return ParseResult.Fail("the line does not begin with yyyy/mm/dd hh:mm:ss");
        var rest = text[length..];
        if (!Text.TrySkip(ref rest, " ["u8) || !Text.TryCut(ref rest, "] "u8, out var level)) return ParseResult.Fail("the level is not in brackets", length);
        into.Timestamp = time;
        into.Add(Field.EventKind, "event"u8);
        EventMarks.Module(into, "nginx", "nginx.error");
        into.Add(Field.EventCategory, "web"u8);
        into.Add(Field.EventType, "error"u8);
        into.Add(Field.LogLevel, level);
        var colon = rest.IndexOf(": "u8);
        var hash = rest.IndexOf((byte)'#');
        if (colon > 0 && hash > 0 && hash < colon)
        {
            if (Text.TryDigits(rest[..hash], out var pid)) into.Add(Field.ProcessPid, pid);
            rest = rest[(colon + 2)..];
        }
        if (rest.Length > 0 && rest[0] == '*') Text.Word(ref rest);
        if (!into.Has(Field.Message)) into.Add(Field.Message, rest);
        if (!into.Has(Field.EventOriginal)) into.Add(Field.EventOriginal, text);
        if (Value(rest, ", client: "u8) is { IsEmpty: false } client) EventMarks.Source(into, client);
        if (Value(rest, ", host: "u8).Trim((byte)'"') is { IsEmpty: false } host) into.Add(Field.UrlDomain, host);
        AddRequest(Value(rest, ", request: "u8).Trim((byte)'"'), into);
        return ParseResult.Ok;
    }

    private static void AddRequest(ReadOnlySpan<byte> request, SecurityEvent into)
    {
        if (request.IsEmpty) return;
        var method = Text.Word(ref request);
        into.Add(Field.HttpRequestMethod, method);
        var target = Text.Word(ref request);
        into.Add(Field.UrlOriginal, target);
        UrlFields.Add(into, target);
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        // What a client sent stands before these, so the last one counts.
        var at = text.LastIndexOf(name);
        if (at < 0) return default;
        var rest = text[(at + name.Length)..];
        var end = rest.IndexOf(", "u8);
        return end < 0 ? rest : rest[..end];
    }
}
