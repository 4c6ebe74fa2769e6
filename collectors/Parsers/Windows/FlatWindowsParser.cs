using System.Collections.Frozen;
using Beacon.Collectors.Parsers.Json;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.Windows;

/// <summary>Windows events as flat JSON: System's values and the event data side by side at the top level, as NXLog and log scanners write them.</summary>
internal sealed class FlatWindowsParser : IEventParser, IStructuredParser
{
    private static readonly FrozenDictionary<int, FieldId> System = new (string From, string To)[]
    {
        ("EventID", "winlog.event_id"), ("Channel", "winlog.channel"), ("Provider_Name", "winlog.provider_name"), ("SourceName", "winlog.provider_name"),
        ("Provider_Guid", "winlog.provider_guid"), ("ProviderGuid", "winlog.provider_guid"), ("Computer", "winlog.computer_name"), ("Hostname", "winlog.computer_name"),
        ("EventRecordID", "winlog.record_id"), ("RecordNumber", "winlog.record_id"), ("TimeCreated", "winlog.time_created"), ("EventTime", "winlog.time_created"),
        ("Execution_ProcessID", "winlog.process.pid"), ("ExecutionProcessID", "winlog.process.pid"), ("Execution_ThreadID", "winlog.process.thread.id"), ("UserID", "winlog.user.identifier"),
        ("Level", "winlog.level"), ("Task", "winlog.task"), ("Opcode", "winlog.opcode"), ("Keywords", "winlog.keywords"), ("Version", "winlog.version"), ("Message", "message"),
    }
    .ToFrozenDictionary(m => FieldNames.Intern("winlog.event_data." + m.From).Value, m => FieldNames.Intern(m.To));

    private static readonly FieldId Created = FieldNames.Intern("winlog.time_created");

    public string Name => "windows-json";

    public int Recognise(ReadOnlySpan<byte> frame)
    {
        if (!JsonKeys.IsObject(frame) || !JsonKeys.MayHave(frame, "\"EventID\""u8)) return 0;
        var seen = 0;
        JsonKeys.HasTopLevel(frame, n =>
        {
            if (n.Is("EventID"u8)) seen |= 1;
            else if (n.Is("Channel"u8) || n.Is("Provider_Name"u8) || n.Is("SourceName"u8) || n.Is("Computer"u8)) seen |= 2;
            return seen == 3;
        });
        return seen == 3 ? 92 : 0;
    }

    public ParseResult Parse(ReadOnlySpan<byte> frame, in FrameInfo info, SecurityEvent into)
    {
        if (JsonFields.Read(frame, into, "winlog.event_data."u8) is { } fault) return ParseResult.Fail(fault);
        for (var i = 0; i < into.Count; i++)
        {
            // Of two names for the same thing the second stays event data.
            var field = into.FieldAt(i);
            if (field.IsKnown && System.TryGetValue(field.Value, out var to) && !into.Has(to)) into.Rename(i, to);
        }
        if (!into.Has(Field.WinlogEventId)) return ParseResult.Fail("the event has no EventID");
        if (into.TryGet(Created, out var created) && EcsJsonParser.TryTime(created, info.Zone, out var time)) into.Timestamp = time;
        WindowsEcs.Apply(into, fresh: true);
        return ParseResult.Ok;
    }
}
