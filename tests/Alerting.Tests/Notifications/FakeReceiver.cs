using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Beacon.Alerting.Tests.Notifications;

/// <summary>A web server that keeps what it is sent and answers as it is told: one answer a request, the last one again.</summary>
internal sealed class FakeReceiver : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly string[] _answers;
    private readonly ConcurrentQueue<string> _requests = new();
    private int _asked;

    public FakeReceiver(params string[] answers)
    {
        _answers = answers.Length == 0 ? [Ok()] : answers;
        _listener.Start();
        _ = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;
    public string Url => $"http://127.0.0.1:{Port}/hook?key=t0ken";
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>Bodies of the requests.</summary>
    public IReadOnlyList<string> Bodies => [.. _requests.Select(r => r[(r.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..])];

    public static string Ok(string body = "ok") => Answer(200, body);

    public static string Answer(int status, string body = "", string headers = "") => $"HTTP/1.1 {status} X\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}\r\n{body}";

    /// <summary>Takes the request and never answers.</summary>
    public const string Silence = "";

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true) _ = OneAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task OneAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var request = await ReadAsync(stream);
                _requests.Enqueue(request);
                var answer = _answers[Math.Min(Interlocked.Increment(ref _asked), _answers.Length) - 1];
                if (answer == Silence) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), _stop.Token);
            }
            catch (Exception fault) when (fault is OperationCanceledException or IOException or ObjectDisposedException)
            {
                // The test is over, or the sender went.
            }
        }
    }

    private async Task<string> ReadAsync(NetworkStream stream)
    {
        var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var n = await stream.ReadAsync(buffer, _stop.Token);
            kept.Write(buffer, 0, n);
            var text = Encoding.UTF8.GetString(kept.ToArray());
            var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (n == 0) return text;
            if (head < 0) continue;
            var length = text.Split("\r\n").Select(l => l.Split(": ")).FirstOrDefault(p => p[0].Equals("Content-Length", StringComparison.OrdinalIgnoreCase)) is [_, var value] ? int.Parse(value, System.Globalization.CultureInfo.InvariantCulture) : 0;
            if (kept.Length >= Encoding.UTF8.GetByteCount(text[..head]) + 4 + length) return text;
        }
    }
}
