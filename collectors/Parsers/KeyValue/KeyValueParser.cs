using Beacon.Events;

namespace Beacon.Collectors.Parsers.KeyValue;

/// <summary>key=value pairs and logfmt: values bare, or in double quotes with backslash escapes.</summary>
internal sealed class KeyValueParser : IEventParser
{
    private const int MaxPairs = 512;
    private const int MaxKey = 128;

    private static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["msg"] = "message", ["message"] = "message", ["level"] = "log.level", ["lvl"] = "log.level", ["severity"] = "log.level", ["host"] = "host.name", ["hostname"] = "host.name",
        ["user"] = "user.name", ["username"] = "user.name", ["src"] = "source.ip", ["srcip"] = "source.ip", ["src_ip"] = "source.ip", ["dst"] = "destination.ip", ["dstip"] = "destination.ip",
        ["dst_ip"] = "destination.ip", ["spt"] = "source.port", ["srcport"] = "source.port", ["src_port"] = "source.port", ["dpt"] = "destination.port", ["dstport"] = "destination.port",
        ["dst_port"] = "destination.port", ["proto"] = "network.transport", ["action"] = "event.action", ["method"] = "http.request.method", ["path"] = "url.path", ["pid"] = "process.pid",
    };

    private static readonly Dictionary<string, FieldId> Fields = Known.ToDictionary(k => k.Key, k => FieldNames.Intern(k.Value), StringComparer.OrdinalIgnoreCase);

    public string Name => "key-value";

    /// <summary>At least three pairs, and the text is pairs from its first word on.</summary>
    public int Recognise(ReadOnlySpan<byte> frame)
    {
        var rest = frame.TrimStart((byte)' ');
        var pairs = 0;
        while (pairs < 3 && TryPair(ref rest, out _, out _, out _)) pairs++;
        return pairs >= 3 ? 45 : 0;
    }

    public ParseResult Parse(ReadOnlySpan<byte> frame, in FrameInfo info, SecurityEvent into)
    {
        var text = Text.TrimEnd(frame);
        var rest = text;
        var pairs = 0;
        Span<byte> name = stackalloc byte[MaxKey + 3];
        "kv."u8.CopyTo(name);
        while (!rest.IsEmpty && pairs < MaxPairs)
        {
            if (!TryPair(ref rest, out var key, out var value, out var escaped))
            {
                Text.Word(ref rest);
                continue;
            }
            pairs++;
            if (escaped) value = Unescape(value);
            if (IsTime(key) && Json.EcsJsonParser.TryTime(value, info.Zone, out var time)) into.Timestamp = time;
            key.CopyTo(name[3..]);
            into.Add(name[..(key.Length + 3)], value);
            AddKnown(key, into);
        }
        if (pairs == 0) return ParseResult.Fail("the text holds no key=value pair");
        if (!into.Has(Field.Message)) into.Add(Field.Message, text);
        else if (!into.Has(Field.EventOriginal)) into.Add(Field.EventOriginal, text);
        if (!into.Has(Field.EventDataset)) into.Add(Field.EventDataset, "key_value"u8);
        return ParseResult.Ok;
    }

    private static void AddKnown(ReadOnlySpan<byte> key, SecurityEvent into)
    {
        Span<char> chars = stackalloc char[MaxKey];
        if (System.Text.Ascii.ToUtf16(key, chars, out var n) != System.Buffers.OperationStatus.Done) return;
        if (!Fields.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(chars[..n], out var field) || into.Has(field)) return;
        var i = into.Count - 1;
        var value = into.ValueAt(i);
        if (field == Field.SourceIp || field == Field.DestinationIp)
        {
            if (Text.IsIp(value)) into.AddAlias(field, i);
        }
        else if (field == Field.SourcePort || field == Field.DestinationPort || field == Field.ProcessPid)
        {
            if (Text.TryDigits(value, out var number)) into.Add(field, number);
        }
        else into.AddAlias(field, i);
    }

    private static bool IsTime(ReadOnlySpan<byte> key) => Text.EqualsIgnoreCase(key, "time"u8) || Text.EqualsIgnoreCase(key, "ts"u8) || Text.EqualsIgnoreCase(key, "timestamp"u8);

    private static bool TryPair(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value, out bool escaped)
    {
        key = value = default;
        escaped = false;
        var at = rest.TrimStart((byte)' ');
        var n = 0;
        while (n < at.Length && n <= MaxKey && (char.IsAsciiLetterOrDigit((char)at[n]) || at[n] is (byte)'_' or (byte)'-' or (byte)'.' or (byte)'@' or (byte)'/')) n++;
        if (n is 0 or > MaxKey || n >= at.Length || at[n] != '=' || char.IsAsciiDigit((char)at[0])) return false;
        key = at[..n];
        at = at[(n + 1)..];
        if (at.Length > 0 && at[0] == '"')
        {
            var i = 1;
            for (; i < at.Length && at[i] != '"'; i++)
            {
                if (at[i] != '\\') continue;
                escaped = true;
                i++;
            }
            if (i >= at.Length) return false;
            value = at[1..i];
            rest = at[(i + 1)..].TrimStart((byte)',');
            return true;
        }
        var end = at.IndexOfAny((byte)' ', (byte)',');
        value = end < 0 ? at : at[..end];
        rest = end < 0 ? default : at[(end + 1)..];
        return true;
    }

    private static byte[] Unescape(ReadOnlySpan<byte> value)
    {
        var plain = new byte[value.Length];
        var n = 0;
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length)
                plain[n++] = value[++i] switch { (byte)'n' => (byte)'\n', (byte)'t' => (byte)'\t', (byte)'r' => (byte)'\r', var other => other };
            else plain[n++] = value[i];
        }
        return plain[..n];
    }
}
