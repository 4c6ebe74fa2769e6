using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Playbooks.Actions.HttpApi;

/// <summary>Calls HTTP targets: allowed hosts only, no redirect followed, no cookie, no proxy, bounded in time and size.</summary>
internal sealed class HttpApiAction : IPlaybookAction, IDisposable
{
    private readonly OutgoingHosts _hosts;
    private readonly IOptions<AlertingOptions> _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    public HttpApiAction(OutgoingHosts hosts, IOptions<AlertingOptions> options, TimeProvider time)
    {
        (_hosts, _options, _time) = (hosts, options, time);
#pragma warning disable CA2000 // The client disposes of its handler.
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, UseProxy = false, MaxResponseHeadersLength = 64,
            // Each call is checked against the addresses of its moment.
            PooledConnectionLifetime = TimeSpan.Zero, ConnectCallback = hosts.ConnectAsync,
        }) { Timeout = Timeout.InfiniteTimeSpan };
#pragma warning restore CA2000
    }

    public IReadOnlyList<string> CommandTypes { get; } = ["http-api"];
    public TimeSpan TimeLimit => _options.Value.HttpTimeout;

    public void Check(Playbook playbook, PlaybookStep step, PlaybookCommand command, string path, PlaybookFaults faults) => HttpRequestBuilder.Check(playbook, step, command, path, faults);

    public bool IsRepeatable(PlaybookStep step, PlaybookCommand command) => HttpRequestBuilder.MethodOf(command) is "GET" or "HEAD" or "OPTIONS" or "PUT" or "DELETE";

    public bool ChangesTarget(PlaybookStep step, PlaybookCommand command) => HttpRequestBuilder.MethodOf(command) is not ("GET" or "HEAD" or "OPTIONS");

    public IReadOnlyList<string> Describe(ActionCall call, PlaybookCommand command)
    {
        var (calls, fault) = HttpRequestBuilder.Addresses(call, command);
        return fault is null ? [.. calls.Select(x => Text.Cut($"{HttpRequestBuilder.MethodOf(command)} {Shown(x.Uri)}", 500))] : [Text.Cut(command.Text, 300) + " (" + fault + ")"];
    }

    public async Task<ActionResult> RunAsync(ActionCall call, PlaybookCommand command, CancellationToken cancellation)
    {
        var said = new List<string>();
        var outputs = new Dictionary<string, string>();
        var (calls, fault) = HttpRequestBuilder.Addresses(call, command);
        if (fault is not null) return ActionResult.Failure(fault);
        var n = 0;
        foreach (var (uri, target) in calls)
        {
            var result = await CallAsync(call, command, uri, target, $"{call.IdempotencyKey}-{n++}", outputs, cancellation).ConfigureAwait(false);
            said.Add(result.Said);
            if (!result.Succeeded) return new ActionResult(false, string.Join("; ", said), outputs);
        }
        return new ActionResult(true, string.Join("; ", said), outputs);
    }

    public void Dispose() => _client.Dispose();

    private async Task<ActionResult> CallAsync(
        ActionCall call, PlaybookCommand command, Uri uri, AgentTarget? target, string key, Dictionary<string, string> outputs, CancellationToken cancellation)
    {
        if (_hosts.Refusal(uri) is { } refused) return ActionResult.Failure(refused);
        if (uri.Scheme == Uri.UriSchemeHttp && target?.Authentication is not null && !_hosts.MayBePrivate(uri.Host, uri.Port))
            return ActionResult.Failure($"credentials are not sent to {uri.Host} over plain http");
        var (secret, unknown) = await call.SecretOfAsync(target, cancellation).ConfigureAwait(false);
        if (unknown is not null) return ActionResult.Failure(unknown);
        var (request, fault) = HttpRequestBuilder.Build(call, command, uri, target, secret, key);
        if (request is null) return ActionResult.Failure(fault!);
        using (request)
        {
            var limit = call.Step.Timeout ?? _options.Value.HttpTimeout;
            using var clock = new CancellationTokenSource(limit, _time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellation);
            try
            {
                using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token).ConfigureAwait(false);
                var status = (int)response.StatusCode;
                var line = string.Create(CultureInfo.InvariantCulture, $"{request.Method} {Shown(uri)} answered {status}");
                if (status is >= 300 and < 400) return ActionResult.Failure(line + ": redirects are not followed");
                var (body, tooLarge) = await ReadAsync(response.Content, _options.Value.HttpResponseBytes, both.Token).ConfigureAwait(false);
                if (tooLarge) return ActionResult.Failure(line + string.Create(CultureInfo.InvariantCulture, $" with more than {_options.Value.HttpResponseBytes} bytes, the ceiling (Alerting:HttpResponseBytes)"));
                Take(call.Step, status, body, outputs);
                return new ActionResult(response.IsSuccessStatusCode, line, outputs);
            }
            catch (OperationCanceledException) when (clock.IsCancellationRequested && !cancellation.IsCancellationRequested)
            {
                return ActionResult.Failure(string.Create(CultureInfo.InvariantCulture, $"{request.Method} {Shown(uri)} did not answer within {limit.TotalSeconds:0.#} s"));
            }
            catch (Exception error) when (error is HttpRequestException or SocketException or IOException)
            {
                return ActionResult.Failure($"{request.Method} {Shown(uri)} failed: {Text.Cut(error.Message, 300)}");
            }
        }
    }

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

    /// <summary>out_args: __http_status__ takes the status, __http_body__ the text, any other the JSON member of its name.</summary>
    private static void Take(PlaybookStep step, int status, string body, Dictionary<string, string> outputs)
    {
        if (step.OutArgs.Count == 0) return;
        JsonDocument? json = null;
        try
        {
            json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 32 });
        }
        catch (JsonException)
        {
            // Not JSON: the members it might have had stay as they are.
        }
        using (json)
        {
            foreach (var name in step.OutArgs)
            {
                var member = name.Trim('_');
                if (member == "http_status") outputs[name] = status.ToString(CultureInfo.InvariantCulture);
                else if (member == "http_body") outputs[name] = Text.Cut(body, VariableTypes.MaxValueLength);
                else if (json?.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(member, out var value))
                    outputs[name] = Text.Cut(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText(), VariableTypes.MaxValueLength);
            }
        }
    }

    /// <summary>An address without its query, which may hold a key.</summary>
    private static string Shown(Uri uri) => Text.Cut(uri.GetLeftPart(UriPartial.Path), 300) + (uri.Query.Length > 0 ? "?…" : "");
}
