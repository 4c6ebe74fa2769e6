using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Beacon.Web.Console.Shell;

/// <summary>Knows when the browser's link was lost and what changed until it was back. One per circuit.</summary>
public sealed class LinkWatch(LiveFeed feed, TimeProvider clock) : CircuitHandler
{
    private (DateTimeOffset At, long Sequence)? _lost;

    /// <summary>The link is back: how long it was away, and how many changes came meanwhile. All of them are on screen: the pages went on.</summary>
    public event Action<TimeSpan, long>? Back;

    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        _lost = (clock.GetUtcNow(), feed.Sequence);
        return Task.CompletedTask;
    }

    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (_lost is { } lost) Back?.Invoke(clock.GetUtcNow() - lost.At, Math.Max(0, feed.Sequence - lost.Sequence));
        _lost = null;
        return Task.CompletedTask;
    }
}
