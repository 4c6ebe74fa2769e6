using Beacon.Events;

namespace Beacon.Detections.Scheduled.Threshold;

/// <param name="Filter">Events that count.</param>
/// <param name="GroupBy">Fields whose values make a group, the first being the entity; empty for one group of all.</param>
/// <param name="Distinct">Field whose different values count instead of events, or null.</param>
/// <param name="AtLeast">Count from which a group is a detection, 1 to 1,000,000,000.</param>
internal sealed record ThresholdSettings(EventFilter Filter, IReadOnlyList<string> GroupBy, string? Distinct, long AtLeast);
