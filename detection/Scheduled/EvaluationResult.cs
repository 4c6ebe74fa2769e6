using System.Data.Common;
using Beacon.Events;

namespace Beacon.Detections.Scheduled;

/// <param name="Rows">What was looked at: groups, sources, events.</param>
public sealed record EvaluationResult(IReadOnlyList<Detection> Detections, long Rows)
{
    /// <summary>
    /// What the detector remembers of this window, written in the transaction that takes its detections and closes it; null for
    /// nothing. It may run more than once, of which at most one time counts.
    /// </summary>
    public Action<DbTransaction>? Also { get; init; }
}
