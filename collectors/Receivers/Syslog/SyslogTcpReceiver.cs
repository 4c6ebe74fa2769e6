using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Beacon.Collectors.Parsers;
using Beacon.Collectors.Sources;
using Beacon.Collectors.Spool;
using Microsoft.Extensions.Logging;

namespace Beacon.Collectors.Receivers.Syslog;

/// <summary>Syslog over TCP (RFC 6587). A full spool slows the senders down: a connection is read no further until its frames are on disk.</summary>
internal sealed partial class SyslogTcpReceiver : IReceiver
{
    public const string KindName = "syslog-tcp";

    private sealed record Settings(IPAddress Address, int Port, int MaxConnections, TimeSpan Idle);

    public string Kind => KindName;

    public IReadOnlyList<SourceFault> Validate(JsonElement settings)
    {
        var reader = new SettingsReader(settings);
        Read(reader);
        return reader.Finish();
    }

    public async Task RunAsync(ReceiverContext context, CancellationToken stop)
    {
        var settings = Read(new SettingsReader(context.Source.Settings));
        using var listener = new Socket(settings.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(settings.Address, settings.Port));
        listener.Listen(512);
        context.Started("tcp " + listener.LocalEndPoint);
        var open = new HashSet<Task>();
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var socket = await listener.AcceptAsync(stop).ConfigureAwait(false);
                lock (open) open.RemoveWhere(t => t.IsCompleted);
                if (context.Connections >= settings.MaxConnections)
                {
                    TooManyConnections(context.Log, context.Source.Id, settings.MaxConnections);
                    context.Intake.Drop(context.Source.Id, 1, "connection refused");
                    socket.Dispose();
                    continue;
                }
                context.ConnectionOpened();
                lock (open) open.Add(Task.Run(() => ServeAsync(socket, settings, context, stop), CancellationToken.None));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        finally
        {
            Task[] rest;
            lock (open) rest = [.. open];
            await Task.WhenAll(rest).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task ServeAsync(Socket socket, Settings settings, ReceiverContext context, CancellationToken stop)
    {
        using (socket)
        {
            try
            {
                socket.NoDelay = true;
                await ReadAsync(socket, settings, context, stop).ConfigureAwait(false);
            }
            catch (Exception fault) when (fault is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The peer is gone, was silent for too long, or we are stopping: what was whole is in the spool.
            }
            catch (Exception fault)
            {
                ConnectionFailed(context.Log, fault, context.Source.Id);
            }
            finally
            {
                context.ConnectionClosed();
            }
        }
    }

    private static async Task ReadAsync(Socket socket, Settings settings, ReceiverContext context, CancellationToken stop)
    {
        var peer = FrameMeta.Peer(PeerAddress(socket.RemoteEndPoint));
        var batch = context.Intake.NewBatch(context.Source.Id);
        var framer = new SyslogFramer(context.Intake.MaxFrameBytes);
        var buffer = new byte[16 * 1024];
        var filled = 0;
        while (true)
        {
            int n;
            try
            {
                n = await ReceiveAsync(socket, buffer.AsMemory(filled), settings.Idle, context.Time, stop).ConfigureAwait(false);
            }
            catch (Exception fault) when (fault is OperationCanceledException or SocketException)
            {
                await FinishAsync(framer, batch, buffer.AsMemory(0, filled), peer, context).ConfigureAwait(false);
                throw;
            }
            filled += n;
            var used = 0;
            var broken = n > 0 && !Cut(framer, buffer.AsSpan(0, filled), batch, peer, context, out used);
            if (batch.Count > 0)
            {
                if (!await context.Intake.AppendSurelyAsync(batch, context.Time, stop).ConfigureAwait(false)) return;
                batch.Clear();
            }
            if (broken)
            {
                context.Intake.Drop(context.Source.Id, 1, "broken framing");
                BrokenFraming(context.Log, context.Source.Id);
                return;
            }
            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            filled -= used;
            if (n == 0)
            {
                await FinishAsync(framer, batch, buffer.AsMemory(0, filled), peer, context).ConfigureAwait(false);
                return;
            }
            // A frame may be as long as the ceiling, with its count before it.
            if (filled == buffer.Length) Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, context.Intake.MaxFrameBytes + 64L));
        }
    }

    private static async Task FinishAsync(SyslogFramer framer, FrameBatch batch, ReadOnlyMemory<byte> rest, byte[] peer, ReceiverContext context)
    {
        if (framer.TryLast(rest.Span, out var last) && !Text.TrimEnd(last).IsEmpty) batch.Add(Text.TrimEnd(last), peer);
        else if (framer.EndsWithin(rest.Span)) context.Intake.Drop(context.Source.Id, 1, "connection ended within a frame");
        if (batch.Count == 0) return;
        var result = await context.Intake.AppendAsync(batch, wait: false, CancellationToken.None).ConfigureAwait(false);
        if (!result.Stored) context.Intake.Drop(context.Source.Id, batch.Count, result.Error!);
    }

    /// <returns>False where the stream cannot be understood any more.</returns>
    private static bool Cut(SyslogFramer framer, ReadOnlySpan<byte> bytes, FrameBatch batch, byte[] peer, ReceiverContext context, out int used)
    {
        used = 0;
        while (true)
        {
            var result = framer.Next(bytes[used..], out var taken, out var frame);
            used += taken;
            switch (result)
            {
                case FramerResult.Broken: return false;
                case FramerResult.TooLong: context.Intake.Drop(context.Source.Id, 1, "frame too long"); break;
                case FramerResult.More when taken == 0 || used == bytes.Length: return true;
                case FramerResult.Frame when !Text.TrimEnd(frame).IsEmpty: batch.Add(Text.TrimEnd(frame), peer); break;
            }
        }
    }

    private static async ValueTask<int> ReceiveAsync(Socket socket, Memory<byte> into, TimeSpan idle, TimeProvider time, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(idle, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
        return await socket.ReceiveAsync(into, both.Token).ConfigureAwait(false);
    }

    internal static string PeerAddress(EndPoint? peer) =>
        peer is not IPEndPoint ip ? "" : (ip.Address.IsIPv4MappedToIPv6 ? ip.Address.MapToIPv4() : ip.Address).ToString();

    private static Settings Read(SettingsReader reader) => new(
        reader.Address("address", "127.0.0.1"), reader.Integer("port", 5514, 0, 65_535),
        reader.Integer("max_connections", 1_000, 1, 100_000), TimeSpan.FromSeconds(reader.Integer("idle_seconds", 600, 1, 86_400)));

    [LoggerMessage(1050, LogLevel.Error, "Source {Source} has {Max} connections: a further one was refused")]
    private static partial void TooManyConnections(ILogger log, string source, int max);

    [LoggerMessage(1051, LogLevel.Warning, "A connection of source {Source} was closed: its octet counts make no sense")]
    private static partial void BrokenFraming(ILogger log, string source);

    [LoggerMessage(1052, LogLevel.Error, "A connection of source {Source} failed")]
    private static partial void ConnectionFailed(ILogger log, Exception fault, string source);
}
