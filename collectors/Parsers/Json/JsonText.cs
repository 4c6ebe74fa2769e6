using System.Text.Json;

namespace Beacon.Collectors.Parsers.Json;

/// <summary>Cuts values out of a JSON text as they stand in it.</summary>
internal static class JsonText
{
    /// <summary>The text of an object or array at a path of names from the top-level object on. False where there is none, or the text is not JSON.</summary>
    public static bool TryFind(ReadOnlySpan<byte> json, scoped ReadOnlySpan<string> path, out ReadOnlySpan<byte> text)
    {
        text = default;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Events.JsonFields.MaxDepth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            var depth = 0;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var found = reader.ValueTextEquals(path[depth]);
                if (!reader.Read()) return false;
                if (!found)
                {
                    reader.Skip();
                    continue;
                }
                if (depth < path.Length - 1)
                {
                    if (reader.TokenType != JsonTokenType.StartObject) return false;
                    depth++;
                    continue;
                }
                if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) return false;
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                text = json[start..(int)reader.BytesConsumed];
                return true;
            }
            return false;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The only object of an array; false where the array holds none, several, or something else.</summary>
    public static bool TrySingle(ReadOnlySpan<byte> array, out ReadOnlySpan<byte> item, out int count)
    {
        item = default;
        count = 0;
        var reader = new Utf8JsonReader(array, new JsonReaderOptions { MaxDepth = Events.JsonFields.MaxDepth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray) return false;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                count++;
                if (reader.TokenType != JsonTokenType.StartObject) return false;
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                item = array[start..(int)reader.BytesConsumed];
            }
            return count == 1;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
