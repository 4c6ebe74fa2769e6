using System.Net;
using System.Net.Sockets;
using Beacon.Events;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Playbooks.Actions.Outgoing;

/// <summary>Which hosts may be called, and at which addresses.</summary>
internal sealed class OutgoingHosts(IOptions<AlertingOptions> options, IHostResolver resolver)
{
    /// <summary>Why a call is refused; null where it may be made. An entry is "host", or "GET,POST host" for these methods only.</summary>
    public Phrase? Refusal(Uri uri, string method)
    {
        var allowed = options.Value.AllowedHosts;
        if (allowed.Count == 0) return $"calls to {uri.Host} are refused: no host is allowed (set Alerting:AllowedHosts)";
        var named = allowed.Select(a => a.Trim()).Select(a => a.LastIndexOf(' ') is > 0 and var space ? (Methods: a[..space], Host: a[(space + 1)..]) : (Methods: "", Host: a)).Where(a => Names(a.Host, uri.Host, uri.Port)).ToList();
        if (named.Count == 0) return $"calls to {uri.Host}:{uri.Port} are refused: the host is not in Alerting:AllowedHosts";
        return named.Any(a => a.Methods.Length == 0 || a.Methods.Split([',', ' ']).Contains(method, StringComparer.OrdinalIgnoreCase)) ? null : (Phrase)$"{method} to {uri.Host}:{uri.Port} is refused: Alerting:AllowedHosts allows {string.Join(", ", named.Select(a => a.Methods))}";
    }

    /// <summary>Why ssh to a host is refused; null where it may be made. An entry without a port means port 22.</summary>
    public Phrase? SshRefusal(string host, int port)
    {
        var allowed = options.Value.Ssh.AllowedHosts;
        if (allowed.Count == 0) return $"ssh to {host} is refused: no host is allowed (set Alerting:Ssh:AllowedHosts)";
        return allowed.Any(a => Names(a, host, port, 22)) ? null : (Phrase)$"ssh to {host}:{port} is refused: it is not in Alerting:Ssh:AllowedHosts";
    }

    public bool MayBePrivate(string host, int port) => options.Value.AllowedPrivateHosts.Any(a => Names(a, host, port));

    /// <summary>Resolves once and connects to what was checked, so that a name cannot point elsewhere a moment later.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var usable = await AddressesAsync(host, port, cancellation).ConfigureAwait(false);
        if (usable.Length == 0) throw new HttpRequestException(OnlyPrivate(host).ToString());
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

    /// <summary>Where a host may be reached; empty where it has only private addresses and may not. Connect to these, never to the name again.</summary>
    /// <exception cref="SocketException">The name has no address.</exception>
    public async Task<IPAddress[]> AddressesAsync(string host, int port, CancellationToken cancellation)
    {
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await resolver.ResolveAsync(host, cancellation).ConfigureAwait(false);
        return MayBePrivate(host, port) ? addresses : [.. addresses.Where(a => !IsPrivate(a))];
    }

    public static Phrase OnlyPrivate(string host) => $"{host} has only private addresses, which are refused (set Alerting:AllowedPrivateHosts)";

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

    /// <param name="usual">Port of an entry that has none; 0 for any.</param>
    private static bool Names(string pattern, string host, int port, int usual = 0)
    {
        var name = pattern.Trim();
        var colon = name.LastIndexOf(':');
        if (colon > 0 && !name.EndsWith(']') && name.IndexOf(':', StringComparison.Ordinal) == colon && int.TryParse(name.AsSpan(colon + 1), out var wanted))
        {
            if (wanted != port) return false;
            name = name[..colon];
        }
        else if (usual != 0 && port != usual) return false;
        if (name.Contains('/', StringComparison.Ordinal)) return IPNetwork.TryParse(name, out var network) && IPAddress.TryParse(host, out var address) && network.Contains(address);
        return name.StartsWith("*.", StringComparison.Ordinal)
            ? host.EndsWith(name[1..], StringComparison.OrdinalIgnoreCase) && host.Length > name.Length - 1
            : string.Equals(name, host, StringComparison.OrdinalIgnoreCase);
    }
}
