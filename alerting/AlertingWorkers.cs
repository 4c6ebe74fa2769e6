using Beacon.Alerting.Alerts;
using Beacon.Alerting.Alerts.Exceptions;
using Beacon.Alerting.Changes;
using Beacon.Alerting.Clocks;
using Beacon.Alerting.Notifications;
using Beacon.Alerting.Playbooks.Runs;
using Beacon.Alerting.Storage;
using Beacon.Alerting.Warnings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting;

/// <summary>Keeps the playbook engine going.</summary>
internal sealed partial class PlaybookWorker(PlaybookEngine engine, TimeProvider time, ILogger<PlaybookWorker> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await engine.RunAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // A full disk or a locked file passes: runs must go on afterwards.
                LogStopped(log, error);
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(3304, LogLevel.Error, "the playbook engine stopped and starts again; an operator must look")]
    private static partial void LogStopped(ILogger logger, Exception error);
}

/// <summary>What time does: scores grow old, shelves run out, old rows go.</summary>
internal sealed partial class AlertingClock(
    AlertAging aging, ExceptionTicking exceptions, WarningReminders reminders, ClockTicking clocks, Incidents.Observables.ObservableBook observables, NotificationService notifications, ChangeFeed feed,
    IOptions<AlertingOptions> options, TimeProvider time, ILogger<AlertingClock> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.TickInterval, time);
        try
        {
            do
            {
                try
                {
                    await TickAsync(stoppingToken).ConfigureAwait(false);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    LogFailed(log, error);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    internal async Task TickAsync(CancellationToken cancellation)
    {
        // What people must hear in time comes first.
        await clocks.TickAsync(cancellation).ConfigureAwait(false);
        await reminders.TickAsync(cancellation).ConfigureAwait(false);
        await exceptions.TickAsync(cancellation).ConfigureAwait(false);
        await aging.UnshelveAsync(cancellation).ConfigureAwait(false);
        await aging.RescoreAsync(cancellation).ConfigureAwait(false);
        await aging.ForgetAsync(cancellation).ConfigureAwait(false);
        await observables.TickAsync(cancellation).ConfigureAwait(false);
        await notifications.ForgetAsync(cancellation).ConfigureAwait(false);
        await feed.PruneAsync(options.Value.ChangesKept, options.Value.ChangeRetention, cancellation).ConfigureAwait(false);
    }

    [LoggerMessage(3002, LogLevel.Warning, "alerts could not be brought up to date with the clock; tried again at the next tick")]
    private static partial void LogFailed(ILogger logger, Exception error);
}
