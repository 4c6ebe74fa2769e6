using System.Net;
using System.Net.Sockets;
using System.Text;
using Beacon.Collectors.Pipeline;
using Beacon.Collectors.Receivers.Syslog;
using Beacon.Collectors.Sources;
using Beacon.Collectors.Tests.Pipeline;
using Beacon.Events;

namespace Beacon.Collectors.Tests.Receivers;

public sealed class SyslogReceiverTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static async Task<IPEndPoint> EndpointAsync(Rig rig, string id)
    {
        await Rig.UntilAsync(() => rig.Sources.Statuses.Any(s => s.Definition.Id == id && s.State == SourceState.Running));
        var text = rig.Sources.Statuses.Single(s => s.Definition.Id == id).Endpoint;
        return IPEndPoint.Parse(text[(text.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
    }

    private static async Task SendAsync(IPEndPoint to, params byte[][] pieces)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(to);
        foreach (var piece in pieces) await client.GetStream().WriteAsync(piece);
        client.Client.Shutdown(SocketShutdown.Send);
    }

    [Fact]
    public async Task Tcp_LinesAndCounts_EachConnectionInItsOwnFraming()
    {
        await using var rig = await Rig.CreateAsync(_folder.Path);
        var endpoint = await EndpointAsync(rig, "syslog-tcp");
        await SendAsync(endpoint, "<34>Oct 11 22:14:15 gate su: one\n<34>Oct 11 22:14:"u8.ToArray(), "16 gate su: two"u8.ToArray());
        var message = "<165>1 2026-03-01T10:00:00Z bas-01 app 7 ID1 - three";
        await SendAsync(endpoint, Encoding.UTF8.GetBytes($"{message.Length} {message}"));
        await Rig.UntilAsync(() => rig.Store.Events.Count == 3);
        Assert.Equal(["one", "three", "two"], rig.Store.Events.Values.Select(e => e.GetText(Field.Message)!).Order());
        Assert.All(rig.Store.Events.Values, e => Assert.Equal("127.0.0.1", e.GetText("log.source.address")));
        Assert.Equal(["bas-01", "gate", "gate"], rig.Store.Events.Values.Select(e => e.GetText(Field.HostName)!).Order());
    }

    [Fact]
    public async Task Tcp_FrameLongerThanTheCeiling_IsDroppedAndCounted()
    {
        await using var rig = await Rig.CreateAsync(_folder.Path, configure: o => o.MaxFrameBytes = 2048);
        var endpoint = await EndpointAsync(rig, "syslog-tcp");
        await SendAsync(endpoint, Encoding.UTF8.GetBytes("<13>before\n<13>" + new string('x', 100_000) + "\n<13>after\n"));
        await Rig.UntilAsync(() => rig.Store.Events.Count == 2);
        await Rig.UntilAsync(() => rig.TotalAsync("syslog-tcp").Result == new LedgerCounts(3, 2, 0, 1));
    }

    [Fact]
    public async Task Tcp_CountedFrameCutOff_IsCountedAsDropped()
    {
        await using var rig = await Rig.CreateAsync(_folder.Path);
        await SendAsync(await EndpointAsync(rig, "syslog-tcp"), "100 <13>half a fra"u8.ToArray());
        await Rig.UntilAsync(() => rig.TotalAsync("syslog-tcp").Result == new LedgerCounts(1, 0, 0, 1));
    }

    [Fact]
    public async Task Udp_Datagrams_AreStored()
    {
        await using var rig = await Rig.CreateAsync(_folder.Path);
        var endpoint = await EndpointAsync(rig, "syslog-udp");
        using var client = new UdpClient();
        for (var i = 0; i < 50; i++) await client.SendAsync(Encoding.UTF8.GetBytes($"<13>Oct 11 22:14:15 gate app[1]: message {i}\n"), endpoint);
        await Rig.UntilAsync(() => rig.Store.Events.Count == 50);
        Assert.Equal(new LedgerCounts(50, 50, 0, 0), await WaitAsync(rig, "syslog-udp", 50));
    }

    private static async Task<LedgerCounts> WaitAsync(Rig rig, string source, long received)
    {
        await Rig.UntilAsync(() => rig.TotalAsync(source).Result.Received == received);
        return await rig.TotalAsync(source);
    }

    [Fact]
    public void KernelDrops_Table_GivesTheLastColumnOfTheSocket()
    {
        string[] table =
        [
            "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops",
            " 1234: 0100007F:158A 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 987654 2 0000000000000000 42",
        ];
        Assert.Equal(42, KernelDrops.Read(table, "987654"));
        Assert.Null(KernelDrops.Read(table, "1"));
    }

    [Fact]
    public async Task Save_PortInUse_ShowsTheErrorAndRecovers()
    {
        await using var rig = await Rig.CreateAsync(_folder.Path);
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        var port = ((IPEndPoint)other.LocalEndPoint!).Port;
        var faults = await rig.Sources.SaveAsync(new SourceDefinition("second", "Second", "syslog-tcp", SourceDefinition.ParseSettings($$"""{"port":{{port}}}"""), "auto", "", "", true), default);
        Assert.Empty(faults);
        await Rig.UntilAsync(() => rig.Sources.Statuses.Single(s => s.Definition.Id == "second") is { State: SourceState.Failing, Error.IsEmpty: false });
        other.Dispose();
        await EndpointAsync(rig, "second");
    }

    [Fact]
    public async Task Save_WrongSettings_NamesEveryFault()
    {
        await using var rig = await Rig.CreateAsync(_folder.Path);
        var faults = await rig.Sources.SaveAsync(new SourceDefinition("Bad Id", "", "syslog-tcp", SourceDefinition.ParseSettings("""{"port":70000,"colour":"red","address":"here"}"""), "nonsense", "", "Mars/Olympus", true), default);
        Assert.Equal(["format", "id", "name", "settings.address", "settings.colour", "settings.port", "time_zone"], faults.Select(f => f.Key).Order());
        Assert.Null(rig.Sources.Find("Bad Id"));
    }

    [Fact]
    public async Task Remove_Source_StopsListening()
    {
        await using var rig = await Rig.CreateAsync(_folder.Path);
        var endpoint = await EndpointAsync(rig, "syslog-tcp");
        Assert.True(await rig.Sources.RemoveAsync("syslog-tcp", default));
        await Assert.ThrowsAnyAsync<SocketException>(async () =>
        {
            using var client = new TcpClient();
            await client.ConnectAsync(endpoint);
        });
        Assert.False(await rig.Sources.RemoveAsync("syslog-tcp", default));
    }
}
