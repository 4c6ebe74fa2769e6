using Microsoft.Extensions.Logging;
using Quartz;

namespace Beacon.Detections.Scheduled.Jobs;

/// <summary>Looks for what is due at the live edge.</summary>
[DisallowConcurrentExecution]
internal sealed class LiveJob(EvaluationLook look, ILogger<LiveJob> log) : LookJob(log)
{
    protected override Task LookAsync(CancellationToken cancellation) => look.LiveAsync(cancellation);
}
