using Beacon.Detections.Scheduled.Series;

namespace Beacon.Detections.Scheduled.Spike;

/// <param name="Times">How many times the mean of the past an interval must have, 1.1 to 1,000,000.</param>
/// <param name="AtLeast">What an interval must have in any case, 1 to 1e15.</param>
/// <param name="Learning">Intervals that a group's past must have, 5 to 100,000.</param>
internal sealed record SpikeSettings(SeriesSettings Series, double Times, double AtLeast, int Learning);
