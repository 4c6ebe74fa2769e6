using Beacon.Detections.Scheduled.Series;

namespace Beacon.Detections.Scheduled.Flatline;

/// <param name="Below">Share of the mean of the past up to which an interval is flat, 0 to 0.9.</param>
/// <param name="AtLeast">Mean of the past from which a group is worth watching, 1 to 1e15.</param>
/// <param name="Learning">Intervals that a group's past must have, 5 to 100,000.</param>
internal sealed record FlatlineSettings(SeriesSettings Series, double Below, double AtLeast, int Learning);
