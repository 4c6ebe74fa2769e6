using System.Text.Json;

namespace Beacon.Storage.Elasticsearch.Rest;

/// <summary>An answer of the server, whole in memory that goes back to its pool.</summary>
internal sealed class ElasticAnswer(int status, ByteBuffer body) : IDisposable
{
    public int Status => status;
    public bool Succeeded => status is >= 200 and < 300;
    public ReadOnlyMemory<byte> Body => body.WrittenMemory;

    public JsonDocument Parse()
    {
        try
        {
            return JsonDocument.Parse(body.WrittenMemory);
        }
        catch (JsonException fault)
        {
            throw new ElasticException(status, "", $"the answer ({status}) is not JSON: is this address an Elasticsearch or OpenSearch?", fault);
        }
    }

    /// <summary>The fault that the answer tells, in one line of at most 600 characters.</summary>
    public ElasticException ToFault(string what)
    {
        var (type, reason) = ("", "");
        try
        {
            using var json = JsonDocument.Parse(body.WrittenMemory);
            if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("error", out var error)) (type, reason) = Cause(error);
        }
        catch (JsonException)
        {
            // A proxy's page: the status says enough.
        }
        if (reason.Length > 500) reason = reason[..500] + "…";
        return new ElasticException(status, type, $"{what}: {status} {type} {reason}".TrimEnd());
    }

    /// <summary>The innermost cause that names a reason: the outermost often says no more than "all shards failed".</summary>
    public static (string Type, string Reason) Cause(JsonElement error)
    {
        if (error.ValueKind == JsonValueKind.String) return ("", error.GetString()!);
        if (error.ValueKind != JsonValueKind.Object) return ("", "");
        if (error.TryGetProperty("root_cause", out var roots) && roots.ValueKind == JsonValueKind.Array && roots.GetArrayLength() > 0) error = roots[0];
        string Text(string name) => error.TryGetProperty(name, out var v) && v.ValueKind == JsonValueKind.String ? v.GetString()! : "";
        var (type, reason) = (Text("type"), Text("reason"));
        if (error.TryGetProperty("caused_by", out var by) && by.ValueKind == JsonValueKind.Object && by.TryGetProperty("reason", out var deeper) && deeper.ValueKind == JsonValueKind.String)
            reason = $"{reason}: {deeper.GetString()}";
        return (type, reason);
    }

    public void Dispose() => body.Dispose();
}
