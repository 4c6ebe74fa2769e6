using Beacon.Events;

namespace Beacon.Collectors.Parsers.Evtx;

/// <summary>Where the values of an event's System part go.</summary>
internal static class EvtxSystem
{
    private static readonly Dictionary<string, FieldId> Fields = new(StringComparer.Ordinal)
    {
        ["Provider/Name"] = Field.WinlogProviderName,
        ["Provider/Guid"] = FieldNames.Intern("winlog.provider_guid"),
        ["Provider/EventSourceName"] = FieldNames.Intern("winlog.event_source_name"),
        ["EventID"] = Field.WinlogEventId,
        ["EventID/Qualifiers"] = FieldNames.Intern("winlog.qualifiers"),
        ["Version"] = FieldNames.Intern("winlog.version"),
        ["Level"] = FieldNames.Intern("winlog.level"),
        ["Task"] = FieldNames.Intern("winlog.task"),
        ["Opcode"] = FieldNames.Intern("winlog.opcode"),
        ["Keywords"] = FieldNames.Intern("winlog.keywords"),
        ["TimeCreated/SystemTime"] = FieldNames.Intern("winlog.time_created"),
        ["EventRecordID"] = Field.WinlogRecordId,
        ["Correlation/ActivityID"] = FieldNames.Intern("winlog.activity_id"),
        ["Correlation/RelatedActivityID"] = FieldNames.Intern("winlog.related_activity_id"),
        ["Execution/ProcessID"] = FieldNames.Intern("winlog.process.pid"),
        ["Execution/ThreadID"] = FieldNames.Intern("winlog.process.thread.id"),
        ["Channel"] = Field.WinlogChannel,
        ["Computer"] = Field.WinlogComputerName,
        ["Security/UserID"] = Field.WinlogUserIdentifier,
    };

    public static void Give(List<EvtxSlot> slots, string name, List<(string Name, EvtxPiece[] Pieces)>? attributes, EvtxPiece[] text)
    {
        if (text.Length > 0 && Fields.TryGetValue(name, out var field))
            slots.Add(new EvtxSlot(EvtxRole.System, field, null, text, null, EvtxContext.Ignored));
        foreach (var (attribute, pieces) in attributes ?? [])
            if (pieces.Length > 0 && Fields.TryGetValue(name + "/" + attribute, out field))
                slots.Add(new EvtxSlot(attribute == "SystemTime" ? EvtxRole.Time : EvtxRole.System, field, null, pieces, null, EvtxContext.Ignored));
    }
}
