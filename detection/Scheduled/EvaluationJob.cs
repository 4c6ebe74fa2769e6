using Quartz;

namespace Beacon.Detections.Scheduled;

/// <summary>Quartz is the clock; the ledger knows what is due.</summary>
[DisallowConcurrentExecution]
internal sealed class EvaluationJob(WindowEvaluator evaluator) : IJob
{
    public static readonly JobKey Key = new("evaluate-due-windows", "detection");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await evaluator.EvaluateDueAsync(cancellationToken).ConfigureAwait(false);
}
