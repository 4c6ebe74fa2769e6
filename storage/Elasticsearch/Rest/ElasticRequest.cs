namespace Beacon.Storage.Elasticsearch.Rest;

/// <summary>One request. Every request that is made is safe to repeat: what writes carries ids or the version that it replaces.</summary>
/// <param name="Path">From the root, with its query, already escaped.</param>
/// <param name="Gzip">The body is compressed already.</param>
internal sealed record ElasticRequest(HttpMethod Method, string Path, ReadOnlyMemory<byte> Body, TimeSpan Timeout, bool Gzip = false, string ContentType = "application/json");
