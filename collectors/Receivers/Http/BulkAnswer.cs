using System.Text.Json;

namespace Beacon.Collectors.Receivers.Http;

/// <summary>Answers in the shapes of Elasticsearch's API.</summary>
internal static class BulkAnswer
{
    /// <param name="ids">Document ids as answered, by item.</param>
    /// <param name="statuses">201, 200, 400, 409 or 429, by item.</param>
    public static byte[] Write(IReadOnlyList<BulkItem> items, IReadOnlyList<string?> ids, IReadOnlyList<int> statuses, IReadOnlyList<long> sequences, long tookMilliseconds)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(256 + items.Count * 192);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteNumber("took"u8, tookMilliseconds);
        json.WriteBoolean("errors"u8, statuses.Any(s => s >= 300));
        json.WriteStartArray("items"u8);
        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i];
            json.WriteStartObject();
            json.WriteStartObject(item.Action);
            json.WriteString("_index"u8, item.Index);
            if (ids[i] is { } id) json.WriteString("_id"u8, id);
            else json.WriteNull("_id"u8);
            json.WriteNumber("status"u8, statuses[i]);
            if (statuses[i] < 300)
            {
                json.WriteNumber("_version"u8, 1);
                json.WriteString("result"u8, statuses[i] == 201 ? "created"u8 : "noop"u8);
                json.WriteStartObject("_shards"u8);
                json.WriteNumber("total"u8, 1);
                json.WriteNumber("successful"u8, 1);
                json.WriteNumber("failed"u8, 0);
                json.WriteEndObject();
                json.WriteNumber("_seq_no"u8, sequences[i]);
                json.WriteNumber("_primary_term"u8, 1);
            }
            else
            {
                json.WriteStartObject("error"u8);
                var (type, reason) = statuses[i] switch
                {
                    409 => ("version_conflict_engine_exception", "version conflict, document already exists"),
                    429 => ("es_rejected_execution_exception", "it can’t be taken now, or another request is writing it; try again"),
                    _ => (item.ErrorType!, item.Error!),
                };
                json.WriteString("type"u8, type);
                json.WriteString("reason"u8, reason);
                json.WriteEndObject();
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static byte[] Fault(int status, string type, string reason)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteStartArray("root_cause"u8);
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteString("reason"u8, reason);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteString("type"u8, type);
        json.WriteString("reason"u8, reason);
        json.WriteEndObject();
        json.WriteNumber("status"u8, status);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
