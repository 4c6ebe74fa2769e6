using System.Text.Json;

namespace Beacon.Collectors.Parsers.Json;

/// <summary>Looks at the top-level names of a JSON object without reading its values.</summary>
internal static class JsonKeys
{
    /// <summary>True for text that begins as an object.</summary>
    public static bool IsObject(ReadOnlySpan<byte> text)
    {
        text = text.TrimStart(" \t\r\n"u8);
        return text.Length > 1 && text[0] == '{' && text[1..].TrimStart(" \t\r\n"u8) is [(byte)'"' or (byte)'}', ..];
    }

    /// <summary>The text holds the quoted name followed by a colon somewhere: a cheap first look.</summary>
    public static bool MayHave(ReadOnlySpan<byte> text, ReadOnlySpan<byte> quotedName)
    {
        var at = text.IndexOf(quotedName);
        while (at >= 0)
        {
            var rest = text[(at + quotedName.Length)..].TrimStart(" \t"u8);
            if (rest.Length > 0 && rest[0] == ':') return true;
            var next = text[(at + 1)..].IndexOf(quotedName);
            at = next < 0 ? -1 : at + 1 + next;
        }
        return false;
    }

    /// <summary>True where one of the object's own names passes the test.</summary>
    public static bool HasTopLevel(ReadOnlySpan<byte> json, Func<Utf8JsonName, bool> test)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Events.JsonFields.MaxDepth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (test(new Utf8JsonName(reader.ValueSpan))) return true;
                if (!reader.Read() || !reader.TrySkip()) return false;
            }
            return false;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

/// <summary>A property name as it stands in the text.</summary>
internal readonly ref struct Utf8JsonName(ReadOnlySpan<byte> value)
{
    public ReadOnlySpan<byte> Value { get; } = value;
    public bool Is(ReadOnlySpan<byte> name) => Value.SequenceEqual(name);
}
