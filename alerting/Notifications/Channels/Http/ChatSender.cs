using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Beacon.Alerting.Playbooks.Actions.Outgoing;
using Beacon.Events;

namespace Beacon.Alerting.Notifications.Channels.Http;

/// <summary>
/// Posts JSON to an address of the setup: https, or http where <see cref="AlertingOptions.AllowedPrivateHosts"/> names the host; private
/// addresses only where it does; no redirect, no cookie, no proxy. An address is a secret: it stands in no message.
/// </summary>
internal sealed class ChatSender : IDisposable
{
    private const int MostAnswer = 64 * 1024;

    private readonly OutgoingHosts _hosts;
    private readonly HttpClient _client;

    public ChatSender(OutgoingHosts hosts)
    {
        _hosts = hosts;
        _client = OutgoingHttp.Client(hosts, trust: null);
    }

    /// <param name="accepted">What is wrong with a body that came with 2xx, or null where it says yes.</param>
    public async Task<SendResult> PostAsync(string address, byte[] body, IReadOnlyDictionary<string, string>? headers, Func<string, SendResult?>? accepted, CancellationToken cancellation)
    {
        if (ChannelSetting.WebAddress(address) is not null || !Uri.TryCreate(address, UriKind.Absolute, out var uri)) return SendResult.Refused("the address in the vault is no https address");
        if (uri.Scheme != Uri.UriSchemeHttps && !_hosts.MayBePrivate(uri.Host, uri.Port)) return SendResult.Refused($"{uri.Host} is not called over plain http");
        using var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        foreach (var (name, value) in headers ?? new Dictionary<string, string>()) request.Headers.TryAddWithoutValidation(name, value);
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            Phrase line = $"{uri.Host} answered {status}";
            return status switch
            {
                >= 200 and < 300 => accepted?.Invoke(await ReadAsync(response.Content, cancellation).ConfigureAwait(false)) ?? SendResult.Sent(line),
                408 or 425 or 429 or >= 500 => SendResult.Later(line, WaitOf(response.Headers.RetryAfter)),
                >= 300 and < 400 => SendResult.Refused($"{uri.Host} answered {status}: redirects are not followed"),
                _ => SendResult.Refused(line),
            };
        }
        catch (Exception error) when (error is HttpRequestException or SocketException or IOException)
        {
            return SendResult.Later($"{uri.Host} could not be reached: {Text.Cut(PlainText.Line(error.Message), 200)}");
        }
    }

    public static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer)) write(json);
        return buffer.ToArray();
    }

    /// <summary>The answers of services that say 200 to everything and the truth in the body.</summary>
    public static SendResult? ByCode(string body, string member, string host, IReadOnlyList<long> tooFast)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.TryGetProperty(member, out var code) && code.TryGetInt64(out var number))
            {
                if (number == 0) return null;
                Phrase said = $"{host} answered {member} {number}";
                return tooFast.Contains(number) ? SendResult.Later(said, TimeSpan.FromMinutes(1)) : SendResult.Refused(said);
            }
        }
        catch (JsonException)
        {
            // Said below.
        }
        return SendResult.Later($"{host} gave an answer without '{member}'");
    }

    public void Dispose() => _client.Dispose();

    private static TimeSpan? WaitOf(RetryConditionHeaderValue? retry) => retry?.Delta;

    private static async Task<string> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var buffer = new byte[MostAnswer];
        var n = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        return Encoding.UTF8.GetString(buffer, 0, n);
    }
}
