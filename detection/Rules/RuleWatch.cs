using Beacon.Events;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Beacon.Detections.Rules;

/// <summary>Loads the rules again where another node switched one on or off.</summary>
internal sealed partial class RuleWatch(RuleCatalog catalog, IStateDatabase database, TimeProvider time, ILogger<RuleWatch> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(3);

    private (long Count, long Changed)? _seen;

    /// <summary>One look; loads where something was switched since the last one, by whichever node.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        var now = await database.ReadAsync(static connection => connection.Query("SELECT count(*), coalesce(sum(changed % 1000000007), 0) FROM detection_rule_states", static r => (r.GetInt64(0), Convert.ToInt64(r.GetValue(1), System.Globalization.CultureInfo.InvariantCulture))), cancellation).ConfigureAwait(false);
        if (_seen is { } seen && seen != now[0]) await catalog.ReloadAsync(cancellation).ConfigureAwait(false);
        _seen = now[0];
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do
            {
                try
                {
                    await LookAsync(stoppingToken).ConfigureAwait(false);
                }
                catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
                {
                    LogFailed(fault);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    [LoggerMessage(2007, LogLevel.Warning, "Whether another node switched a rule is not known; the next look tries again")]
    private partial void LogFailed(Exception fault);
}
