using Beacon.Detections.Sigma;
using Beacon.Events;

namespace Beacon.Detections.Scheduled;

/// <summary>A span of time that one rule looks at.</summary>
/// <param name="Range">Half-open, UTC.</param>
public sealed record EvaluationWindow(ScheduledRule Rule, TimeRange Range);

/// <param name="Rows">What was looked at: groups, sources.</param>
public sealed record EvaluationResult(IReadOnlyList<Detection> Detections, long Rows);

/// <summary>
/// A kind of scheduled rule. The same window over the same data gives the same detections with the same ids, so that a window
/// evaluated again after a crash doubles nothing.
/// </summary>
public interface IScheduledDetector
{
    /// <summary>As rules write it: "threshold".</summary>
    string Name { get; }

    /// <summary>False where only the present can be judged: windows that ended before this process watched are then skipped, with that reason.</summary>
    bool LooksBack { get; }

    /// <summary>Reads the rule's settings; reports each fault, and then answers null.</summary>
    object? ReadSettings(SettingsReader settings);

    /// <exception cref="Exception">Any: the window is tried again later, and the message is shown.</exception>
    Task<EvaluationResult> EvaluateAsync(EvaluationWindow window, CancellationToken cancellation);
}
