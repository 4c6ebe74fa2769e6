using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;

namespace Beacon.Storage.Elasticsearch.Rest;

/// <summary>
/// Sends a request to one node after the other until one answers. No answer, half an answer and a proxy's 502, 503, 504 mean that the node failed;
/// whatever else it says is an answer.
/// </summary>
internal sealed partial class ElasticGateway : IDisposable
{
    /// <summary>Largest answer taken, in bytes.</summary>
    public const int MaxAnswerBytes = 512 * 1024 * 1024;

    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;
    private readonly NodePool _nodes;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _closing = new();
    private readonly string _described;

    public ElasticGateway(ElasticsearchOptions options, TimeProvider clock, ILogger log)
    {
        var addresses = options.Nodes.Select(n => new Uri(n.EndsWith('/') ? n : n + "/")).ToList();
        _http = ElasticTransport.Create(options);
        _nodes = new NodePool(addresses, options.NodePause, options.NodePauseMost, clock);
        _log = log;
        _described = string.Join(", ", addresses.Select(a => a.GetLeftPart(UriPartial.Authority)));
    }

    /// <summary>Nodes that answered when they were last asked.</summary>
    public int AliveNodes => _nodes.Alive;
    public int NodeCount => _nodes.Count;

    /// <summary>The answer of the first node that gives one, whatever its status.</summary>
    /// <exception cref="ElasticException">No node answers.</exception>
    public async Task<ElasticAnswer> SendAsync(ElasticRequest request, CancellationToken cancellation)
    {
        ProbeFailed();
        Exception? last = null;
        foreach (var node in _nodes.Order())
        {
            try
            {
                var answer = await SendAsync(node, request, cancellation).ConfigureAwait(false);
                if (answer.Status is not (502 or 503 or 504))
                {
                    if (_nodes.Answered(node)) LogBack(node.Address.Authority);
                    return answer;
                }
                using (answer) last = answer.ToFault($"{request.Method} {PathOf(request)}");
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
            {
                // A connection that breaks because its request was given up says nothing of the node.
                cancellation.ThrowIfCancellationRequested();
                last = fault is OperationCanceledException ? new TimeoutException($"no answer within {request.Timeout.TotalSeconds:0.#} s") : fault;
            }
            if (_nodes.Failed(node)) LogFailed(node.Address.Authority, Words(last));
        }
        throw last as ElasticException ?? new ElasticException(0, "", $"{request.Method} {PathOf(request)}: no node of {_described} answers: {Words(last!)}", last);
    }

    public void Dispose()
    {
        _closing.Cancel();
        _http.Dispose();
        _closing.Dispose();
    }

    private async Task<ElasticAnswer> SendAsync(ElasticNode node, ElasticRequest request, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closing.Token);
        limit.CancelAfter(request.Timeout);
        using var message = new HttpRequestMessage(request.Method, new Uri(node.Address, request.Path.TrimStart('/')));
        if (!request.Body.IsEmpty)
        {
            message.Content = new ReadOnlyMemoryContent(request.Body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue(request.ContentType);
            if (request.Gzip) message.Content.Headers.ContentEncoding.Add("gzip");
        }
        using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
        var body = new ByteBuffer((int)Math.Clamp(response.Content.Headers.ContentLength ?? 16_384, 256, 1024 * 1024));
        try
        {
            using var stream = await response.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
            while (true)
            {
                var read = await stream.ReadAsync(body.GetMemory(16 * 1024), limit.Token).ConfigureAwait(false);
                if (read == 0) break;
                body.Advance(read);
                if (body.Count > MaxAnswerBytes) throw new ElasticException((int)response.StatusCode, "", $"{request.Method} {PathOf(request)}: the answer is larger than {MaxAnswerBytes / 1024 / 1024} MiB");
            }
            return new ElasticAnswer((int)response.StatusCode, body);
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>Asks failed nodes whose pause is over whether they are back, beside the work.</summary>
    private void ProbeFailed()
    {
        foreach (var node in _nodes.DueForProbe()) _ = ProbeAsync(node);
    }

    private async Task ProbeAsync(ElasticNode node)
    {
        try
        {
            using var answer = await SendAsync(node, new ElasticRequest(HttpMethod.Get, "/_cluster/health?filter_path=status", default, ProbeTimeout), CancellationToken.None).ConfigureAwait(false);
            if (answer.Status is 502 or 503 or 504) _nodes.Failed(node);
            else if (_nodes.Answered(node)) LogBack(node.Address.Authority);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            _nodes.Failed(node);
        }
    }

    private static string PathOf(ElasticRequest request) => request.Path.Split('?')[0];

    private static string Words(Exception fault) => fault is HttpRequestException { InnerException: { } inner } && !fault.Message.Contains(inner.Message, StringComparison.Ordinal) ? $"{fault.Message} {inner.Message}" : fault.Message;

    [LoggerMessage(5010, LogLevel.Warning, "The node {Node} does not answer and is left alone for a while: {Reason}")]
    private partial void LogFailed(string node, string reason);

    [LoggerMessage(5011, LogLevel.Information, "The node {Node} answers again")]
    private partial void LogBack(string node);
}
