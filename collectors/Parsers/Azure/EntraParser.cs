using Beacon.Collectors.Parsers.Json;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.Azure;

/// <summary>
/// Entra records as Microsoft Graph gives them: directoryAudit, signIn and riskDetection (Microsoft documentation, "Microsoft Graph REST API").
/// They are what Azure Monitor's records have as properties, and stand under the same names.
/// </summary>
internal sealed class EntraParser : IEventParser, IStructuredParser
{
    private static readonly string[] Common = ["correlationId>event.id", "ipAddress>!source.ip", "userPrincipalName>user.name", "userId>user.id", "userDisplayName>user.full_name", "userAgent>user_agent.original"];

    private static readonly ServiceRecord Audit = new("azure.auditlogs.properties.", "azure", "azure.auditlogs", ["activityDateTime"],
        [.. Common, "activityDisplayName>event.action", "initiatedBy.user.userPrincipalName>user.name", "initiatedBy.user.id>user.id", "initiatedBy.user.ipAddress>!source.ip", "resultReason>event.reason"], ["targetResources", "initiatedBy"]);

    private static readonly ServiceRecord SignIn = new("azure.signinlogs.properties.", "azure", "azure.signinlogs", ["createdDateTime"],
        [.. Common, "status.failureReason>event.reason"], ["deviceDetail", "networkLocationDetails"]);

    private static readonly ServiceRecord Risk = new("azure.identityprotection.properties.", "azure", "azure.identity_protection", ["detectedDateTime", "activityDateTime"], [.. Common, "riskEventType>event.action"]);

    private static readonly FieldId AuditResult = Audit.Own("result"), ErrorCode = SignIn.Own("status.errorCode"), Provider = FieldNames.Intern("cloud.provider");

    public string Name => "entra";

    public int Recognise(ReadOnlySpan<byte> frame) => JsonKeys.IsObject(frame) && frame.IndexOf("correlationId"u8) >= 0 && RecordOf(frame) is not null ? 92 : 0;

    public ParseResult Parse(ReadOnlySpan<byte> frame, in FrameInfo info, SecurityEvent into)
    {
        if (RecordOf(frame) is not { } record) return ParseResult.Fail("the record is no audit, sign-in or risk of Entra");
        var result = record.Read(frame, info, into);
        if (!result.Succeeded) return result;
        into.Add(Provider, "azure"u8);
        if (record == SignIn)
        {
            into.Add(Field.EventAction, "Sign-in activity"u8);
            into.Add(Field.EventCategory, "authentication"u8);
            into.Add(Field.EventType, "start"u8);
            if (into.TryGet(ErrorCode, out var code)) into.Add(Field.EventOutcome, code.SequenceEqual("0"u8) ? "success"u8 : "failure"u8);
            return ParseResult.Ok;
        }
        into.Add(Field.EventCategory, "iam"u8);
        into.Add(Field.EventType, record == Audit ? "change"u8 : "info"u8);
        if (into.TryGet(AuditResult, out var outcome) && (outcome.SequenceEqual("success"u8) || outcome.SequenceEqual("failure"u8))) into.AddAlias(Field.EventOutcome, into.IndexOf(AuditResult));
        return ParseResult.Ok;
    }

    private static ServiceRecord? RecordOf(ReadOnlySpan<byte> frame)
    {
        var seen = 0;
        JsonKeys.HasTopLevel(frame, n =>
        {
            if (n.Is("activityDisplayName"u8)) seen |= 1;
            else if (n.Is("loggedByService"u8)) seen |= 2;
            else if (n.Is("riskEventType"u8)) seen |= 4;
            else if (n.Is("detectedDateTime"u8)) seen |= 8;
            else if (n.Is("createdDateTime"u8)) seen |= 16;
            else if (n.Is("appDisplayName"u8)) seen |= 32;
            else if (n.Is("conditionalAccessStatus"u8) || n.Is("clientAppUsed"u8)) seen |= 64;
            return false;
        });
        return (seen & 3) == 3 ? Audit : (seen & 12) == 12 ? Risk : (seen & 112) == 112 ? SignIn : null;
    }
}
