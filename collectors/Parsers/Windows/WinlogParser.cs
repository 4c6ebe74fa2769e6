using Beacon.Collectors.Parsers.Json;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.Windows;

/// <summary>Windows events as Winlogbeat writes them: <c>winlog.*</c>, nested or dotted, with or without ECS fields beside.</summary>
internal sealed class WinlogParser : IEventParser, IStructuredParser
{
    private static readonly FieldId Created = FieldNames.Intern("winlog.time_created");
    private static ReadOnlySpan<byte> UserData => "winlog.user_data."u8;

    public string Name => "winlog";

    public int Recognise(ReadOnlySpan<byte> frame)
    {
        if (!JsonKeys.IsObject(frame) || frame.IndexOf("\"winlog"u8) < 0) return 0;
        return JsonKeys.HasTopLevel(frame, static n => n.Is("winlog"u8) || n.Value.StartsWith("winlog."u8)) ? 95 : 0;
    }

    public ParseResult Parse(ReadOnlySpan<byte> frame, in FrameInfo info, SecurityEvent into)
    {
        if (JsonFields.Read(frame, into) is { } fault) return ParseResult.Fail(fault);
        EcsJsonParser.SetTime(into, info);
        if (into.TryGet(Created, out var created) && Timestamps.TryIso(created, TimeZoneInfo.Utc, out var time, out _)) into.Timestamp = time;
        CopyUserData(into);
        var id = into.IndexOf(Field.WinlogEventId);
        if (id < 0 && into.IndexOf(Field.EventCode) is var code and >= 0) into.AddAlias(Field.WinlogEventId, code);
        if (into.IndexOf(Field.WinlogEventId) < 0) return ParseResult.Fail("the event has no winlog.event_id");
        WindowsEcs.Apply(into, fresh: false);
        return ParseResult.Ok;
    }

    /// <summary>Leaves of UserData also answer as event data, under their own name, as rules write them.</summary>
    private static void CopyUserData(SecurityEvent e)
    {
        Span<byte> name = stackalloc byte[FieldNames.MaxNameLength];
        "winlog.event_data."u8.CopyTo(name);
        var count = e.Count;
        for (var i = 0; i < count; i++)
        {
            var full = e.NameAt(i);
            if (!full.StartsWith(UserData)) continue;
            var leaf = full[(full.LastIndexOf((byte)'.') + 1)..];
            if (leaf.IsEmpty || leaf.SequenceEqual("xml_name"u8) || leaf.Length > name.Length - 18) continue;
            leaf.CopyTo(name[18..]);
            e.Add(name[..(18 + leaf.Length)], e.ValueAt(i).ToArray(), e.KindAt(i));
        }
    }
}
