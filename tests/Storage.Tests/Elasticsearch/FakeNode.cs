using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Beacon.Storage.Tests.Elasticsearch;

/// <summary>What a bulk request brought.</summary>
internal sealed record FakeBulk(IReadOnlyList<string> Ids, int Bytes);

/// <summary>A node on loopback that keeps the ids of bulk requests and answers as a test says: the faults that a healthy server does not show.</summary>
internal sealed class FakeNode : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    /// <param name="answer">Given the number of the request, from 1, and what it brings; null to store all of it.</param>
    public FakeNode(Func<int, FakeBulk, FakeAnswer?> answer)
    {
        Answer = answer;
        Address = $"http://127.0.0.1:{FreePort()}";
        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Address { get; }
    public Func<int, FakeBulk, FakeAnswer?> Answer { get; set; }

    /// <summary>How often each id was sent and not refused.</summary>
    public ConcurrentDictionary<string, int> Stored { get; } = [];
    public ConcurrentQueue<FakeBulk> Requests { get; } = [];

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        // The listener sometimes forgets who waits for the next request at the moment at which it is stopped.
        await Task.WhenAny(_serving, Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System));
        if (_serving.IsCompleted) await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        var count = 0;
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
            try
            {
                await RespondAsync(context, () => ++count);
            }
            catch (Exception fault) when (fault is HttpListenerException or IOException or ObjectDisposedException or InvalidOperationException)
            {
                // The client went away: that is what some tests want.
            }
        }
    }

    private async Task RespondAsync(HttpListenerContext context, Func<int> number)
    {
        if (!context.Request.Url!.AbsolutePath.EndsWith("/_bulk", StringComparison.Ordinal))
        {
            await SendAsync(context, new FakeAnswer(200, "{\"status\":\"green\"}"));
            return;
        }
        using var body = new MemoryStream();
        var content = context.Request.Headers["Content-Encoding"] == "gzip" ? new GZipStream(context.Request.InputStream, CompressionMode.Decompress) : context.Request.InputStream;
        await content.CopyToAsync(body);
        var lines = Encoding.UTF8.GetString(body.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var ids = new List<string>();
        for (var i = 0; i < lines.Length; i += 2)
        {
            using var action = JsonDocument.Parse(lines[i]);
            using var document = JsonDocument.Parse(lines[i + 1]);
            ids.Add(action.RootElement.GetProperty("create").GetProperty("_id").GetString()!);
        }
        var bulk = new FakeBulk(ids, (int)body.Length);
        Requests.Enqueue(bulk);
        var answer = Answer(number(), bulk) ?? FakeAnswer.Items(ids.Count, _ => null);
        if (answer.Refused is { } refused)
            for (var i = 0; i < ids.Count; i++)
                if (!refused.Contains(i)) Stored.AddOrUpdate(ids[i], 1, static (_, n) => n + 1);
        await SendAsync(context, answer);
    }

    private static async Task SendAsync(HttpListenerContext context, FakeAnswer answer)
    {
        var bytes = Encoding.UTF8.GetBytes(answer.Body);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength64 = bytes.Length;
        await context.Response.OutputStream.WriteAsync(answer.Half ? bytes.AsMemory(0, bytes.Length / 2) : bytes);
        if (answer.Half) context.Response.Abort();
        else context.Response.Close();
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

/// <param name="Refused">Places of the events that are not stored; null where none is.</param>
/// <param name="Half">The connection ends in the middle of the answer.</param>
internal sealed record FakeAnswer(int Status, string Body, IReadOnlySet<int>? Refused = null, bool Half = false)
{
    public static FakeAnswer Busy { get; } = new(429, """{"error":{"type":"es_rejected_execution_exception","reason":"rejected"},"status":429}""");
    public static FakeAnswer TooLarge { get; } = new(413, "");

    /// <summary>The answer to a bulk request, with the fault of each place that has one.</summary>
    public static FakeAnswer Items(int count, Func<int, (int Status, string Type)?> fault)
    {
        var refused = new HashSet<int>();
        var items = new List<string>();
        for (var i = 0; i < count; i++)
        {
            if (fault(i) is not { } f)
            {
                items.Add("""{"create":{"status":201}}""");
                continue;
            }
            items.Add($"{{\"create\":{{\"status\":{f.Status},\"error\":{{\"type\":\"{f.Type}\",\"reason\":\"because of the test\"}}}}}}");
            if (f.Status != 409) refused.Add(i);
        }
        var errors = items.Exists(i => i.Contains("error", StringComparison.Ordinal)) ? "true" : "false";
        return new FakeAnswer(200, "{\"errors\":" + errors + ",\"items\":[" + string.Join(',', items) + "]}", refused);
    }
}
