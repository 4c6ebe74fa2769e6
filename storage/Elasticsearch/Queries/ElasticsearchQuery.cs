using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Beacon.Events;

namespace Beacon.Storage.Elasticsearch.Queries;

/// <summary>How the store in a cluster asks its server for what a filter passes, for people who want to read it.</summary>
public static class ElasticsearchQuery
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The search body (query DSL), over all times.</summary>
    /// <exception cref="EventQueryException">The filter asks for more than the store gives.</exception>
    public static string Of(EventFilter filter) => new JsonObject { ["query"] = FilterQuery.Of(filter) }.ToJsonString(Indented);
}
