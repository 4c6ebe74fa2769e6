namespace Beacon.Detections.Scheduled.Series;

/// <param name="Factor">Of the mean of the past: how many times it, or what share of it.</param>
/// <param name="AtLeast">Below this nothing is told, 1 to 1e15; of what, the detector says.</param>
/// <param name="Learning">Intervals that a group's past must have, 5 to 100,000.</param>
internal sealed record UsualLevelSettings(SeriesSettings Series, double Factor, double AtLeast, int Learning);
