using Beacon.Events;

namespace Beacon.Detections.Scheduled.RareValue;

/// <param name="Filter">Events that count.</param>
/// <param name="Fields">Fields whose values together are judged, 1 to 5.</param>
/// <param name="History">What is compared with, 1 minute to 90 days.</param>
/// <param name="Below">Share of the history's events below which a value is rare, 0.000001 to 0.1.</param>
/// <param name="AtLeast">Events that the history must hold before anything is called rare, 100 to 1,000,000,000.</param>
internal sealed record RareValueSettings(EventFilter Filter, IReadOnlyList<string> Fields, TimeSpan History, double Below, long AtLeast);
