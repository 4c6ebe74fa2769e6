using System.Buffers;

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
        var at = 0;
        if (Next(json, ref at) != '{' || Next(json, ref at) != '"') return false;
        while (true)
        {
            var end = EndOfString(json, at);
            if (end < 0) return false;
            if (test(new Utf8JsonName(json[at..end]))) return true;
            at = end + 1;
            if (Next(json, ref at) != ':' || !TrySkipValue(json, ref at)) return false;
            if (Next(json, ref at) != ',' || Next(json, ref at) != '"') return false;
        }
    }

    private static byte Next(ReadOnlySpan<byte> json, ref int at)
    {
        while (at < json.Length)
        {
            var b = json[at++];
            if (b > ' ') return b;
        }
        return 0;
    }

    /// <summary>Place of the quote behind the string that begins at a place, or -1.</summary>
    private static int EndOfString(ReadOnlySpan<byte> json, int at)
    {
        while (at < json.Length)
        {
            var found = json[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (found < 0) return -1;
            at += found;
            if (json[at] == '"') return at;
            at += 2;
        }
        return -1;
    }

    /// <summary>Passes a value by its brackets and strings alone: whether it is JSON is for the parser to say.</summary>
    private static bool TrySkipValue(ReadOnlySpan<byte> json, ref int at)
    {
        var depth = 0;
        while (true)
        {
            var found = at < json.Length ? json[at..].IndexOfAny(Structure) : -1;
            if (found < 0) return false;
            at += found;
            switch (json[at])
            {
                case (byte)'"':
                    var end = EndOfString(json, at + 1);
                    if (end < 0) return false;
                    at = end + 1;
                    break;
                case (byte)'{' or (byte)'[':
                    depth++;
                    at++;
                    break;
                case (byte)',' when depth == 0: return true;
                case (byte)'}' or (byte)']':
                    if (depth == 0) return true;
                    depth--;
                    at++;
                    break;
                default:
                    at++;
                    break;
            }
        }
    }

    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[],"u8);
}

/// <summary>A property name as it stands in the text.</summary>
internal readonly ref struct Utf8JsonName(ReadOnlySpan<byte> value)
{
    public ReadOnlySpan<byte> Value { get; } = value;
    public bool Is(ReadOnlySpan<byte> name) => Value.SequenceEqual(name);
}
