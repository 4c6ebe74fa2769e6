using Beacon.Detections.Scheduled.Series;

namespace Beacon.Detections.Scheduled.SeasonalAnomaly;

/// <param name="Learning">Intervals that are learned from before anything is judged, 40 to 100,000.</param>
/// <param name="AtLeast">Smallest of the number and what was expected: series of next to nothing are left alone; 0 to 1e15.</param>
internal sealed record SeasonalAnomalySettings(SeriesSettings Series, int Learning, double AtLeast);
