namespace Beacon.Storage.Elasticsearch.Rest;

/// <summary>The server, or the way to it, did not do what was asked. The message names the path and the reason, never a secret.</summary>
internal sealed class ElasticException(int status, string type, string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>HTTP status; 0 where no answer came.</summary>
    public int Status => status;

    /// <summary>The server's own name for the fault ("cluster_block_exception"); empty where it gave none.</summary>
    public string Type => type;
}
