using Beacon.Collectors.Parsers.Json;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.Windows;

/// <summary>Windows events as flat JSON: System's values and the event data side by side at the top level, as NXLog and log scanners write them.</summary>
internal sealed class FlatWindowsParser : IEventParser, IStructuredParser
{
    private static readonly (string From, string To)[] System =
    [
        ("EventID", "winlog.event_id"), ("Channel", "winlog.channel"), ("Provider_Name", "winlog.provider_name"), ("SourceName", "winlog.provider_name"),
        ("Provider_Guid", "winlog.provider_guid"), ("ProviderGuid", "winlog.provider_guid"), ("Computer", "winlog.computer_name"), ("Hostname", "winlog.computer_name"),
        ("EventRecordID", "winlog.record_id"), ("RecordNumber", "winlog.record_id"), ("TimeCreated", "winlog.time_created"), ("EventTime", "winlog.time_created"),
        ("Execution_ProcessID", "winlog.process.pid"), ("ExecutionProcessID", "winlog.process.pid"), ("Execution_ThreadID", "winlog.process.thread.id"), ("UserID", "winlog.user.identifier"),
        ("Level", "winlog.level"), ("Task", "winlog.task"), ("Opcode", "winlog.opcode"), ("Keywords", "winlog.keywords"), ("Version", "winlog.version"), ("Message", "message"),
    ];

    private static readonly FieldId[] Targets = [.. System.Select(m => m.To).Distinct().Select(FieldNames.Intern)];

    /// <summary>By the index of an event data field: 1 + the place in <see cref="Targets"/> of the name that it takes, or 0.</summary>
    private static readonly byte[] TargetOf = PlacesByField();

    private static readonly FieldId Created = FieldNames.Intern("winlog.time_created");

    public string Name => "windows-json";

    public int Recognise(ReadOnlySpan<byte> frame)
    {
        if (!JsonKeys.IsObject(frame) || !JsonKeys.MayHave(frame, "\"EventID\""u8)) return 0;
        return JsonKeys.HasTopLevel(frame, static n => n.Is("EventID"u8)) && JsonKeys.HasTopLevel(frame, static n => n.Is("Channel"u8) || n.Is("Provider_Name"u8) || n.Is("SourceName"u8) || n.Is("Computer"u8)) ? 92 : 0;
    }

    public ParseResult Parse(ReadOnlySpan<byte> frame, in FrameInfo info, SecurityEvent into)
    {
        var hadFields = into.Count > 0;
        if (JsonFields.Read(frame, into, "winlog.event_data."u8) is { } fault) return ParseResult.Fail(fault);
        var before = 0;
        for (var t = 0; t < Targets.Length; t++)
            if (hadFields && into.Has(Targets[t])) before |= 1 << t;
        for (var i = 0; i < into.Count; i++)
        {
            // Of two names for the same thing the second stays event data.
            var field = into.FieldAt(i).Value;
            if ((uint)field >= (uint)TargetOf.Length || TargetOf[field] is not (> 0 and var place) || (before & (1 << (place - 1))) != 0) continue;
            before |= 1 << (place - 1);
            into.Rename(i, Targets[place - 1]);
        }
        if (!into.Has(Field.WinlogEventId)) return ParseResult.Fail("the event has no EventID");
        if (into.TryGet(Created, out var created) && EcsJsonParser.TryTime(created, info.Zone, out var time)) into.Timestamp = time;
        WindowsEcs.Apply(into, fresh: true);
        return ParseResult.Ok;
    }

    private static byte[] PlacesByField()
    {
        var fields = System.Select(static m => (From: FieldNames.Intern("winlog.event_data." + m.From).Value, To: FieldNames.Intern(m.To))).ToArray();
        var places = new byte[fields.Max(static f => f.From) + 1];
        foreach (var (from, to) in fields) places[from] = (byte)(Array.IndexOf(Targets, to) + 1);
        return places;
    }
}
