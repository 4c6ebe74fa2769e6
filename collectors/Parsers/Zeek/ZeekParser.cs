using System.Collections.Concurrent;
using System.Text;
using Beacon.Collectors.Parsers.Json;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.Zeek;

/// <summary>
/// Zeek's logs as JSON, those of the ICSNPP parsers included. Every field stays under <c>zeek.LOG.</c> with Zeek's own name; what ECS
/// has a name for answers by it too.
/// </summary>
internal sealed class ZeekParser : IEventParser, IStructuredParser
{
    private const int MaxLogs = 256;
    private readonly ConcurrentDictionary<string, ZeekLog> _logs = new(StringComparer.Ordinal);

    public string Name => "zeek";

    public int Recognise(ReadOnlySpan<byte> frame)
    {
        if (!JsonKeys.IsObject(frame)) return 0;
        if (JsonKeys.MayHave(frame, "\"_path\""u8) && JsonKeys.HasTopLevel(frame, static n => n.Is("_path"u8))) return 95;
        if (!JsonKeys.MayHave(frame, "\"ts\""u8)) return 0;
        if (!JsonKeys.MayHave(frame, "\"uid\""u8) && !JsonKeys.MayHave(frame, "\"id.orig_h\""u8) && !JsonKeys.MayHave(frame, "\"fuid\""u8) && !JsonKeys.MayHave(frame, "\"certificate.serial\""u8)
            && !JsonKeys.MayHave(frame, "\"suppress_for\""u8)) return 0;
        var seen = 0;
        JsonKeys.HasTopLevel(frame, n =>
        {
            if (n.Is("ts"u8)) seen |= 1;
            else if (n.Is("uid"u8) || n.Is("id.orig_h"u8) || n.Is("fuid"u8) || n.Is("certificate.serial"u8) || n.Is("suppress_for"u8) || n.Is("id"u8)) seen |= 2;
            return seen == 3;
        });
        return seen == 3 ? 91 : 0;
    }

    public ParseResult Parse(ReadOnlySpan<byte> frame, in FrameInfo info, SecurityEvent into)
    {
        var name = PathOf(frame);
        if (name is null)
        {
            var raw = new SecurityEvent(frame.Length + 256, 48);
            if (JsonFields.Read(frame, raw) is { } bad) return ParseResult.Fail(bad);
            name = ZeekShape.LogOf(field => raw.IndexOf(field) >= 0);
        }
        var log = _logs.TryGetValue(name, out var known) ? known : _logs.Count < MaxLogs ? _logs.GetOrAdd(name, n => new ZeekLog(n)) : new ZeekLog(name);
        if (JsonFields.Read(frame, into, log.Prefix) is { } fault) return ParseResult.Fail(fault);
        log.AddEcs(into, info);
        return ParseResult.Ok;
    }

    private static string? PathOf(ReadOnlySpan<byte> frame)
    {
        string? path = null;
        var reader = new System.Text.Json.Utf8JsonReader(frame, new System.Text.Json.JsonReaderOptions { MaxDepth = JsonFields.MaxDepth });
        try
        {
            if (!reader.Read() || reader.TokenType != System.Text.Json.JsonTokenType.StartObject) return null;
            while (reader.Read() && reader.TokenType == System.Text.Json.JsonTokenType.PropertyName)
            {
                var found = reader.ValueTextEquals("_path"u8);
                if (!reader.Read()) return null;
                if (found)
                {
                    path = reader.TokenType == System.Text.Json.JsonTokenType.String ? reader.GetString() : null;
                    break;
                }
                if (!reader.TrySkip()) return null;
            }
        }
        catch (Exception fault) when (fault is System.Text.Json.JsonException or InvalidOperationException)
        {
            return null;
        }
        // The name becomes part of field names: only what Zeek itself would call a log.
        return path is { Length: > 0 and <= 64 } && path.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? path : null;
    }
}

/// <summary>What is known of one of Zeek's logs, with its field ids looked up once.</summary>
internal sealed class ZeekLog
{
    private readonly List<(FieldId From, FieldId To)> _copies = [];
    private readonly FieldId _ts, _originator, _responder, _success;
    private readonly byte[] _name;
    private readonly byte[] _dataset;
    private readonly (string Category, string Type) _kind;

    public ZeekLog(string name)
    {
        Prefix = Encoding.UTF8.GetBytes($"zeek.{name}.");
        _name = Encoding.UTF8.GetBytes(name);
        _dataset = Encoding.UTF8.GetBytes("zeek." + name);
        _kind = ZeekFields.KindOf(name);
        var known = FieldNames.Count < FieldNames.Capacity / 2;
        FieldId Id(string field) => known ? FieldNames.Intern($"zeek.{name}.{field}") : FieldNames.TryFind($"zeek.{name}.{field}", out var id) ? id : FieldId.None;
        foreach (var (from, to) in ZeekFields.Common) _copies.Add((Id(from), to));
        if (ZeekFields.ByLog.TryGetValue(name, out var own)) foreach (var (from, to) in own) _copies.Add((Id(from), to));
        _ts = Id("ts");
        _originator = Id("id.orig_h");
        _responder = Id("id.resp_h");
        _success = Id(name == "ssh" ? "auth_success" : "success");
    }

    public byte[] Prefix { get; }

    public void AddEcs(SecurityEvent e, in FrameInfo info)
    {
        if (e.TryGet(_ts, out var ts) && EcsJsonParser.TryTime(ts, info.Zone, out var time)) e.Timestamp = time;
        e.Add(Field.EventKind, "event"u8);
        e.Add(Field.EventModule, "zeek"u8);
        e.Add(Field.EventDataset, _dataset);
        e.Add(Field.ZeekLog, _name);
        e.Add(Field.EventCategory, _kind.Category);
        e.Add(Field.EventType, _kind.Type);
        Address(e, _originator, Field.SourceAddress, Field.SourceIp);
        Address(e, _responder, Field.DestinationAddress, Field.DestinationIp);
        foreach (var (from, to) in _copies)
            for (var i = e.IndexOf(from); i >= 0; i = e.IndexOf(from, i + 1))
                if (e.KindAt(i) != ValueKind.Null) e.AddAlias(to, i);
        if (e.TryGet(_success, out var success)) e.Add(Field.EventOutcome, success.SequenceEqual("true"u8) ? "success"u8 : "failure"u8);
        if (e.TryGet(Field.UrlOriginal, out var uri) && !e.Has(Field.UrlPath)) Web.UrlFields.Add(e, uri);
        if (_kind.Category == "network" && !e.Has(Field.NetworkProtocol) && _name is not [(byte)'u', ..]) e.Add(Field.NetworkProtocol, Protocol());
    }

    private ReadOnlySpan<byte> Protocol()
    {
        // "modbus_detailed" and "dnp3_objects" are still those protocols.
        var underscore = _name.AsSpan().IndexOf((byte)'_');
        return underscore < 0 ? _name : _name.AsSpan(0, underscore);
    }

    private static void Address(SecurityEvent e, FieldId from, FieldId address, FieldId ip)
    {
        var i = e.IndexOf(from);
        if (i < 0) return;
        e.AddAlias(address, i);
        if (Text.IsIp(e.ValueAt(i))) e.AddAlias(ip, i);
    }
}
