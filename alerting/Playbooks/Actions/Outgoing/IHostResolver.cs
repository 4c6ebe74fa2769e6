using System.Net;

namespace Beacon.Alerting.Playbooks.Actions.Outgoing;

/// <summary>Names to addresses.</summary>
internal interface IHostResolver
{
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation);
}

/// <summary>As the machine resolves them.</summary>
internal sealed class DnsResolver : IHostResolver
{
    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation) => Dns.GetHostAddressesAsync(host, cancellation);
}
