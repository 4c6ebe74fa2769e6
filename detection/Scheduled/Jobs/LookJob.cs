using Microsoft.Extensions.Logging;
using Quartz;

namespace Beacon.Detections.Scheduled.Jobs;

/// <summary>One beat of the clock. A look that fails leaves the ledger as it was, and the next one finds the same things to do.</summary>
internal abstract partial class LookJob(ILogger log) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        try
        {
            await LookAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(fault, GetType().Name);
        }
    }

    protected abstract Task LookAsync(CancellationToken cancellation);

    [LoggerMessage(2010, LogLevel.Error, "A look at scheduled rules failed ({Job}); the next one tries again")]
    private partial void LogFailed(Exception fault, string job);
}
