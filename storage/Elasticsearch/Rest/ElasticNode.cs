namespace Beacon.Storage.Elasticsearch.Rest;

/// <summary>One node and whether it answered lately. All members are called under the pool's lock.</summary>
internal sealed class ElasticNode(Uri address)
{
    public Uri Address => address;

    /// <summary>Failures since it last answered; 0: it is used.</summary>
    public int Failures { get; set; }

    /// <summary>Before this instant a failed node is not asked again.</summary>
    public DateTimeOffset PausedUntil { get; set; }

    /// <summary>A probe is on its way.</summary>
    public bool Probing { get; set; }

    public bool IsAlive => Failures == 0;
}
