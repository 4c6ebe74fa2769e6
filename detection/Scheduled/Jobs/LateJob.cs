using Microsoft.Extensions.Logging;
using Quartz;

namespace Beacon.Detections.Scheduled.Jobs;

/// <summary>Looks for what came late.</summary>
[DisallowConcurrentExecution]
internal sealed class LateJob(EvaluationLook look, ILogger<LateJob> log) : LookJob(log)
{
    protected override Task LookAsync(CancellationToken cancellation) => look.LateAsync(cancellation);
}
