using Beacon.Collectors.Receivers.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Collectors;

/// <summary>The HTTP endpoints of the collectors.</summary>
public static class IngestEndpoints
{
    /// <summary>
    /// Maps POST /ingest/{source?} (one frame a line), and Elasticsearch's bulk API at /_bulk, /{index}/_bulk and the same under
    /// /ingest/elasticsearch and /ingest/{source}, with the few answers that shippers ask for before they send.
    /// </summary>
    /// <returns>The group of all of them, for the caller to require authorization on.</returns>
    public static RouteGroupBuilder MapIngest(this IEndpointRouteBuilder endpoints)
    {
        var options = endpoints.ServiceProvider.GetRequiredService<CollectorsOptions>();
        var group = endpoints.MapGroup("");
        group.WithMetadata(new BodyLimit(options.HttpMaxBytes));
        group.MapPost("/ingest/{source?}", (HttpContext http, string? source) => Requests(http).LinesAsync(http, source));
        MapElasticsearch(group, "");
        group.MapMethods("/ingest/_bulk", ["POST", "PUT"], (HttpContext http) => Requests(http).BulkAsync(http, null, null));
        MapElasticsearch(group, "/ingest/elasticsearch");
        MapElasticsearch(group, "/ingest/{source}");
        group.MapGet("/ingest/elasticsearch", Version);
        group.MapMethods("/ingest/elasticsearch", ["HEAD"], Version);
        group.MapGet("/ingest/elasticsearch/_license", License);
        group.MapGet("/ingest/{source}", Version);
        group.MapGet("/ingest/{source}/_license", License);
        return group;
    }

    private static void MapElasticsearch(RouteGroupBuilder group, string root)
    {
        foreach (var method in (string[])["POST", "PUT"])
        {
            group.MapMethods(root + "/_bulk", [method], (HttpContext http) => Requests(http).BulkAsync(http, Source(http), null));
            group.MapMethods(root + "/{index}/_bulk", [method], (HttpContext http, string index) => Requests(http).BulkAsync(http, Source(http), index));
        }
    }

    private static string? Source(HttpContext http) => http.Request.RouteValues["source"] as string;
    private static IngestRequests Requests(HttpContext http) => http.RequestServices.GetRequiredService<IngestRequests>();

    // The version decides which features a shipper uses; none of those that we lack is asked for with templates and ILM switched off.
    private static IResult Version(HttpContext http)
    {
        http.Response.Headers["X-Elastic-Product"] = "Elasticsearch";
        return Results.Text(
            """{"name":"beacon","cluster_name":"beacon","cluster_uuid":"beacon","version":{"number":"8.19.0","build_flavor":"default","build_type":"tar","build_hash":"unknown","build_snapshot":false,"lucene_version":"9.12.0","minimum_wire_compatibility_version":"7.17.0","minimum_index_compatibility_version":"7.0.0"},"tagline":"You Know, for Search"}""",
            "application/json");
    }

    private static IResult License(HttpContext http)
    {
        http.Response.Headers["X-Elastic-Product"] = "Elasticsearch";
        return Results.Text("""{"license":{"status":"active","uid":"beacon","type":"basic","mode":"basic"}}""", "application/json");
    }

    private sealed class BodyLimit(long bytes) : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => bytes;
    }
}
