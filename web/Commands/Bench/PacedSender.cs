using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Beacon.Web.Commands.Bench;

/// <summary>A syslog sender over TCP that keeps a rate, with the line of each number made as it is due; where the receiver holds it up, it catches up as fast as it is let.</summary>
internal sealed class PacedSender(int port, int rate, TimeSpan length, Func<long, DateTimeOffset, string> line, TimeProvider clock)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    private const int ProbesPerSecond = 2;

    /// <summary>Lines sent in one go at most: a held-up sender must not build up memory.</summary>
    private const int Burst = 2_000;

    private long _sent;

    public long Sent => Volatile.Read(ref _sent);
    public long Bytes { get; private set; }
    public double Seconds { get; private set; }

    /// <summary>Ordinary lines, twice a second one that a rule matches.</summary>
    public static Func<long, DateTimeOffset, string> WithProbes(SampleLines lines, ProbeLog probes, int rate)
    {
        var every = Math.Max(1, rate / ProbesPerSecond);
        return (n, now) => n % every == every - 1 ? probes.Next() : lines.Syslog(now);
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation);
        var text = new StringBuilder();
        var buffer = new byte[1024 * 1024];
        var begun = Stopwatch.GetTimestamp();
        var total = (long)(rate * length.TotalSeconds);
        while (_sent < total)
        {
            var due = Math.Min(total, (long)(Stopwatch.GetElapsedTime(begun).TotalSeconds * rate) + 1);
            if (due <= _sent)
            {
                await Task.Delay(Tick, clock, cancellation);
                continue;
            }
            var now = clock.GetUtcNow();
            var n = (int)Math.Min(Burst, due - _sent);
            text.Clear();
            for (var i = 0; i < n; i++) text.Append(line(_sent + i, now)).Append('\n');
            var bytes = Encoding.UTF8.GetBytes(text.ToString(), buffer);
            for (var at = 0; at < bytes;) at += await socket.SendAsync(buffer.AsMemory(at, bytes - at), cancellation);
            Bytes += bytes;
            Volatile.Write(ref _sent, _sent + n);
        }
        Seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        socket.Shutdown(SocketShutdown.Send);
    }
}
