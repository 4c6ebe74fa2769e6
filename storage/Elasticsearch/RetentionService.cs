using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Beacon.Storage.Elasticsearch;

/// <summary>Removes indices past the retention: at start, then every hour.</summary>
public sealed partial class RetentionService(ElasticsearchEventStore store, ElasticsearchOptions options, TimeProvider clock, ILogger<RetentionService> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        do
        {
            try
            {
                await store.RemoveBeforeAsync(clock.GetUtcNow().AddDays(-options.RetentionDays), stoppingToken).ConfigureAwait(false);
            }
            catch (IOException fault)
            {
                LogFailed(fault);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    [LoggerMessage(5004, LogLevel.Error, "Retention failed; it is tried again in an hour")]
    private partial void LogFailed(Exception fault);
}
