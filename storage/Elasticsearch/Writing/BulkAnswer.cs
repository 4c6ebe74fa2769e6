using System.Text.Json;
using Beacon.Storage.Elasticsearch.Rest;

namespace Beacon.Storage.Elasticsearch.Writing;

/// <summary>What became of one event of a bulk request that was not stored.</summary>
internal sealed record BulkFault(int Place, int Status, string Type, string Reason)
{
    /// <summary>The same event was stored by an earlier try.</summary>
    public bool IsStored => Status == 409;

    /// <summary>The server has no room now.</summary>
    public bool IsBusy => Status is 429 || Type is "es_rejected_execution_exception" or "rejected_execution_exception";

    /// <summary>The event itself can't be stored, now or later: its mapping, its size. A missing index or a block is no fault of the event.</summary>
    public bool IsRefused => Status is 400 or 413 && Type is not ("index_closed_exception" or "cluster_block_exception");
}

/// <summary>Reads the answer to a bulk request.</summary>
internal static class BulkAnswer
{
    /// <exception cref="ElasticException">The answer does not say what became of every event.</exception>
    public static List<BulkFault> Read(ElasticAnswer answer, int count)
    {
        using var json = answer.Parse();
        var faults = new List<BulkFault>();
        if (!json.RootElement.TryGetProperty("items", out var items) || items.GetArrayLength() != count)
            throw new ElasticException(answer.Status, "", $"the server answered for another number of events than the {count} that were sent");
        if (json.RootElement.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.False) return faults;
        var place = -1;
        foreach (var item in items.EnumerateArray())
        {
            place++;
            var result = item.EnumerateObject().First().Value;
            var status = result.GetProperty("status").GetInt32();
            if (status is 200 or 201) continue;
            var (type, reason) = result.TryGetProperty("error", out var error) ? ElasticAnswer.Cause(error) : ("", "");
            faults.Add(new BulkFault(place, status, type, reason));
        }
        return faults;
    }
}
