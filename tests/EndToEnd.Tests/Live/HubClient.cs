using System.Net.WebSockets;
using Beacon.Web.Live;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.EndToEnd.Tests.Live;

/// <summary>
/// The sample client: it follows the changes, keeps the last number it saw, and after a lost connection goes on from that number.
/// </summary>
internal sealed class HubClient : IAsyncDisposable
{
    private readonly HubConnection _hub;
    private readonly Lock _gate = new();
    private readonly List<ChangeMessage> _seen = [];
    private CancellationTokenSource? _stop;
    private Task? _following;

    public HubClient(string address, string? authorization, bool messagePack)
    {
        var builder = new HubConnectionBuilder().WithUrl(address + BeaconHub.Path, http =>
        {
            if (authorization is not null) http.Headers["Authorization"] = authorization;
        });
        if (messagePack) builder.AddMessagePackProtocol();
        _hub = builder.Build();
    }

    public IReadOnlyList<ChangeMessage> Seen
    {
        get { lock (_gate) return [.. _seen]; }
    }

    public long LastSequence
    {
        get { lock (_gate) return _seen.Count == 0 ? 0 : _seen[^1].Sequence; }
    }

    /// <summary>Connects without following.</summary>
    public Task OpenAsync() => _hub.StartAsync();

    public async Task ConnectAsync()
    {
        await OpenAsync();
        _stop = new CancellationTokenSource();
        _following = FollowAsync(_stop.Token);
    }

    public Task<HubState> StateAsync(long sequence) => _hub.InvokeAsync<HubState>(nameof(BeaconHub.State), sequence);

    /// <summary>The stream by itself, for asking from a number of one's own.</summary>
    public IAsyncEnumerable<ChangeMessage> FollowFrom(long sequence, CancellationToken cancellation) => _hub.StreamAsync<ChangeMessage>(nameof(BeaconHub.Follow), sequence, cancellation);

    /// <summary>The stream in lists.</summary>
    public IAsyncEnumerable<ChangeMessage[]> FollowManyFrom(long sequence, CancellationToken cancellation) => _hub.StreamAsync<ChangeMessage[]>(nameof(BeaconHub.FollowMany), sequence, cancellation);

    /// <summary>Ends the connection as a lost one ends: without a word to the stream.</summary>
    public async Task DisconnectAsync()
    {
        await _hub.StopAsync();
        if (_following is not null) await _following;
        _stop?.Dispose();
        _stop = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop is not null) await DisconnectAsync();
        await _hub.DisposeAsync();
    }

    private async Task FollowAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (var change in FollowFrom(LastSequence, cancellation))
                lock (_gate) _seen.Add(change);
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException or WebSocketException or InvalidOperationException)
        {
            // The connection ended; what was seen stays, and the next connection goes on from there.
        }
    }
}
