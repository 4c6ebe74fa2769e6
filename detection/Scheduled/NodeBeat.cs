using Beacon.Detections.Scheduled.Ledger;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Beacon.Detections.Scheduled;

/// <summary>Tells the other nodes once a second how far this one's data is in.</summary>
internal sealed partial class NodeBeat(ClusterWatermark watermark, TimeProvider time, ILogger<NodeBeat> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await watermark.LeaveAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogNotTold(fault);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await watermark.TellAsync(stoppingToken).ConfigureAwait(false);
                await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                LogNotTold(fault);
                await timer.WaitForNextTickAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    [LoggerMessage(2016, LogLevel.Warning, "The other nodes could not be told how far this one is; the next second tries again")]
    private partial void LogNotTold(Exception fault);
}
