using Beacon.Collectors.Parsers.Json;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.Kubernetes;

/// <summary>Events of the Kubernetes API server's audit log (kubernetes.io, "audit.k8s.io/v1 Event"). Every field stays under <c>kubernetes.audit.</c> with its own name.</summary>
internal sealed class KubernetesAuditParser : IEventParser, IStructuredParser
{
    private static readonly ServiceRecord Record = new("kubernetes.audit.", "kubernetes", "kubernetes.audit_logs", ["requestReceivedTimestamp", "stageTimestamp"],
        [
            "verb>event.action", "auditID>event.id", "user.username>user.name", "user.uid>user.id", "sourceIPs>!source.ip", "userAgent>user_agent.original", "requestURI>url.original", "responseStatus.reason>event.reason",
            "objectRef.namespace>orchestrator.namespace", "objectRef.name>orchestrator.resource.name", "objectRef.resource>orchestrator.resource.type", "objectRef.apiVersion>orchestrator.api_version",
        ]);

    private static readonly FieldId Status = Record.Own("responseStatus.code"), Orchestrator = FieldNames.Intern("orchestrator.type");

    public string Name => "kubernetes-audit";

    public int Recognise(ReadOnlySpan<byte> frame)
    {
        if (!JsonKeys.IsObject(frame) || frame.IndexOf("\"auditID\""u8) < 0) return 0;
        var seen = 0;
        JsonKeys.HasTopLevel(frame, n =>
        {
            // A list names its kind; an event may have lost it on its way through a cloud's own log.
            if (n.Is("auditID"u8)) seen |= 1;
            else if (n.Is("stage"u8)) seen |= 2;
            else if (n.Is("verb"u8)) seen |= 4;
            else if (n.Is("apiVersion"u8)) seen |= 8;
            else if (n.Is("items"u8)) seen |= 16;
            return (seen & 7) == 7 || seen == 24;
        });
        return (seen & 7) == 7 || seen == 24 ? 94 : 0;
    }

    public ParseResult Parse(ReadOnlySpan<byte> frame, in FrameInfo info, SecurityEvent into)
    {
        var item = frame;
        if (JsonText.TryFind(frame, ["items"], out var items) && !JsonText.TrySingle(items, out item, out var count))
            return ParseResult.Fail($"the frame is a list of {count} audit events; send one event a line, for example with jq -c '.items[]'");
        var result = Record.Read(item, info, into);
        if (!result.Succeeded) return result;
        into.Add(Orchestrator, "kubernetes"u8);
        if (into.TryGetInteger(Status, out var status)) into.Add(Field.EventOutcome, status is >= 100 and < 400 ? "success"u8 : "failure"u8);
        into.TryGet(Field.EventAction, out var verb);
        into.Add(Field.EventCategory, "configuration"u8);
        into.Add(Field.EventType, verb.SequenceEqual("create"u8) ? "creation"u8 : verb.StartsWith("delete"u8) ? "deletion"u8 : verb.SequenceEqual("update"u8) || verb.SequenceEqual("patch"u8) ? "change"u8 : "access"u8);
        return ParseResult.Ok;
    }
}
