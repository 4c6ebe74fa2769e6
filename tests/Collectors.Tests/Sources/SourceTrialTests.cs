using System.Net;
using System.Net.Sockets;
using Beacon.Collectors.Pipeline;
using Beacon.Collectors.Sources;
using Beacon.Collectors.Tests.Pipeline;
using Beacon.Events;

namespace Beacon.Collectors.Tests.Sources;

public sealed class SourceTrialTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("syslog-tcp")]
    [InlineData("syslog-udp")]
    public async Task Try_LinesThatCome_AreReadAndHeldButNotStored(string kind)
    {
        await using var rig = await Rig.CreateAsync(_folder.Path);
        var (trial, faults) = rig.Sources.Try(Draft(kind, Free(kind)));
        Assert.Empty(faults);
        await using var tried = trial!;
        await SendAsync(kind, await EndpointAsync(tried), "<38>Nov 24 14:05:18 bas-01 sshd[17]: Accepted password for root from 203.0.113.47 port 41888 ssh2");
        await Rig.UntilAsync(() => tried.View.Held == 1);
        var view = tried.View;
        Assert.Equal((1, 0, 0L, "sshd"), (view.Held, view.Unread, view.Dropped, view.Format));
        Assert.Contains("203.0.113.47", view.Lines.Single().Json, StringComparison.Ordinal);
        Assert.NotNull(view.ClockOff);
        await rig.DrainAsync();
        Assert.Empty(rig.Store.Events);
        Assert.DoesNotContain("fw-1", (await rig.Ledger.TotalsAsync(Ever, default)).Keys);
        Assert.Null(rig.Sources.Find("fw-1"));
    }

    [Fact]
    public async Task Keep_AfterATrial_StoresWhatWasHeldAndListensOn()
    {
        await using var rig = await Rig.CreateAsync(_folder.Path);
        var draft = Draft("syslog-tcp", Free("syslog-tcp"));
        var (trial, _) = rig.Sources.Try(draft);
        var endpoint = await EndpointAsync(trial!);
        await SendAsync("syslog-tcp", endpoint, "<13>before it is kept");
        await Rig.UntilAsync(() => trial!.View.Held == 1);
        Assert.Empty(await rig.Sources.KeepAsync(trial!, draft, default));
        await trial!.DisposeAsync();
        await Rig.UntilAsync(() => rig.Sources.Statuses.Any(s => s.Definition.Id == "fw-1" && s.State == SourceState.Running));
        await SendAsync("syslog-tcp", endpoint, "<13>after it is kept");
        await Rig.UntilAsync(() => rig.Store.Events.Count == 2);
        Assert.All(rig.Store.Events.Values, e => Assert.Equal("fw-1", e.Source));
        Assert.All(rig.Store.Events.Values, e => Assert.Equal("127.0.0.1", e.GetText("log.source.address")));
        await Rig.UntilAsync(() => rig.TotalAsync("fw-1").Result == new LedgerCounts(2, 2, 0, 0));
    }

    [Fact]
    public async Task Dispose_WithoutKeeping_ForgetsAndFreesThePort()
    {
        await using var rig = await Rig.CreateAsync(_folder.Path);
        var draft = Draft("syslog-tcp", Free("syslog-tcp"));
        var (trial, _) = rig.Sources.Try(draft);
        var endpoint = await EndpointAsync(trial!);
        await trial!.DisposeAsync();
        using var again = new TcpListener(endpoint);
        again.Start();
        Assert.Equal(endpoint, again.LocalEndpoint);
    }

    [Fact]
    public async Task Try_PortInUse_SaysWhy()
    {
        await using var rig = await Rig.CreateAsync(_folder.Path);
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var (trial, _) = rig.Sources.Try(Draft("syslog-tcp", ((IPEndPoint)other.LocalEndpoint).Port));
        await using var tried = trial!;
        await Rig.UntilAsync(() => tried.View.Status.State == SourceState.Failing);
        Assert.True(tried.View.Status.Error is { IsEmpty: false });
    }

    [Fact]
    public async Task Try_MoreThanItHolds_DatagramsAreCountedAsDropped()
    {
        await using var rig = await Rig.CreateAsync(_folder.Path);
        var (trial, _) = rig.Sources.Try(Draft("syslog-udp", Free("syslog-udp")));
        await using var tried = trial!;
        using var client = new UdpClient();
        var to = await EndpointAsync(tried);
        // One at a time until each is counted, so that the kernel drops none of them unseen.
        for (var i = 1; i <= 1_010; i++)
        {
            await client.SendAsync("<13>line"u8.ToArray(), to, TestContext.Current.CancellationToken);
            var sent = i;
            await Rig.UntilAsync(() => tried.View is var v && v.Held + v.Dropped == sent);
        }
        Assert.Equal((1_000, 10L, true), (tried.View.Held, tried.View.Dropped, tried.View.Full));
    }

    [Fact]
    public async Task Try_NinthAtOnceOrAKindThatIsSentNothing_IsRefused()
    {
        await using var rig = await Rig.CreateAsync(_folder.Path);
        var trials = Enumerable.Range(0, SourceService.MaxTrials).Select(_ => rig.Sources.Try(Draft("syslog-tcp", 0)).Trial!).ToList();
        Assert.Null(rig.Sources.Try(Draft("syslog-tcp", 0)).Trial);
        await trials[0].DisposeAsync();
        await trials[0].DisposeAsync();
        var one = rig.Sources.Try(Draft("syslog-tcp", 0)).Trial!;
        Assert.Null(rig.Sources.Try(Draft("syslog-tcp", 0)).Trial);
        foreach (var trial in trials.Append(one)) await trial.DisposeAsync();
        var (none, faults) = rig.Sources.Try(new SourceDefinition("f", "F", "file", SourceDefinition.ParseSettings("""{"paths":["/var/log/x"]}"""), "auto", "", "", true));
        Assert.Null(none);
        Assert.Equal("kind", faults.Single().Key);
    }

    [Fact]
    public async Task Hours_OfASource_AreItsMinutesTogether()
    {
        await using var rig = await Rig.CreateAsync(_folder.Path);
        await rig.SendAsync("syslog-tcp", "<13>one", "<13>two");
        await rig.SendAsync("http", "{\"message\":\"three\"}");
        await Rig.UntilAsync(() => rig.TotalAsync("syslog-tcp").Result.Stored == 2);
        var hours = await rig.Ledger.HoursAsync("syslog-tcp", Ever, default);
        Assert.Equal(2, hours.Sum(h => h.Counts.Received));
        Assert.All(hours, h => Assert.Equal((0, 0), (h.Minute.Minute, h.Minute.Second)));
    }

    private static TimeRange Ever => new(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));

    private static SourceDefinition Draft(string kind, int port) => new("fw-1", "Firewall", kind, SourceDefinition.ParseSettings($$"""{"address":"127.0.0.1","port":{{port}}}"""), "auto", "", "", true);

    // A port of its own, since the one that the system would choose changes when the source listens again.
    private static int Free(string kind)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, kind == "syslog-udp" ? SocketType.Dgram : SocketType.Stream, kind == "syslog-udp" ? ProtocolType.Udp : ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static async Task<IPEndPoint> EndpointAsync(SourceTrial trial)
    {
        await Rig.UntilAsync(() => trial.View.Status.State == SourceState.Running);
        var text = trial.View.Status.Endpoint;
        return IPEndPoint.Parse(text[(text.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
    }

    private static async Task SendAsync(string kind, IPEndPoint to, string line)
    {
        if (kind == "syslog-udp")
        {
            using var datagrams = new UdpClient();
            await datagrams.SendAsync(System.Text.Encoding.UTF8.GetBytes(line), to);
            return;
        }
        using var client = new TcpClient();
        await client.ConnectAsync(to);
        await client.GetStream().WriteAsync(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
        client.Client.Shutdown(SocketShutdown.Send);
    }
}
