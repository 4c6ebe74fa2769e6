namespace Beacon.Detections.Scheduled.Anomaly;

/// <summary>What a detector says of one point, with what it takes to show why.</summary>
/// <param name="Score">0 to 1; an anomaly from <see cref="SeriesDetector.Threshold"/>. Points that follow an anomaly closely score 0: it was told.</param>
/// <param name="Seen">The value.</param>
/// <param name="Expected">What was expected at this time, in the series' unit.</param>
/// <param name="Spread">How far values usually lie from what is expected, in the series' unit.</param>
/// <param name="Sign">The strongest sign.</param>
/// <param name="OnceIn">That sign is so strong once in so many points, by what was seen before; 1 where there is nothing to compare with.</param>
/// <param name="History">Points seen before this one.</param>
public readonly record struct SeriesVerdict(double Score, double Seen, double Expected, double Spread, SeriesSign Sign, double OnceIn, long History)
{
    public bool IsAnomaly => Score >= SeriesDetector.Threshold;
}
