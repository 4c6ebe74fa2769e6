using System.Globalization;
using System.Text;
using System.Text.Json;
using Beacon.Events;

namespace Beacon.Storage.Elasticsearch.Documents;

/// <summary>Reads a document back into the event that it was.</summary>
internal static class EventReader
{
    public static SecurityEvent Read(JsonElement id, JsonElement source)
    {
        var e = new SecurityEvent();
        if (EventId.TryParse(Encoding.UTF8.GetBytes(id.GetString() ?? ""), out var parsed)) e.Id = parsed;
        HashSet<string>? multi = null;
        if (source.TryGetProperty("multi", out var names)) multi = [.. names.EnumerateArray().Select(n => n.GetString()!)];
        foreach (var member in source.EnumerateObject())
        {
            switch (member.Name)
            {
                case "beacon": Envelope(e, member.Value); break;
                case "rest": Terms(e, member.Value, source.TryGetProperty("kinds", out var kinds) ? kinds.GetString() : null); break;
                case "long": Terms(e, member.Value, null); break;
                case "nulls": Nulls(e, member.Value); break;
                case "@timestamp" or "multi" or "kinds" or "fields" or "several" or "numbers" or "pieces": break;
                default: Columns(e, member.Name, member.Value, multi); break;
            }
        }
        return e;
    }

    private static void Envelope(SecurityEvent e, JsonElement beacon)
    {
        e.Timestamp = StateTime.FromMicroseconds(beacon.GetProperty("us").GetInt64());
        e.Sequence = beacon.GetProperty("sequence").GetInt64();
        e.Source = beacon.GetProperty("source").GetString()!;
        e.Received = DateTimeOffset.Parse(beacon.GetProperty("received").GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
    }

    private static void Columns(SecurityEvent e, string path, JsonElement value, HashSet<string>? multi)
    {
        if (value.ValueKind == JsonValueKind.Object)
            foreach (var member in value.EnumerateObject()) Columns(e, $"{path}.{member.Name}", member.Value, multi);
        else if (multi?.Contains(path) == true)
            return;
        else if (value.ValueKind == JsonValueKind.Number) e.Add(path, value.GetRawText(), ValueKind.Number);
        else e.Add(path, value.GetString());
    }

    private static void Terms(SecurityEvent e, JsonElement terms, string? kinds)
    {
        using var name = new ByteBuffer(256);
        var i = 0;
        foreach (var term in terms.EnumerateArray())
        {
            if (FieldTerm.TrySplit(Encoding.UTF8.GetBytes(term.GetString()!), name, out var value))
                e.Add(name.WrittenSpan, value, kinds is null || i >= kinds.Length ? ValueKind.Text : kinds[i] switch { 'N' => ValueKind.Number, 'B' => ValueKind.Boolean, _ => ValueKind.Text });
            i++;
        }
    }

    private static void Nulls(SecurityEvent e, JsonElement terms)
    {
        using var name = new ByteBuffer(256);
        foreach (var term in terms.EnumerateArray())
            if (FieldTerm.TrySplit(Encoding.UTF8.GetBytes(term.GetString()!), name, out _)) e.Add(name.WrittenSpan, default, ValueKind.Null);
    }
}
