using Beacon.Collectors.Parsers.Json;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.OpenCanary;

/// <summary>Lines of the decoy OpenCanary (opencanary.readthedocs.io). Every field stays under <c>opencanary.</c> with its own name.</summary>
internal sealed class OpenCanaryParser : IEventParser, IStructuredParser
{
    private static readonly ServiceRecord Record = new("opencanary.", "opencanary", "opencanary.events", ["utc_time"],
        [
            "logtype>event.code", "node_id>observer.name", "src_host>!source.ip", "src_port>source.port", "dst_host>!destination.ip", "dst_port>destination.port", "logdata.USERNAME>user.name", "logdata.msg.logdata>message",
        ]);

    public string Name => "opencanary";

    public int Recognise(ReadOnlySpan<byte> frame)
    {
        if (!JsonKeys.IsObject(frame) || !JsonKeys.MayHave(frame, "\"logtype\""u8) || !JsonKeys.MayHave(frame, "\"node_id\""u8)) return 0;
        var seen = 0;
        JsonKeys.HasTopLevel(frame, n =>
        {
            if (n.Is("logtype"u8)) seen |= 1;
            else if (n.Is("node_id"u8)) seen |= 2;
            else if (n.Is("logdata"u8) || n.Is("dst_host"u8)) seen |= 4;
            return seen == 7;
        });
        return seen == 7 ? 93 : 0;
    }

    public ParseResult Parse(ReadOnlySpan<byte> frame, in FrameInfo info, SecurityEvent into)
    {
        var result = Record.Read(frame, info, into);
        if (!result.Succeeded) return result;
        into.Add(Field.EventCategory, "intrusion_detection"u8);
        into.Add(Field.EventType, "info"u8);
        return ParseResult.Ok;
    }
}
