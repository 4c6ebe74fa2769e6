using System.Text;
using System.Text.Json;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.Json;

/// <summary>
/// How the JSON records of a service become events: every leaf stands under the service's prefix with its own name, and what ECS has a
/// name for answers by it too.
/// </summary>
internal sealed class ServiceRecord
{
    /// <summary>Longest text of an object that is kept whole beside its leaves, in bytes.</summary>
    private const int MaxWhole = 32 * 1024;

    /// <summary>Pairs of name and value taken from one list.</summary>
    private const int MaxPairs = 256;

    private readonly byte[] _prefix;
    private readonly byte[] _module;
    private readonly byte[] _dataset;
    private readonly FieldId[] _times;
    private readonly (FieldId From, FieldId To, bool IsIp)[] _copies;
    private readonly (string[] Path, FieldId Field)[] _wholes;
    private readonly (string[] Path, string Value)[] _pairs;

    /// <param name="prefix">Its dot included.</param>
    /// <param name="times">Fields that hold the event's time; the first that can be read counts.</param>
    /// <param name="copies">"own.name>ecs.name"; with '!' before the second only an address is taken, without its port.</param>
    /// <param name="wholes">Objects and lists whose JSON text is kept too, as rules search in it.</param>
    /// <param name="pairs">Lists of {Name, Value} that become fields; "list>Value" names the member that holds the value.</param>
    public ServiceRecord(string prefix, string module, string dataset, string[] times, string[] copies, string[]? wholes = null, string[]? pairs = null)
    {
        _prefix = Encoding.UTF8.GetBytes(prefix);
        _module = Encoding.UTF8.GetBytes(module);
        _dataset = Encoding.UTF8.GetBytes(dataset);
        _times = Array.ConvertAll(times, Own);
        _copies = Array.ConvertAll(copies, copy =>
        {
            var (from, to) = (copy[..copy.IndexOf('>', StringComparison.Ordinal)], copy[(copy.IndexOf('>', StringComparison.Ordinal) + 1)..]);
            return (Own(from), FieldNames.Intern(to.TrimStart('!')), to[0] == '!');
        });
        _wholes = Array.ConvertAll(wholes ?? [], w => (w.Split('.'), Own(w)));
        _pairs = Array.ConvertAll(pairs ?? [], p => (p[..p.IndexOf('>', StringComparison.Ordinal)].Split('.'), p[(p.IndexOf('>', StringComparison.Ordinal) + 1)..]));
    }

    /// <summary>The field that a name of the record becomes.</summary>
    public FieldId Own(string name) => FieldNames.Intern(Encoding.UTF8.GetString(_prefix) + name);

    public ParseResult Read(ReadOnlySpan<byte> json, in FrameInfo info, SecurityEvent into)
    {
        if (JsonFields.Read(json, into, _prefix) is { } fault) return ParseResult.Fail(fault);
        foreach (var field in _times)
        {
            if (!into.TryGet(field, out var text) || !(EcsJsonParser.TryTime(text, TimeZoneInfo.Utc, out var time) || TryAmerican(text, out time))) continue;
            into.Timestamp = time;
            break;
        }
        into.Add(Field.EventKind, "event"u8);
        into.Add(Field.EventModule, _module);
        into.Add(Field.EventDataset, _dataset);
        foreach (var (from, to, isIp) in _copies)
        {
            if (into.Has(to)) continue;
            for (var i = into.IndexOf(from); i >= 0; i = into.IndexOf(from, i + 1)) Copy(into, i, to, isIp);
        }
        foreach (var (path, field) in _wholes)
            if (JsonText.TryFind(json, path, out var text) && text.Length <= MaxWhole) into.Add(field, text);
        foreach (var (path, value) in _pairs)
            if (JsonText.TryFind(json, path, out var list)) AddPairs(list, string.Join('.', path), value, into);
        return ParseResult.Ok;
    }

    /// <summary>"3/24/2026 2:42:35 PM", UTC, as some of Entra's records have it.</summary>
    private static bool TryAmerican(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        Span<char> chars = stackalloc char[24];
        return text.Length is > 16 and <= 24 && System.Text.Ascii.ToUtf16(text, chars, out var n) == System.Buffers.OperationStatus.Done
            && DateTimeOffset.TryParseExact(chars[..n], "M/d/yyyy h:mm:ss tt", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out time);
    }

    private static void Copy(SecurityEvent e, int i, FieldId to, bool isIp)
    {
        if (e.KindAt(i) == ValueKind.Null || e.ValueAt(i).IsEmpty) return;
        if (!isIp)
        {
            e.AddAlias(to, i);
            return;
        }
        // "10.0.0.1:443" and "[2001:db8::1]:443" are addresses with a port.
        var value = e.ValueAt(i);
        var (start, length) = (0, value.Length);
        if (value[0] == '[' && value.IndexOf((byte)']') is var close and > 1) (start, length) = (1, close - 1);
        else if (value.Count((byte)':') == 1) length = value.IndexOf((byte)':');
        if (Text.IsIp(value.Slice(start, length))) e.AddSlice(to, i, start, length);
    }

    private void AddPairs(ReadOnlySpan<byte> list, string path, string member, SecurityEvent into)
    {
        Span<byte> name = stackalloc byte[FieldNames.MaxNameLength];
        var head = _prefix.Length;
        _prefix.CopyTo(name);
        head += Encoding.UTF8.GetBytes(path, name[head..]);
        name[head++] = (byte)'.';
        var reader = new Utf8JsonReader(list, new JsonReaderOptions { MaxDepth = JsonFields.MaxDepth });
        var (length, pairs) = (0, 0);
        while (reader.Read() && pairs < MaxPairs)
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 2) continue;
            var isName = reader.ValueTextEquals("Name"u8);
            var isValue = reader.ValueTextEquals(member);
            if (!reader.Read()) return;
            if (reader.TokenType != JsonTokenType.String)
            {
                reader.Skip();
                continue;
            }
            if (isName) length = reader.ValueIsEscaped || head + reader.ValueSpan.Length > name.Length ? 0 : head + reader.ValueSpan.Length;
            if (isName && length > 0) reader.ValueSpan.CopyTo(name[head..]);
            else if (isValue && length > 0)
            {
                pairs++;
                into.Add(name[..length], reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(reader.GetString()!) : reader.ValueSpan);
                length = 0;
            }
        }
    }
}
