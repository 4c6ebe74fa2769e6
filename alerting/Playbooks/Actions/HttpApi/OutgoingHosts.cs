using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Playbooks.Actions.HttpApi;

/// <summary>Which hosts may be called, and at which addresses.</summary>
internal sealed class OutgoingHosts(IOptions<AlertingOptions> options)
{
    public string? Refusal(Uri uri)
    {
        var allowed = options.Value.AllowedHosts;
        if (allowed.Count == 0) return $"calls to {uri.Host} are refused: no host is allowed (set Alerting:AllowedHosts)";
        return allowed.Any(a => Names(a, uri.Host, uri.Port)) ? null : $"calls to {uri.Host}:{uri.Port} are refused: the host is not in Alerting:AllowedHosts";
    }

    public bool MayBePrivate(string host, int port) => options.Value.AllowedPrivateHosts.Any(a => Names(a, host, port));

    /// <summary>Resolves once and connects to what was checked, so that a name cannot point elsewhere a moment later.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancellation).ConfigureAwait(false);
        var usable = MayBePrivate(host, port) ? addresses : [.. addresses.Where(a => !IsPrivate(a))];
        if (usable.Length == 0) throw new HttpRequestException($"{host} has only private addresses, which are refused (set Alerting:AllowedPrivateHosts)");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(usable, port, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Addresses that are not of the public Internet (RFC 6890 and the registries it names).</summary>
    internal static bool IsPrivate(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return Special.Any(n => n.BaseAddress.AddressFamily == address.AddressFamily && n.Contains(address));
    }

    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "224.0.0.0/4", "240.0.0.0/4", "::/127", "64:ff9b::/96", "fc00::/7", "fe80::/10", "ff00::/8",
        }.Select(n => IPNetwork.Parse(n)),
    ];

    private static bool Names(string pattern, string host, int port)
    {
        var name = pattern.Trim();
        var colon = name.LastIndexOf(':');
        if (colon > 0 && !name.EndsWith(']') && name.IndexOf(':', StringComparison.Ordinal) == colon && int.TryParse(name.AsSpan(colon + 1), out var wanted))
        {
            if (wanted != port) return false;
            name = name[..colon];
        }
        return name.StartsWith("*.", StringComparison.Ordinal)
            ? host.EndsWith(name[1..], StringComparison.OrdinalIgnoreCase) && host.Length > name.Length - 1
            : string.Equals(name, host, StringComparison.OrdinalIgnoreCase);
    }
}
