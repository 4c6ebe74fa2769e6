using Beacon.Events;

namespace Beacon.Collectors.Parsers.Json;

/// <summary>JSON objects with ECS fields, nested or dotted; other objects keep their own names, and the usual ones are understood.</summary>
internal sealed class EcsJsonParser : IEventParser, IStructuredParser
{
    internal static readonly FieldId AtTimestamp = FieldNames.Intern("@timestamp");
    private static readonly FieldId[] Times = [AtTimestamp, .. ((string[])["timestamp", "time", "ts", "datetime", "eventTime", "event_time"]).Select(FieldNames.Intern)];
    private static readonly (FieldId From, FieldId To)[] Usual =
    [
        (FieldNames.Intern("msg"), Field.Message), (FieldNames.Intern("log"), Field.Message), (FieldNames.Intern("host"), Field.HostName), (FieldNames.Intern("hostname"), Field.HostName),
        (FieldNames.Intern("level"), Field.LogLevel), (FieldNames.Intern("severity"), Field.LogLevel), (FieldNames.Intern("user"), Field.UserName), (FieldNames.Intern("username"), Field.UserName),
    ];
    private static readonly FieldId[] AddressFields = [FieldNames.Intern("src_ip"), FieldNames.Intern("source_ip"), FieldNames.Intern("client_ip"), FieldNames.Intern("remote_addr")];

    public string Name => "json";

    public int Recognise(ReadOnlySpan<byte> frame) => JsonKeys.IsObject(frame) ? 50 : 0;

    public ParseResult Parse(ReadOnlySpan<byte> frame, in FrameInfo info, SecurityEvent into)
    {
        if (JsonFields.Read(frame, into) is { } fault) return ParseResult.Fail(fault);
        Finish(into, info);
        return ParseResult.Ok;
    }

    /// <summary>Settles the timestamp and gives usual names their ECS field.</summary>
    public static void Finish(SecurityEvent e, in FrameInfo info)
    {
        SetTime(e, info);
        foreach (var (from, to) in Usual)
        {
            var i = e.IndexOf(from);
            if (i >= 0 && e.KindAt(i) != ValueKind.Null && !e.Has(to)) e.AddAlias(to, i);
        }
        if (e.Has(Field.SourceIp)) return;
        foreach (var field in AddressFields)
        {
            var i = e.IndexOf(field);
            if (i < 0 || !Text.IsIp(e.ValueAt(i))) continue;
            e.AddAlias(Field.SourceIp, i);
            return;
        }
    }

    public static void SetTime(SecurityEvent e, in FrameInfo info)
    {
        foreach (var field in Times)
        {
            var i = e.IndexOf(field);
            if (i < 0 || !TryTime(e.ValueAt(i), info.Zone, out var time)) continue;
            e.Timestamp = time;
            break;
        }
        // It is the event's own timestamp from here on, not a field beside it.
        e.Remove(AtTimestamp);
    }

    public static bool TryTime(ReadOnlySpan<byte> text, TimeZoneInfo zone, out DateTimeOffset time) =>
        Timestamps.TryIso(text, zone, out time, out _) || Timestamps.TryEpoch(text, out time);
}
