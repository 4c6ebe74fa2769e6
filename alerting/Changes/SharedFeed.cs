using Beacon.Events;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Beacon.Alerting.Changes;

/// <summary>Wakes those who follow the feed where another process wrote to it. One process alone wakes them itself.</summary>
internal sealed partial class SharedFeed(ChangeFeed feed, IStateDatabase database, TimeProvider time, ILogger<SharedFeed> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!database.IsShared) return;
        using var timer = new PeriodicTimer(Every, time);
        var failing = false;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                try
                {
                    feed.Advance(await feed.NewestAsync(stoppingToken).ConfigureAwait(false));
                    failing = false;
                }
                catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
                {
                    if (!failing) LogFailed(fault);
                    failing = true;
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    [LoggerMessage(3401, LogLevel.Warning, "What other processes changed is not seen while the state database does not answer")]
    private partial void LogFailed(Exception fault);
}
