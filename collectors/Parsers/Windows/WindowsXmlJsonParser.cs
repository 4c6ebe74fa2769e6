using Beacon.Collectors.Parsers.Json;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.Windows;

/// <summary>Windows events whose XML was written as JSON: <c>{"Event":{"System":{…},"EventData":{…}}}</c>, attributes under "#attributes".</summary>
internal sealed class WindowsXmlJsonParser : IEventParser, IStructuredParser
{
    private static readonly Dictionary<string, FieldId> System = new(StringComparer.Ordinal)
    {
        ["Provider.#attributes.Name"] = Field.WinlogProviderName, ["Provider.#attributes.Guid"] = FieldNames.Intern("winlog.provider_guid"),
        ["EventID"] = Field.WinlogEventId, ["EventID.#text"] = Field.WinlogEventId, ["EventID.#attributes.Qualifiers"] = FieldNames.Intern("winlog.qualifiers"),
        ["Version"] = FieldNames.Intern("winlog.version"), ["Level"] = FieldNames.Intern("winlog.level"), ["Task"] = FieldNames.Intern("winlog.task"),
        ["Opcode"] = FieldNames.Intern("winlog.opcode"), ["Keywords"] = FieldNames.Intern("winlog.keywords"),
        ["TimeCreated.#attributes.SystemTime"] = FieldNames.Intern("winlog.time_created"), ["EventRecordID"] = Field.WinlogRecordId,
        ["Correlation.#attributes.ActivityID"] = FieldNames.Intern("winlog.activity_id"), ["Correlation.#attributes.RelatedActivityID"] = FieldNames.Intern("winlog.related_activity_id"),
        ["Execution.#attributes.ProcessID"] = FieldNames.Intern("winlog.process.pid"), ["Execution.#attributes.ThreadID"] = FieldNames.Intern("winlog.process.thread.id"),
        ["Channel"] = Field.WinlogChannel, ["Computer"] = Field.WinlogComputerName, ["Security.#attributes.UserID"] = Field.WinlogUserIdentifier,
    };

    private static readonly FieldId Created = FieldNames.Intern("winlog.time_created");

    public string Name => "windows-xml-json";

    public int Recognise(ReadOnlySpan<byte> frame) =>
        JsonKeys.IsObject(frame) && JsonKeys.MayHave(frame, "\"System\""u8) && JsonKeys.HasTopLevel(frame, static n => n.Is("Event"u8)) ? 95 : 0;

    public ParseResult Parse(ReadOnlySpan<byte> frame, in FrameInfo info, SecurityEvent into)
    {
        var raw = new SecurityEvent(frame.Length + 256, 64);
        if (JsonFields.Read(frame, raw) is { } fault) return ParseResult.Fail(fault);
        Span<byte> name = stackalloc byte[FieldNames.MaxNameLength];
        "winlog.event_data."u8.CopyTo(name);
        var lookup = System.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> path = stackalloc char[FieldNames.MaxNameLength];
        for (var i = 0; i < raw.Count; i++)
        {
            var full = raw.NameAt(i);
            if (full.StartsWith("Event.System."u8))
            {
                if (global::System.Text.Encoding.UTF8.TryGetChars(full[13..], path, out var n) && lookup.TryGetValue(path[..n], out var field) && raw.KindAt(i) != ValueKind.Null)
                    into.Add(field, raw.ValueAt(i), raw.KindAt(i));
                continue;
            }
            var leaf = Leaf(full);
            if (leaf.IsEmpty || leaf.Length > name.Length - 18) continue;
            leaf.CopyTo(name[18..]);
            // An absent value is an empty one, as it is in the XML.
            into.Add(name[..(18 + leaf.Length)], raw.ValueAt(i), raw.KindAt(i) == ValueKind.Null ? ValueKind.Text : raw.KindAt(i));
        }
        if (!into.Has(Field.WinlogEventId)) return ParseResult.Fail("the event has no System.EventID");
        if (into.TryGet(Created, out var created) && Timestamps.TryIso(created, TimeZoneInfo.Utc, out var time, out _)) into.Timestamp = time;
        WindowsEcs.Apply(into, fresh: true);
        return ParseResult.Ok;
    }

    private static ReadOnlySpan<byte> Leaf(ReadOnlySpan<byte> full)
    {
        if (full.IndexOf("#attributes"u8) >= 0) return default;
        if (full.EndsWith(".#text"u8)) full = full[..^6];
        if (full.StartsWith("Event.EventData."u8)) return full[16..];
        return full.StartsWith("Event.UserData."u8) ? full[(full.LastIndexOf((byte)'.') + 1)..] : default;
    }
}
