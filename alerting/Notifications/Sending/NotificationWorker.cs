using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Beacon.Alerting.Notifications.Sending;

/// <summary>Keeps the deliveries going, once a second.</summary>
internal sealed partial class NotificationWorker(DeliveryEngine engine, TimeProvider time, ILogger<NotificationWorker> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        var failing = false;
        IReadOnlyCollection<Task> under = [];
        try
        {
            do
            {
                try
                {
                    under = await engine.TickAsync(stoppingToken).ConfigureAwait(false);
                    failing = false;
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    if (!failing) LogFailed(log, fault);
                    failing = true;
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
        await Task.WhenAll(under).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [LoggerMessage(3504, LogLevel.Error, "nobody is told of anything while the state database does not answer")]
    private static partial void LogFailed(ILogger logger, Exception error);
}
