using Beacon.Collectors.Parsers.Json;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.GitHub;

/// <summary>Events of a GitHub organisation's or enterprise's audit log (GitHub documentation, "Audit log events"). Every field stays under <c>github.</c> with its own name.</summary>
internal sealed class GitHubAuditParser : IEventParser, IStructuredParser
{
    private static readonly ServiceRecord Record = new("github.", "github", "github.audit", ["@timestamp", "created_at"],
        [
            "action>event.action", "_document_id>event.id", "actor>user.name", "actor_id>user.id", "actor_ip>!source.ip", "user_agent>user_agent.original", "user>user.target.name", "org>organization.name", "repo>github.repository",
        ]);

    private static readonly FieldId Operation = Record.Own("operation_type");

    public string Name => "github-audit";

    public int Recognise(ReadOnlySpan<byte> frame)
    {
        if (!JsonKeys.IsObject(frame) || !JsonKeys.MayHave(frame, "\"action\""u8) || !JsonKeys.MayHave(frame, "\"actor\""u8)) return 0;
        var seen = 0;
        JsonKeys.HasTopLevel(frame, n =>
        {
            if (n.Is("action"u8)) seen |= 1;
            else if (n.Is("actor"u8)) seen |= 2;
            else if (n.Is("_document_id"u8)) seen |= 12;
            else if (n.Is("created_at"u8)) seen |= 4;
            else if (n.Is("operation_type"u8) || n.Is("actor_location"u8)) seen |= 8;
            return seen == 15;
        });
        return seen == 15 ? 92 : 0;
    }

    public ParseResult Parse(ReadOnlySpan<byte> frame, in FrameInfo info, SecurityEvent into)
    {
        var result = Record.Read(frame, info, into);
        if (!result.Succeeded) return result;
        var isLogin = into.TryGet(Field.EventAction, out var action) && (action.SequenceEqual("user.login"u8) || action.SequenceEqual("user.failed_login"u8));
        into.Add(Field.EventCategory, isLogin ? "authentication"u8 : "configuration"u8);
        into.TryGet(Operation, out var operation);
        into.Add(Field.EventType, operation.SequenceEqual("create"u8) ? "creation"u8 : operation.SequenceEqual("remove"u8) ? "deletion"u8 : operation.SequenceEqual("modify"u8) ? "change"u8 : operation.SequenceEqual("access"u8) ? "access"u8 : "info"u8);
        return ParseResult.Ok;
    }
}
