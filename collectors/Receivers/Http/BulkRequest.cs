using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Beacon.Collectors.Receivers.Http;

/// <summary>One action of a bulk request.</summary>
/// <param name="Action">"create", "index", "update", "delete".</param>
/// <param name="Id">As the sender gave it, or null.</param>
/// <param name="Start">Where the document stands in the body.</param>
/// <param name="Error">Why the document is refused, or null.</param>
internal sealed record BulkItem(string Action, string Index, string? Id, int Start, int Length, string? ErrorType, string? Error)
{
    /// <summary>
    /// The key by which a repetition is known: index and id for "create"; for "index" the content too, since the same id with other
    /// content is another event. 0 where the sender gave no id.
    /// </summary>
    public UInt128 KeyIn(string source, ReadOnlySpan<byte> body)
    {
        if (Id is null) return 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in (ReadOnlySpan<string>)[source, Action, Index, Id])
        {
            hash.AppendData(Encoding.UTF8.GetBytes(part));
            hash.AppendData([0xFF]);
        }
        if (Action == "index") hash.AppendData(body.Slice(Start, Length));
        Span<byte> digest = stackalloc byte[32];
        hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }
}

/// <summary>Reads the body of Elasticsearch's bulk API: an action line, then a document line for all actions but "delete".</summary>
internal static class BulkRequest
{
    /// <summary>Actions of a request at most.</summary>
    public const int MaxItems = 200_000;

    /// <returns>Null where the request is understood; else what is wrong with it, and nothing of it is to be taken.</returns>
    public static string? Read(ReadOnlySpan<byte> body, string? defaultIndex, int maxFrame, List<BulkItem> items)
    {
        var at = 0;
        var line = 0;
        while (at < body.Length)
        {
            var action = NextLine(body, ref at, out _);
            line++;
            if (IsBlank(action)) continue;
            if (items.Count >= MaxItems) return $"The bulk request has more than {MaxItems} actions";
            if (!TryReadAction(action, out var name, out var index, out var id)) return $"Malformed action/metadata line [{line}], expected an object with one of create, index, update, delete";
            index ??= defaultIndex;
            if (string.IsNullOrEmpty(index)) return $"Validation Failed: line [{line}]: index is missing;";
            if (Encoding.UTF8.GetByteCount(index) > 255 || (id is not null && Encoding.UTF8.GetByteCount(id) > 512)) return $"Validation Failed: line [{line}]: the index or the id is too long;";
            if (name == "delete")
            {
                items.Add(new BulkItem(name, index, id, 0, 0, "illegal_argument_exception", "events are never deleted"));
                continue;
            }
            if (at >= body.Length) return $"Malformed action/metadata line [{line}]: the document is missing";
            var document = NextLine(body, ref at, out var start);
            line++;
            var (type, error) = name == "update" ? ("illegal_argument_exception", "events are never updated") : Check(document, maxFrame);
            items.Add(new BulkItem(name, index, id, start, document.Length, type, error));
        }
        return items.Count == 0 ? "request body is required" : null;
    }

    private static (string?, string?) Check(ReadOnlySpan<byte> document, int maxFrame)
    {
        if (document.Length > maxFrame) return ("illegal_argument_exception", $"the document is longer than {maxFrame} bytes");
        try
        {
            var reader = new Utf8JsonReader(document, new JsonReaderOptions { MaxDepth = Events.JsonFields.MaxDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return ("document_parsing_exception", "the document is not a JSON object");
            while (reader.Read())
            {
            }
            return (null, null);
        }
        catch (JsonException)
        {
            return ("document_parsing_exception", "the document is not valid JSON");
        }
    }

    private static bool TryReadAction(ReadOnlySpan<byte> line, out string name, out string? index, out string? id)
    {
        name = "";
        index = id = null;
        try
        {
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 8 });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName) return false;
            name = reader.GetString()!;
            if (name is not ("create" or "index" or "update" or "delete")) return false;
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isIndex = reader.ValueTextEquals("_index"u8);
                var isId = reader.ValueTextEquals("_id"u8);
                if (!reader.Read()) return false;
                if (isIndex && reader.TokenType == JsonTokenType.String) index = reader.GetString();
                else if (isId && reader.TokenType == JsonTokenType.String) id = reader.GetString();
                else if (isId && reader.TokenType == JsonTokenType.Number) id = Encoding.UTF8.GetString(reader.ValueSpan);
                else if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) reader.Skip();
            }
            return reader.TokenType == JsonTokenType.EndObject && reader.Read() && reader.TokenType == JsonTokenType.EndObject && !reader.Read();
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static ReadOnlySpan<byte> NextLine(ReadOnlySpan<byte> body, ref int at, out int start)
    {
        start = at;
        var end = body[at..].IndexOf((byte)'\n');
        var line = end < 0 ? body[at..] : body.Slice(at, end);
        at += end < 0 ? line.Length : end + 1;
        return line.EndsWith("\r"u8) ? line[..^1] : line;
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.Trim(" \t\r"u8).IsEmpty;
}
