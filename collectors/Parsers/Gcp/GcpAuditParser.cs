using Beacon.Collectors.Parsers.Json;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.Gcp;

/// <summary>Google Cloud audit logs (Google Cloud documentation, "LogEntry" with an AuditLog payload), Workspace's among them. Every field stays under <c>gcp.audit.</c> with its own name.</summary>
internal sealed class GcpAuditParser : IEventParser, IStructuredParser
{
    private static readonly ServiceRecord Record = new("gcp.audit.", "gcp", "gcp.audit", ["timestamp", "receiveTimestamp"],
        [
            "protoPayload.methodName>event.action", "protoPayload.methodName>gcp.audit.method_name", "protoPayload.serviceName>service.name", "protoPayload.serviceName>gcp.audit.service_name",
            "protoPayload.resourceName>gcp.audit.resource_name", "protoPayload.authenticationInfo.principalEmail>user.email", "protoPayload.authenticationInfo.principalEmail>user.name",
            "protoPayload.authenticationInfo.principalEmail>gcp.audit.authentication_info.principal_email", "protoPayload.requestMetadata.callerIp>!source.ip", "protoPayload.requestMetadata.callerSuppliedUserAgent>user_agent.original",
            "protoPayload.status.message>event.reason", "resource.labels.project_id>cloud.project.id", "logName>log.logger", "insertId>event.id", "severity>log.level",
        ]);

    private static readonly FieldId StatusCode = Record.Own("protoPayload.status.code"), Granted = Record.Own("protoPayload.authorizationInfo.granted"), Provider = FieldNames.Intern("cloud.provider");

    public string Name => "gcp-audit";

    public int Recognise(ReadOnlySpan<byte> frame)
    {
        if (!JsonKeys.IsObject(frame) || !JsonKeys.MayHave(frame, "\"protoPayload\""u8)) return 0;
        var seen = 0;
        JsonKeys.HasTopLevel(frame, n =>
        {
            if (n.Is("protoPayload"u8)) seen |= 1;
            else if (n.Is("logName"u8) || n.Is("insertId"u8) || n.Is("resource"u8)) seen |= 2;
            return seen == 3;
        });
        return seen == 3 ? 93 : 0;
    }

    public ParseResult Parse(ReadOnlySpan<byte> frame, in FrameInfo info, SecurityEvent into)
    {
        var result = Record.Read(frame, info, into);
        if (!result.Succeeded) return result;
        into.Add(Provider, "gcp"u8);
        var failed = (into.TryGet(StatusCode, out var code) && !code.SequenceEqual("0"u8)) || (into.TryGet(Granted, out var granted) && granted.SequenceEqual("false"u8))
            || (into.TryGet(Field.EventAction, out var method) && method.EndsWith(".loginFailure"u8));
        into.Add(Field.EventOutcome, failed ? "failure"u8 : "success"u8);
        var isLogin = into.TryGet(Field.ServiceName, out var service) && service.SequenceEqual("login.googleapis.com"u8);
        into.Add(Field.EventCategory, isLogin ? "authentication"u8 : "configuration"u8);
        into.Add(Field.EventType, "info"u8);
        return ParseResult.Ok;
    }
}
