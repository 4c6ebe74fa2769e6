using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Beacon.Events;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Playbooks.Actions.Outgoing;

/// <summary>Sends HTTP requests of steps: allowed hosts only, no redirect followed, no cookie, no proxy, bounded in time and size.</summary>
internal sealed class OutgoingHttp : IDisposable
{
    private readonly OutgoingHosts _hosts;
    private readonly IOptions<AlertingOptions> _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    public OutgoingHttp(OutgoingHosts hosts, HostTrust trust, IOptions<AlertingOptions> options, TimeProvider time)
    {
        (_hosts, _options, _time) = (hosts, options, time);
        _client = Client(hosts, trust);
    }

    /// <summary>A client for addresses that people set up: no redirect, no cookie, no proxy, and connections only to addresses that were checked.</summary>
    /// <param name="trust">Whose certificates are taken; null for those that the machine trusts.</param>
    public static HttpClient Client(OutgoingHosts hosts, HostTrust? trust)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, UseProxy = false, MaxResponseHeadersLength = 64,
            // Each call is checked against the addresses of its moment.
            PooledConnectionLifetime = TimeSpan.Zero, ConnectCallback = hosts.ConnectAsync,
        };
        if (trust is not null) handler.SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = trust.Trusts };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public TimeSpan TimeLimit => _options.Value.HttpTimeout;

    /// <summary>Why a request is not sent; null where it may be.</summary>
    /// <param name="withSecret">Credentials go with it.</param>
    public Phrase? Refusal(Uri uri, string method, bool withSecret) => _hosts.Refusal(uri, method)
        ?? (withSecret && uri.Scheme == Uri.UriSchemeHttp && !_hosts.MayBePrivate(uri.Host, uri.Port) ? (Phrase)$"credentials are not sent to {uri.Host} over plain http" : null);

    public async Task<HttpAnswer> SendAsync(HttpRequestMessage request, TimeSpan? timeout, CancellationToken cancellation)
    {
        var limit = timeout ?? TimeLimit;
        using var clock = new CancellationTokenSource(limit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellation);
        var asked = $"{request.Method} {Shown(request.RequestUri!)}";
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            if (status is >= 300 and < 400) return new HttpAnswer(status, "", false, $"{asked} answered {status}: redirects are not followed");
            var most = _options.Value.HttpResponseBytes;
            var (body, tooLarge) = await ReadAsync(response.Content, most, both.Token).ConfigureAwait(false);
            return tooLarge
                ? new HttpAnswer(status, "", false, $"{asked} answered {status} with more than {most} bytes, the ceiling (Alerting:HttpResponseBytes)")
                : new HttpAnswer(status, body, response.IsSuccessStatusCode, $"{asked} answered {status}");
        }
        catch (OperationCanceledException) when (clock.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return new HttpAnswer(0, "", false, $"{asked} did not answer within {limit.TotalSeconds:0.#} s");
        }
        catch (Exception error) when (error is HttpRequestException or SocketException or IOException)
        {
            return new HttpAnswer(0, "", false, $"{asked} failed: {Text.Cut(error.InnerException is System.Security.Authentication.AuthenticationException inner ? inner.Message : error.Message, 300)}");
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>An address without its query, which may hold a key.</summary>
    public static string Shown(Uri uri) => Text.Cut(uri.GetLeftPart(UriPartial.Path), 300) + (uri.Query.Length > 0 ? "?…" : "");

    private static async Task<(string Body, bool TooLarge)> ReadAsync(HttpContent content, int most, CancellationToken cancellation)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var buffer = new byte[Math.Min(most + 1, 64 * 1024)];
        using var kept = new MemoryStream();
        int n;
        while ((n = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
        {
            if (kept.Length + n > most) return ("", true);
            kept.Write(buffer, 0, n);
        }
        return (Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length), false);
    }
}

/// <param name="Status">0 where none came.</param>
/// <param name="Said">One line: what was asked and answered; no query, no body.</param>
internal sealed record HttpAnswer(int Status, string Body, bool Succeeded, Phrase Said);
