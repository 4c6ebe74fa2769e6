using Beacon.Collectors.Parsers.Json;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.Bitbucket;

/// <summary>Lines of Bitbucket Data Center's audit log (Atlassian documentation, "Audit log events"). Every field stays under <c>bitbucket.audit.</c> with its own name.</summary>
internal sealed class BitbucketAuditParser : IEventParser, IStructuredParser
{
    private static readonly ServiceRecord Record = new("bitbucket.audit.", "bitbucket", "bitbucket.audit", ["timestamp"],
        ["auditType.action>event.action", "author.name>user.name", "author.id>user.id", "source>!source.ip", "system>url.original", "node>host.name"]);

    public string Name => "bitbucket-audit";

    public int Recognise(ReadOnlySpan<byte> frame)
    {
        if (!JsonKeys.IsObject(frame) || !JsonKeys.MayHave(frame, "\"auditType\""u8)) return 0;
        var seen = 0;
        JsonKeys.HasTopLevel(frame, n =>
        {
            if (n.Is("auditType"u8)) seen |= 1;
            else if (n.Is("author"u8) || n.Is("affectedObjects"u8)) seen |= 2;
            return seen == 3;
        });
        return seen == 3 ? 93 : 0;
    }

    public ParseResult Parse(ReadOnlySpan<byte> frame, in FrameInfo info, SecurityEvent into)
    {
        var result = Record.Read(frame, info, into);
        if (!result.Succeeded) return result;
        into.Add(Field.EventCategory, "configuration"u8);
        into.Add(Field.EventType, "info"u8);
        return ParseResult.Ok;
    }
}
