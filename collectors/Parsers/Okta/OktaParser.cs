using Beacon.Collectors.Parsers.Json;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.Okta;

/// <summary>Okta System Log events (Okta documentation, "System Log API", LogEvent). Every field stays under <c>okta.</c> with its own name.</summary>
internal sealed class OktaParser : IEventParser, IStructuredParser
{
    private static readonly ServiceRecord Record = new("okta.", "okta", "okta.system", ["published"],
        [
            "eventType>event.action", "displayMessage>message", "uuid>event.id", "severity>log.level", "actor.alternateId>user.name", "actor.displayName>user.full_name", "actor.id>user.id",
            "client.ipAddress>!source.ip", "client.userAgent.rawUserAgent>user_agent.original", "outcome.reason>event.reason",
        ],
        ["target"]);

    private static readonly FieldId Outcome = Record.Own("outcome.result");

    public string Name => "okta";

    public int Recognise(ReadOnlySpan<byte> frame)
    {
        if (!JsonKeys.IsObject(frame) || !JsonKeys.MayHave(frame, "\"eventType\""u8) || !JsonKeys.MayHave(frame, "\"published\""u8)) return 0;
        var seen = 0;
        JsonKeys.HasTopLevel(frame, n =>
        {
            if (n.Is("eventType"u8)) seen |= 1;
            else if (n.Is("actor"u8)) seen |= 2;
            else if (n.Is("published"u8)) seen |= 4;
            return seen == 7;
        });
        return seen == 7 ? 93 : 0;
    }

    public ParseResult Parse(ReadOnlySpan<byte> frame, in FrameInfo info, SecurityEvent into)
    {
        var result = Record.Read(frame, info, into);
        if (!result.Succeeded) return result;
        if (into.TryGet(Outcome, out var outcome))
        {
            var succeeded = outcome.SequenceEqual("SUCCESS"u8) || outcome.SequenceEqual("ALLOW"u8);
            if (succeeded) into.Add(Field.EventOutcome, "success"u8);
            else if (outcome.SequenceEqual("FAILURE"u8) || outcome.SequenceEqual("DENY"u8)) into.Add(Field.EventOutcome, "failure"u8);
        }
        var isLogin = into.TryGet(Field.EventAction, out var action) && (action.StartsWith("user.session."u8) || action.StartsWith("user.authentication."u8));
        into.Add(Field.EventCategory, isLogin ? "authentication"u8 : "iam"u8);
        into.Add(Field.EventType, "info"u8);
        return ParseResult.Ok;
    }
}
