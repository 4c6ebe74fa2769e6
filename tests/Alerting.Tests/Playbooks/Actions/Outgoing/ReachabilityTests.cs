using System.Net;
using System.Net.Sockets;
using Beacon.Alerting.Playbooks.Actions.Outgoing;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Tests.Playbooks.Actions.Outgoing;

public sealed class ReachabilityTests
{
    [Fact]
    public async Task Knock_PortThatListens_IsConnectedAndNothingIsSent()
    {
        using var listener = Listener();
        using var reach = Of("127.0.0.1");
        Assert.Equal(ReachOutcome.Connected, (await reach.KnockAsync("127.0.0.1", Port(listener), TestContext.Current.CancellationToken)).Outcome);
        using var came = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, await came.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Knock_PortWhereNobodyListens_IsClosed()
    {
        var listener = Listener();
        var port = Port(listener);
        listener.Dispose();
        using var reach = Of("127.0.0.0/8");
        Assert.Equal(ReachOutcome.Closed, (await reach.KnockAsync("127.0.0.1", port, TestContext.Current.CancellationToken)).Outcome);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("10.20.4.22")]
    [InlineData("::1")]
    public async Task Knock_PrivateAddressThatNobodyAllowed_IsNotTried(string address)
    {
        using var listener = Listener();
        using var reach = Of("10.21.0.0/16");
        Assert.Equal(ReachOutcome.Refused, (await reach.KnockAsync(address, Port(listener), TestContext.Current.CancellationToken)).Outcome);
        Assert.False(listener.Pending());
    }

    [Theory]
    [InlineData("localhost", 22)]
    [InlineData("", 22)]
    [InlineData("127.0.0.1", 0)]
    [InlineData("127.0.0.1", 65_536)]
    public async Task Knock_NameOrImpossiblePort_IsNotTried(string address, int port)
    {
        using var reach = Of("localhost", "127.0.0.1");
        Assert.Equal(ReachOutcome.Invalid, (await reach.KnockAsync(address, port, TestContext.Current.CancellationToken)).Outcome);
    }

    private static Reachability Of(params string[] allowed)
    {
        var options = new AlertingOptions();
        foreach (var host in allowed) options.AllowedPrivateHosts.Add(host);
        return new Reachability(new OutgoingHosts(Options.Create(options), new DnsResolver()), TimeProvider.System);
    }

    private static TcpListener Listener()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}
