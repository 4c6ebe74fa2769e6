using Beacon.Events;

namespace Beacon.Detections.Scheduled.Sequence;

/// <summary>One step of a sequence.</summary>
/// <param name="Filter">Events of this step.</param>
/// <param name="By">Fields that hold the joined values here; as many as in the other steps.</param>
/// <param name="AtLeast">Events that the step needs, 1 to 1,000.</param>
internal sealed record SequenceStep(EventFilter Filter, IReadOnlyList<string> By, int AtLeast);

/// <param name="Steps">In their order, 2 to 10.</param>
/// <param name="MaxSpan">Longest time from the first event to the last; at most the rule's window counts. 1 second to 7 days.</param>
internal sealed record SequenceSettings(IReadOnlyList<SequenceStep> Steps, TimeSpan MaxSpan);
