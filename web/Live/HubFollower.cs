using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.SignalR.Client;

namespace Beacon.Web.Live;

/// <summary>A client of the hub in MessagePack, for the demonstration and the benches: what they see came the way that anybody's client gets it.</summary>
internal sealed class HubFollower(string address, string authorization) : IAsyncDisposable
{
    private readonly HubConnection _hub = new HubConnectionBuilder()
        .WithUrl(address + BeaconHub.Path, http => http.Headers["Authorization"] = authorization)
        .AddMessagePackProtocol()
        .Build();

    public Task StartAsync(CancellationToken cancellation) => _hub.StartAsync(cancellation);

    /// <param name="sequence">As of <see cref="BeaconHub.FollowMany"/>.</param>
    public async IAsyncEnumerable<ChangeMessage> FollowAsync(long sequence, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var changes in _hub.StreamAsync<ChangeMessage[]>(nameof(BeaconHub.FollowMany), sequence, cancellation))
        {
            foreach (var change in changes) yield return change;
        }
    }

    /// <summary>As of <see cref="BeaconHub.State"/>.</summary>
    public Task<HubState> StateAsync(CancellationToken cancellation) => _hub.InvokeAsync<HubState>(nameof(BeaconHub.State), 0L, cancellation);

    public ValueTask DisposeAsync() => _hub.DisposeAsync();
}
