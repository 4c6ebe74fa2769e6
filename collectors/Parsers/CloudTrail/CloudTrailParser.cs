using Beacon.Collectors.Parsers.Json;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.CloudTrail;

/// <summary>
/// AWS CloudTrail records (AWS documentation, "CloudTrail record contents"): bare, as a file of one record, or in an EventBridge event.
/// Every field stays under <c>aws.cloudtrail.</c> with its own name.
/// </summary>
internal sealed class CloudTrailParser : IEventParser, IStructuredParser
{
    private static readonly ServiceRecord Record = new("aws.cloudtrail.", "aws", "aws.cloudtrail", ["eventTime"],
        [
            "eventName>event.action", "insightDetails.eventName>event.action", "eventSource>event.provider", "insightDetails.eventSource>event.provider", "eventID>event.id", "awsRegion>cloud.region", "recipientAccountId>cloud.account.id", "userIdentity.accountId>cloud.account.id",
            "sourceIPAddress>source.address", "sourceIPAddress>!source.ip", "userAgent>user_agent.original", "userIdentity.userName>user.name", "userIdentity.sessionContext.sessionIssuer.userName>user.name",
            "userIdentity.principalId>user.id", "errorCode>error.code", "errorMessage>error.message", "requestParameters.userName>user.target.name",
        ],
        ["requestParameters", "responseElements", "additionalEventData"]);

    private static readonly FieldId ErrorCode = Record.Own("errorCode"), ErrorMessage = Record.Own("errorMessage"), ConsoleLogin = Record.Own("responseElements.ConsoleLogin"), Provider = FieldNames.Intern("cloud.provider");

    public string Name => "cloudtrail";

    public int Recognise(ReadOnlySpan<byte> frame)
    {
        if (!JsonKeys.IsObject(frame) || !JsonKeys.MayHave(frame, "\"eventVersion\""u8) || frame.IndexOf("eventSource"u8) < 0) return 0;
        var seen = 0;
        JsonKeys.HasTopLevel(frame, n =>
        {
            if (n.Is("eventVersion"u8)) seen |= 1;
            else if (n.Is("eventSource"u8)) seen |= 2;
            else if (n.Is("eventName"u8)) seen |= 4;
            else if (n.Is("insightDetails"u8)) seen |= 6;
            else if (n.Is("Records"u8) || n.Is("detail-type"u8)) seen |= 7;
            return seen == 7;
        });
        return seen == 7 && !IsNotification(frame) ? 93 : 0;
    }

    /// <summary>Notifications of S3 and streams have the same shape, and sources such as "aws:s3".</summary>
    private static bool IsNotification(ReadOnlySpan<byte> frame)
    {
        var at = frame.IndexOf("\"eventSource\""u8);
        return at >= 0 && frame[(at + 13)..].TrimStart(" \t:"u8).StartsWith("\"aws:"u8);
    }

    public ParseResult Parse(ReadOnlySpan<byte> frame, in FrameInfo info, SecurityEvent into)
    {
        var record = frame;
        if (JsonText.TryFind(frame, ["Records"], out var records) && !JsonText.TrySingle(records, out record, out var count))
            return ParseResult.Fail($"the frame is a CloudTrail file of {count} records; send one record a line, for example with jq -c '.Records[]'");
        if (JsonText.TryFind(frame, ["detail"], out var detail)) record = detail;
        var result = Record.Read(record, info, into);
        if (!result.Succeeded) return result;
        if (!into.Has(Field.EventAction)) return ParseResult.Fail("the record has no eventName");
        into.Add(Provider, "aws"u8);
        var failed = into.TryGet(ErrorCode, out var code) && !code.IsEmpty || into.TryGet(ErrorMessage, out var message) && !message.IsEmpty
            || into.TryGet(ConsoleLogin, out var login) && login.SequenceEqual("Failure"u8);
        into.Add(Field.EventOutcome, failed ? "failure"u8 : "success"u8);
        var isLogin = into.TryGet(Field.EventAction, out var action) && action.SequenceEqual("ConsoleLogin"u8);
        into.Add(Field.EventCategory, isLogin ? "authentication"u8 : into.TryGet(Field.EventProvider, out var source) && source.SequenceEqual("iam.amazonaws.com"u8) ? "iam"u8 : "configuration"u8);
        into.Add(Field.EventType, isLogin ? "start"u8 : "info"u8);
        return ParseResult.Ok;
    }
}
