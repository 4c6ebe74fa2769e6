using Beacon.Detections.Correlation;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Beacon.Detections.Rules;

/// <summary>Loads the rules, and what correlations remember, before anything else of the host starts, and writes their counts down every few seconds and at the end: a crash loses no more of them than that.</summary>
internal sealed partial class RuleService(RuleCatalog catalog, StreamCorrelations correlations, RuleMeter meter, TimeProvider time, ILogger<RuleService> log) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(5);

    /// <summary>Held, so that it lives as long as the rules do.</summary>
    internal RuleMeter Meter { get; } = meter;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await catalog.ReloadAsync(cancellationToken).ConfigureAwait(false);
        await correlations.LoadAsync(catalog.Current.Correlations, cancellationToken).ConfigureAwait(false);
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken) => await SaveAsync(cancellationToken).ConfigureAwait(false);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SaveEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false)) await SaveAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task SaveAsync(CancellationToken cancellation)
    {
        try
        {
            await catalog.SaveCountersAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogNotSaved(fault);
        }
    }

    [LoggerMessage(2006, LogLevel.Warning, "The rules' counts could not be written down; they are kept, and written with the next")]
    private partial void LogNotSaved(Exception fault);
}
