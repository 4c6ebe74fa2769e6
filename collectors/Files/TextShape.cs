using System.Text.Json;
using Beacon.Collectors.Parsers;
using Beacon.Events;

namespace Beacon.Collectors.Files;

/// <summary>Tells text of one event a line from JSON documents over several lines, by their first bytes.</summary>
internal static class TextShape
{
    /// <summary>True where the log begins as JSON and its first line is no whole object.</summary>
    public static bool SpansLines(ReadOnlySpan<byte> head)
    {
        var text = head;
        if (text.StartsWith("\uFEFF"u8)) text = text[3..];
        text = text.TrimStart(" \t\r\n"u8);
        if (text.IsEmpty || text[0] is not ((byte)'{' or (byte)'[')) return false;
        var end = text.IndexOf((byte)'\n');
        if (text[0] == '[') return end < 0 || Text.TrimEnd(text[1..Math.Max(1, end)]).Trim(" \t"u8).IsEmpty || text[1..].TrimStart(" \t\r\n"u8) is [(byte)'{', ..];
        if (end < 0) return false;
        try
        {
            var reader = new Utf8JsonReader(text[..end], new JsonReaderOptions { MaxDepth = JsonFields.MaxDepth });
            while (reader.Read())
            {
            }
            return false;
        }
        catch (JsonException)
        {
            // Broken, or going on in the next line: what follows an object's first line is no object of its own.
            return text[(end + 1)..].TrimStart(" \t\r\n"u8) is not [(byte)'{', ..];
        }
    }
}
