using System.Text.Json;

namespace Beacon.Events;

/// <summary>
/// Reads a JSON object (RFC 8259) into an event's fields: nested objects become dotted names, arrays several values, in one
/// pass over the UTF-8 without building a document.
/// </summary>
public static class JsonFields
{
    /// <summary>Deepest nesting accepted.</summary>
    public const int MaxDepth = 64;

    /// <summary>Adds every leaf of the object to the event.</summary>
    /// <param name="prefix">Put before each name, its dot included ("zeek."), or empty.</param>
    /// <returns>Null, or what is wrong with the text and at which byte.</returns>
    public static Phrase? Read(ReadOnlySpan<byte> json, SecurityEvent into, ReadOnlySpan<byte> prefix = default)
    {
        Span<byte> path = stackalloc byte[FieldNames.MaxNameLength + 1];
        if (prefix.Length > FieldNames.MaxNameLength) return "the field prefix is too long";
        prefix.CopyTo(path);
        var mark = into.Mark;
        if (new PlainJson(json, into, path).TryRead(prefix.Length)) return null;
        into.Return(mark);
        return ReadThoroughly(json, into, path, prefix.Length);
    }

    private static Phrase? ReadThoroughly(ReadOnlySpan<byte> json, SecurityEvent into, scoped Span<byte> path, int prefix)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth, CommentHandling = JsonCommentHandling.Disallow });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return "the text is not a JSON object";
            ReadObject(ref reader, into, path, prefix, tooLong: false);
            if (reader.Read()) return "there is text after the JSON object";
            return null;
        }
        catch (JsonException fault)
        {
            return $"not JSON: line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}";
        }
        catch (InvalidOperationException)
        {
            return "not JSON: a string is not valid UTF-16 or UTF-8";
        }
    }

    private static void ReadObject(ref Utf8JsonReader reader, SecurityEvent into, scoped Span<byte> path, int length, bool tooLong)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var end = length;
            var fits = !tooLong && AppendName(ref reader, path, ref end);
            reader.Read();
            ReadValue(ref reader, into, path, end, !fits);
        }
    }

    private static bool AppendName(ref Utf8JsonReader reader, scoped Span<byte> path, ref int end)
    {
        var size = reader.ValueSpan.Length;
        if (end + size > FieldNames.MaxNameLength) return false;
        if (reader.ValueIsEscaped) end += reader.CopyString(path[end..]);
        else
        {
            reader.ValueSpan.CopyTo(path[end..]);
            end += size;
        }
        return true;
    }

    private static void ReadValue(ref Utf8JsonReader reader, SecurityEvent into, scoped Span<byte> path, int length, bool tooLong)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                if (length < FieldNames.MaxNameLength) path[length++] = (byte)'.';
                else tooLong = true;
                ReadObject(ref reader, into, path, length, tooLong);
                return;
            case JsonTokenType.StartArray:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) ReadValue(ref reader, into, path, length, tooLong);
                return;
        }
        // A name over the ceiling is handed on as too long, so that the event counts what it left out.
        var name = tooLong ? path : path[..length];
        switch (reader.TokenType)
        {
            case JsonTokenType.String when reader.ValueIsEscaped:
                var size = reader.ValueSpan.Length;
                var rented = size <= 512 ? null : System.Buffers.ArrayPool<byte>.Shared.Rent(size);
                Span<byte> text = rented ?? stackalloc byte[512];
                var n = reader.CopyString(text);
                into.Add(name, text[..n]);
                if (rented is not null) System.Buffers.ArrayPool<byte>.Shared.Return(rented);
                break;
            case JsonTokenType.String: into.Add(name, reader.ValueSpan); break;
            case JsonTokenType.Number: into.Add(name, reader.ValueSpan, ValueKind.Number); break;
            case JsonTokenType.True: into.Add(name, "true"u8, ValueKind.Boolean); break;
            case JsonTokenType.False: into.Add(name, "false"u8, ValueKind.Boolean); break;
            case JsonTokenType.Null: into.Add(name, default, ValueKind.Null); break;
        }
    }
}
