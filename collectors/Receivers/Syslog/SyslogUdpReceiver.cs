using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Beacon.Collectors.Parsers;
using Beacon.Collectors.Sources;
using Beacon.Collectors.Spool;

namespace Beacon.Collectors.Receivers.Syslog;

/// <summary>Syslog over UDP (RFC 5426). Cannot slow its senders down: what does not fit is counted, in here and in the kernel.</summary>
internal sealed class SyslogUdpReceiver : IReceiver
{
    public const string KindName = "syslog-udp";

    /// <summary>Bytes that may wait while others go to disk.</summary>
    private const int MaxWaitingBytes = 16 * 1024 * 1024;
    private const int MaxRememberedPeers = 4_096;

    private sealed record Settings(IPAddress Address, int Port, int ReceiveBuffer);

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
        using var socket = new Socket(settings.Address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.ReceiveBufferSize = settings.ReceiveBuffer;
        socket.Bind(new IPEndPoint(settings.Address, settings.Port));
        context.Started("udp " + socket.LocalEndPoint);

        using var queue = new Queue(context);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var appending = Task.Run(() => queue.AppendLoopAsync(ended.Token), CancellationToken.None);
        var counting = Task.Run(() => CountKernelDropsAsync(socket, context, ended.Token), CancellationToken.None);
        try
        {
            await ReceiveAsync(socket, settings, context, queue, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await appending.ConfigureAwait(false);
            await counting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task ReceiveAsync(Socket socket, Settings settings, ReceiverContext context, Queue queue, CancellationToken stop)
    {
        var buffer = new byte[65_536];
        var peer = new SocketAddress(settings.Address.AddressFamily);
        var any = new IPEndPoint(settings.Address.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        var peers = new Dictionary<SocketAddress, byte[]>();
        while (true)
        {
            var n = await socket.ReceiveFromAsync(buffer, SocketFlags.None, peer, stop).ConfigureAwait(false);
            // The port changes with each sender's socket; remembering both keeps the look-up free of allocations, and the ceiling bounds it.
            if (!peers.TryGetValue(peer, out var meta))
            {
                meta = FrameMeta.Peer(SyslogTcpReceiver.PeerAddress(any.Create(peer)));
                if (peers.Count >= MaxRememberedPeers) peers.Clear();
                var key = new SocketAddress(peer.Family, peer.Size);
                peer.Buffer.Span[..peer.Size].CopyTo(key.Buffer.Span);
                peers[key] = meta;
            }
            var frame = Text.TrimEnd(buffer.AsSpan(0, n));
            if (!frame.IsEmpty) queue.Add(frame, meta);
        }
    }

    private static async Task CountKernelDropsAsync(Socket socket, ReceiverContext context, CancellationToken stop)
    {
        var counter = KernelDrops.Of(socket);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), context.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false)) context.Intake.Drop(context.Source.Id, counter.Take(), "kernel buffer full");
        }
        finally
        {
            context.Intake.Drop(context.Source.Id, counter.Take(), "kernel buffer full");
        }
    }

    private static Settings Read(SettingsReader reader) => new(
        reader.Address("address", "127.0.0.1"), reader.Integer("port", 5514, 0, 65_535),
        reader.Integer("receive_buffer_bytes", 8 * 1024 * 1024, 64 * 1024, 256 * 1024 * 1024));

    /// <summary>Datagrams that were read and are not on disk yet.</summary>
    private sealed class Queue(ReceiverContext context) : IDisposable
    {
        private readonly Lock _gate = new();
        private readonly SemaphoreSlim _wake = new(0, 1);
        private FrameBatch _filling = context.Intake.NewBatch(context.Source.Id);
        private FrameBatch _appending = context.Intake.NewBatch(context.Source.Id);

        public void Add(ReadOnlySpan<byte> frame, byte[] meta)
        {
            string? lost = null;
            lock (_gate)
            {
                if (_filling.Length >= MaxWaitingBytes) lost = "receive queue full";
                else if (!_filling.Add(frame, meta)) lost = "frame too long";
                else if (_wake.CurrentCount == 0) _wake.Release();
            }
            if (lost is not null) context.Intake.Drop(context.Source.Id, 1, lost);
        }

        public void Dispose() => _wake.Dispose();

        public async Task AppendLoopAsync(CancellationToken stop)
        {
            while (true)
            {
                await _wake.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                lock (_gate) (_filling, _appending) = (_appending, _filling);
                if (_appending.Count > 0)
                {
                    var result = await context.Intake.AppendAsync(_appending, wait: false, CancellationToken.None).ConfigureAwait(false);
                    if (!result.Stored) context.Intake.Drop(context.Source.Id, _appending.Count, result.Status == AppendStatus.Full ? "spool full" : "spool failed");
                    _appending.Clear();
                }
                if (stop.IsCancellationRequested) return;
            }
        }
    }
}
