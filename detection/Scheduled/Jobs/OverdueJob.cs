using Microsoft.Extensions.Logging;
using Quartz;

namespace Beacon.Detections.Scheduled.Jobs;

/// <summary>Looks for what was missed.</summary>
[DisallowConcurrentExecution]
internal sealed class OverdueJob(EvaluationLook look, ILogger<OverdueJob> log) : LookJob(log)
{
    protected override Task LookAsync(CancellationToken cancellation) => look.OverdueAsync(cancellation);
}
