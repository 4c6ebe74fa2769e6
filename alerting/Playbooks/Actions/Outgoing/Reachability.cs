using System.Net;
using System.Net.Sockets;

namespace Beacon.Alerting.Playbooks.Actions.Outgoing;

/// <summary>Knocks with a TCP connection that says nothing and is closed at once. Few at a time: it is a person's question, not a scan.</summary>
internal sealed class Reachability(OutgoingHosts hosts, TimeProvider time) : IReachability, IDisposable
{
    private const int AtOnce = 2;
    private readonly SemaphoreSlim _turns = new(AtOnce, AtOnce);

    public async Task<ReachAnswer> KnockAsync(string address, int port, CancellationToken cancellation = default)
    {
        // Never a name: what a log calls its sender may point anywhere a moment later.
        if (port is < 1 or > 65_535 || !IPAddress.TryParse(address, out var at)) return new ReachAnswer(ReachOutcome.Invalid, TimeSpan.Zero);
        if (OutgoingHosts.IsPrivate(at) && !hosts.MayBePrivate(at.ToString(), port)) return new ReachAnswer(ReachOutcome.Refused, TimeSpan.Zero);
        await _turns.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await ConnectAsync(at, port, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();

    private async Task<ReachAnswer> ConnectAsync(IPAddress address, int port, CancellationToken cancellation)
    {
        using var clock = new CancellationTokenSource(IReachability.Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellation);
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        var begun = time.GetTimestamp();
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), both.Token).ConfigureAwait(false);
            return new ReachAnswer(ReachOutcome.Connected, time.GetElapsedTime(begun));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ReachAnswer(ReachOutcome.NoAnswer, IReachability.Patience);
        }
        catch (SocketException fault)
        {
            var outcome = fault.SocketErrorCode switch { SocketError.ConnectionRefused or SocketError.ConnectionReset => ReachOutcome.Closed, SocketError.TimedOut => ReachOutcome.NoAnswer, _ => ReachOutcome.NoWay };
            return new ReachAnswer(outcome, time.GetElapsedTime(begun));
        }
    }
}
