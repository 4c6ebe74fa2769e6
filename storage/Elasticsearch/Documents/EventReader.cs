using System.Globalization;
using System.Text.Json;
using Beacon.Events;

namespace Beacon.Storage.Elasticsearch.Documents;

/// <summary>Reads a document back into the event that it was.</summary>
internal static class EventReader
{
    public static SecurityEvent Read(JsonElement id, JsonElement source)
    {
        var e = new SecurityEvent();
        if (EventId.TryParse(System.Text.Encoding.UTF8.GetBytes(id.GetString() ?? ""), out var parsed)) e.Id = parsed;
        HashSet<string>? multi = null;
        if (source.TryGetProperty("multi", out var names)) multi = [.. names.EnumerateArray().Select(n => n.GetString()!)];
        foreach (var member in source.EnumerateObject())
        {
            switch (member.Name)
            {
                case "beacon.us": e.Timestamp = StateTime.FromMicroseconds(member.Value.GetInt64()); break;
                case "beacon.sequence": e.Sequence = member.Value.GetInt64(); break;
                case "beacon.source": e.Source = member.Value.GetString()!; break;
                case "event.ingested": e.Received = DateTimeOffset.Parse(member.Value.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal); break;
                case "rest": Terms(e, member.Value, source.TryGetProperty("kinds", out var kinds) ? kinds.GetString() : null); break;
                case "long": Terms(e, member.Value, null); break;
                case "nulls": Nulls(e, member.Value); break;
                case "@timestamp" or "multi" or "kinds" or "numbers" or "pieces": break;
                case var column when multi is null || !multi.Contains(column): Column(e, column, member.Value); break;
            }
        }
        return e;
    }

    private static void Column(SecurityEvent e, string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number) e.Add(name, value.GetRawText(), ValueKind.Number);
        else e.Add(name, value.GetString());
    }

    private static void Terms(SecurityEvent e, JsonElement terms, string? kinds)
    {
        using var name = new ByteBuffer(256);
        var i = 0;
        foreach (var term in terms.EnumerateArray())
        {
            if (FieldTerm.TrySplit(System.Text.Encoding.UTF8.GetBytes(term.GetString()!), name, out var value))
                e.Add(name.WrittenSpan, value, kinds is null || i >= kinds.Length ? ValueKind.Text : kinds[i] switch { 'N' => ValueKind.Number, 'B' => ValueKind.Boolean, _ => ValueKind.Text });
            i++;
        }
    }

    private static void Nulls(SecurityEvent e, JsonElement terms)
    {
        using var name = new ByteBuffer(256);
        foreach (var term in terms.EnumerateArray())
            if (FieldTerm.TrySplit(System.Text.Encoding.UTF8.GetBytes(term.GetString()!), name, out _)) e.Add(name.WrittenSpan, default, ValueKind.Null);
    }
}
