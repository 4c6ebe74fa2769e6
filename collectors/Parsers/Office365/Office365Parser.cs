using Beacon.Collectors.Parsers.Json;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.Office365;

/// <summary>
/// Microsoft 365 unified audit log records (Microsoft documentation, "Office 365 Management Activity API schema"). Every field stays under
/// <c>o365.audit.</c> with its own name; lists of names and values are fields too.
/// </summary>
internal sealed class Office365Parser : IEventParser, IStructuredParser
{
    private static readonly ServiceRecord Record = new("o365.audit.", "o365", "o365.audit", ["CreationTime"],
        [
            "Operation>event.action", "Workload>event.provider", "Id>event.id", "UserId>user.name", "UserId>user.id", "OrganizationId>organization.id", "ClientIP>!source.ip", "ClientIPAddress>!source.ip",
            "ActorIpAddress>!source.ip", "UserAgent>user_agent.original", "SourceFileName>file.name", "SiteUrl>url.original", "Name>rule.name",
        ],
        ["Parameters", "OperationProperties", "ExtendedProperties", "ModifiedProperties"],
        ["Parameters>Value", "OperationProperties>Value", "ExtendedProperties>Value", "ModifiedProperties>NewValue"]);

    private static readonly FieldId Status = Record.Own("ResultStatus");

    public string Name => "o365";

    public int Recognise(ReadOnlySpan<byte> frame)
    {
        if (!JsonKeys.IsObject(frame) || !JsonKeys.MayHave(frame, "\"Operation\""u8) || !JsonKeys.MayHave(frame, "\"Workload\""u8)) return 0;
        var seen = 0;
        JsonKeys.HasTopLevel(frame, n =>
        {
            if (n.Is("Operation"u8)) seen |= 1;
            else if (n.Is("Workload"u8)) seen |= 2;
            else if (n.Is("RecordType"u8) || n.Is("CreationTime"u8)) seen |= 4;
            return seen == 7;
        });
        return seen == 7 ? 93 : 0;
    }

    public ParseResult Parse(ReadOnlySpan<byte> frame, in FrameInfo info, SecurityEvent into)
    {
        var result = Record.Read(frame, info, into);
        if (!result.Succeeded) return result;
        // A failed sign-in has the status of its being written down. Workloads differ in their words.
        if (into.TryGet(Field.EventAction, out var operation) && operation.SequenceEqual("UserLoginFailed"u8)) into.Add(Field.EventOutcome, "failure"u8);
        else if (into.TryGet(Status, out var status))
        {
            if (Text.EqualsIgnoreCase(status, "Success"u8) || Text.EqualsIgnoreCase(status, "Succeeded"u8) || Text.EqualsIgnoreCase(status, "PartiallySucceeded"u8) || Text.EqualsIgnoreCase(status, "True"u8)) into.Add(Field.EventOutcome, "success"u8);
            else if (Text.EqualsIgnoreCase(status, "Failed"u8) || Text.EqualsIgnoreCase(status, "Failure"u8) || Text.EqualsIgnoreCase(status, "False"u8)) into.Add(Field.EventOutcome, "failure"u8);
        }
        var isLogin = into.TryGet(Field.EventAction, out var action) && (action.SequenceEqual("UserLoggedIn"u8) || action.SequenceEqual("UserLoginFailed"u8) || action.SequenceEqual("MailboxLogin"u8));
        into.Add(Field.EventCategory, isLogin ? "authentication"u8 : "web"u8);
        into.Add(Field.EventType, isLogin ? "start"u8 : "info"u8);
        return ParseResult.Ok;
    }
}
