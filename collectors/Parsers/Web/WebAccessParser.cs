using Beacon.Events;

namespace Beacon.Collectors.Parsers.Web;

/// <summary>
/// Access logs of Apache and nginx: the common and the combined format, also with the virtual host (and port) before. Both servers
/// write the same; a source says which it is by its format, and what is recognised unasked counts as Apache's.
/// </summary>
internal sealed class WebAccessParser(string server) : IEventParser
{
    private static readonly FieldId ServerPort = FieldNames.Intern("server.port");

    public string Name => server + "-access";

    public int Recognise(ReadOnlySpan<byte> frame) => TryReadHead(frame, out _) ? server == "apache" ? 85 : 84 : 0;

    public ParseResult Parse(ReadOnlySpan<byte> frame, in FrameInfo info, SecurityEvent into)
    {
        var text = Text.TrimEnd(frame);
        if (!TryReadHead(text, out var head)) return ParseResult.Fail("the line is not \"client identity user [time] …\"");
        if (!Timestamps.TryCommonLog(head.Time, info.Zone, out var time)) return ParseResult.Fail("the time is not dd/Mon/yyyy:hh:mm:ss ±zone", head.TimeOffset);
        into.Timestamp = time;
        into.Add(Field.EventKind, "event"u8);
        EventMarks.Module(into, server, server + ".access");
        into.Add(Field.EventCategory, "web"u8);
        into.Add(Field.EventType, "access"u8);
        if (!into.Has(Field.Message)) into.Add(Field.Message, text);
        EventMarks.Source(into, head.Client);
        if (!head.User.SequenceEqual("-"u8)) into.Add(Field.UserName, head.User);
        AddVirtualHost(head.VirtualHost, into);
        return ReadRequest(head.Rest, into, text.Length - head.Rest.Length);
    }

    private static ParseResult ReadRequest(ReadOnlySpan<byte> rest, SecurityEvent into, int offset)
    {
        if (!TryQuoted(ref rest, out var request)) return ParseResult.Fail("the request is not in quotes", offset);
        AddRequest(request, into);
        var status = Text.Word(ref rest);
        if (Text.TryDigits(status, out var code))
        {
            into.Add(Field.HttpResponseStatusCode, code);
            into.Add(Field.EventOutcome, code < 400 ? "success"u8 : "failure"u8);
        }
        if (Text.TryInteger(Text.Word(ref rest), out var bytes)) into.Add(Field.HttpResponseBodyBytes, bytes);
        if (TryQuoted(ref rest, out var referrer) && !referrer.IsEmpty && !referrer.SequenceEqual("-"u8)) into.Add(Field.HttpRequestReferrer, referrer);
        if (TryQuoted(ref rest, out var agent) && !agent.IsEmpty && !agent.SequenceEqual("-"u8)) into.Add(Field.UserAgentOriginal, agent);
        return ParseResult.Ok;
    }

    /// <summary>"METHOD TARGET HTTP/x.y"; anything else, as scanners send it, is kept as the target.</summary>
    private static void AddRequest(ReadOnlySpan<byte> request, SecurityEvent into)
    {
        if (request.IsEmpty || request.SequenceEqual("-"u8)) return;
        var protocol = request.LastIndexOf(" HTTP/"u8);
        var version = protocol < 0 ? default : request[(protocol + 6)..];
        var line = protocol < 0 ? request : request[..protocol];
        var space = line.IndexOf((byte)' ');
        var method = space < 0 ? default : line[..space];
        if (method.Length is > 0 and <= 32 && IsToken(method))
        {
            into.Add(Field.HttpRequestMethod, method);
            line = line[(space + 1)..];
        }
        into.Add(Field.UrlOriginal, line);
        UrlFields.Add(into, line);
        if (!version.IsEmpty) into.Add("http.version"u8, version);
    }

    private static bool IsToken(ReadOnlySpan<byte> text)
    {
        foreach (var b in text) if (!char.IsAsciiLetterUpper((char)b) && b is not ((byte)'-' or (byte)'_')) return false;
        return true;
    }

    private static void AddVirtualHost(ReadOnlySpan<byte> host, SecurityEvent into)
    {
        if (host.IsEmpty) return;
        var colon = host.LastIndexOf((byte)':');
        if (colon > 0 && Text.TryDigits(host[(colon + 1)..], out var port))
        {
            into.Add(ServerPort, port);
            host = host[..colon];
        }
        if (!host.SequenceEqual("-"u8)) into.Add(Field.UrlDomain, host);
    }

    private ref struct Head
    {
        public ReadOnlySpan<byte> VirtualHost, Client, User, Time, Rest;
        public int TimeOffset;
    }

    /// <summary>"[VHOST[:PORT] ]CLIENT IDENTITY USER [TIME] ". The user's name may hold spaces.</summary>
    private static bool TryReadHead(ReadOnlySpan<byte> text, out Head head)
    {
        head = default;
        var open = text[..Math.Min(text.Length, 1024)].IndexOf(" ["u8);
        if (open < 5 || text.Length < open + 24 || text[open + 4] != '/' || text[open + 8] != '/') return false;
        var close = text[(open + 2)..].IndexOf((byte)']');
        if (close is < 20 or > 40) return false;
        head.Time = text.Slice(open + 2, close);
        head.TimeOffset = open + 2;
        head.Rest = text[(open + 3 + close)..].TrimStart((byte)' ');
        var before = text[..open];
        var first = Text.Word(ref before);
        var second = Text.Word(ref before);
        if (before.IsEmpty) return false;
        var third = before;
        var more = before;
        var word = Text.Word(ref more);
        if (!more.IsEmpty && !Text.IsIp(first) && (Text.IsIp(second) || word.SequenceEqual("-"u8)))
        {
            head.VirtualHost = first;
            head.Client = second;
            third = more;
        }
        else head.Client = first;
        head.User = third;
        return true;
    }

    /// <summary>Text in quotes, in which a backslash hides a quote.</summary>
    private static bool TryQuoted(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> value)
    {
        value = default;
        rest = rest.TrimStart((byte)' ');
        if (rest.IsEmpty || rest[0] != '"') return false;
        for (var i = 1; i < rest.Length; i++)
        {
            if (rest[i] == '\\') i++;
            else if (rest[i] == '"')
            {
                value = rest[1..i];
                rest = rest[(i + 1)..].TrimStart((byte)' ');
                return true;
            }
        }
        return false;
    }
}
