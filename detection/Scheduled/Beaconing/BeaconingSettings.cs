using Beacon.Events;

namespace Beacon.Detections.Scheduled.Beaconing;

/// <param name="Filter">Connections.</param>
/// <param name="GroupBy">What is called regularly by whom, 1 to 5 fields.</param>
/// <param name="AtLeast">Connections that a rhythm needs, 6 to 10,000.</param>
/// <param name="Jitter">How far a beat may lie from its place, as a share of the period, 0.001 to 0.5.</param>
/// <param name="Regular">Share of the connections that must lie on the beat, 0.5 to 1.</param>
/// <param name="LeastPeriod">Shortest period, 1 second to 1 day.</param>
internal sealed record BeaconingSettings(EventFilter Filter, IReadOnlyList<string> GroupBy, int AtLeast, double Jitter, double Regular, TimeSpan LeastPeriod);
