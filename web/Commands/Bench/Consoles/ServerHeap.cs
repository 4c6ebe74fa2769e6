using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Beacon.Web.Commands.Bench.Consoles;

/// <summary>
/// What lives on a process's managed heap after a full collection, which the runtime makes when a diagnostics session with the keyword GCHeapCollect
/// begins (.NET diagnostics IPC, command CollectTracing of the EventPipe set). The figure itself is the runtime's metric.
/// </summary>
internal sealed class ServerHeap(ServerProcess server, HttpClient http, TimeProvider clock)
{
    private const ulong CollectHeap = 0x80_0000;
    private const string Provider = "Microsoft-Windows-DotNETRuntime";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <returns>MiB; null where this runtime offers no diagnostics (Windows, or switched off).</returns>
    public async Task<double?> AfterCollectionAsync(CancellationToken cancellation)
    {
        var socket = Directory.GetFiles(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"dotnet-diagnostic-{server.Id}-*-socket")).FirstOrDefault();
        if (socket is null || OperatingSystem.IsWindows()) return null;
        // Twice: what had a finaliser goes the second time.
        for (var i = 0; i < 2; i++)
        {
            var before = await FullCollectionsAsync(cancellation);
            var begun = Stopwatch.GetTimestamp();
            using var session = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await session.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
            await session.SendAsync(Command(), cancellation);
            while (await FullCollectionsAsync(cancellation) <= before)
            {
                if (Stopwatch.GetElapsedTime(begun) > Patience) return null;
                await Task.Delay(TimeSpan.FromMilliseconds(400), clock, cancellation);
            }
        }
        return ServerMetrics.Sum(await MetricsAsync(cancellation), "dotnet_gc_last_collection_heap_size_bytes") / 1048576;
    }

    private async Task<double> FullCollectionsAsync(CancellationToken cancellation) =>
        ServerMetrics.Sum(string.Join('\n', (await MetricsAsync(cancellation)).Split('\n').Where(l => l.Contains("gen2", StringComparison.Ordinal))), "dotnet_gc_collections_total") ?? 0;

    private Task<string> MetricsAsync(CancellationToken cancellation) => http.GetStringAsync(new Uri(server.Address + "/metrics"), cancellation);

    /// <summary>Header (magic, size, command set, command, reserved), then buffer size in MiB, format, and one provider: keywords, level, name, no filter.</summary>
    internal static byte[] Command()
    {
        var body = new List<byte>();
        void Number(uint value) { var bytes = new byte[4]; BinaryPrimitives.WriteUInt32LittleEndian(bytes, value); body.AddRange(bytes); }
        Number(16);
        Number(1);
        Number(1);
        var keywords = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(keywords, CollectHeap);
        body.AddRange(keywords);
        Number(4);
        Number((uint)Provider.Length + 1);
        body.AddRange(Encoding.Unicode.GetBytes(Provider + '\0'));
        Number(0);
        var message = new byte[20 + body.Count];
        Encoding.ASCII.GetBytes("DOTNET_IPC_V1\0", message);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(14), (ushort)message.Length);
        message[16] = 2;
        message[17] = 2;
        body.CopyTo(message, 20);
        return message;
    }
}
