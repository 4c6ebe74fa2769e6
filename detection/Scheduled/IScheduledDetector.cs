using Beacon.Events;

namespace Beacon.Detections.Scheduled;

/// <summary>
/// A kind of scheduled rule. The same window over the same data gives the same detections with the same ids, so that a window
/// evaluated again after a crash doubles nothing. Windows of one rule may be evaluated at once, and by several processes.
/// </summary>
public interface IScheduledDetector
{
    /// <summary>As rules write it: "threshold".</summary>
    string Name { get; }

    /// <summary>False where only the present can be judged: windows that ended before this process watched are then skipped, with that reason.</summary>
    bool LooksBack { get; }

    /// <summary>
    /// True where what a window gives depends on what an earlier one left (<see cref="EvaluationResult.Also"/>): the rule's windows are
    /// then evaluated one after the other, oldest first, and late events open no revision. Default false.
    /// </summary>
    bool InOrder => false;

    /// <summary>True where each interval is compared with those before it: a window is then one interval long. Default false.</summary>
    bool ComparesIntervals => false;

    /// <summary>Reads the rule's settings; reports each fault, and then answers null.</summary>
    object? ReadSettings(SettingsReader settings);

    /// <summary>
    /// The groups that the detector must know to judge the window, each over the window's range or a part of it. Rules whose windows
    /// have the same range are asked together, in one pass over the events. Default: none.
    /// </summary>
    IReadOnlyList<GroupQuery> Queries(EvaluationWindow window) => [];

    /// <param name="answers">One for each of <see cref="Queries"/>, in order.</param>
    /// <exception cref="Exception">Any: the window is tried again later, and the message is shown.</exception>
    Task<EvaluationResult> EvaluateAsync(EvaluationWindow window, IReadOnlyList<IReadOnlyList<GroupCount>> answers, CancellationToken cancellation);
}
