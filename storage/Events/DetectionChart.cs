namespace Beacon.Events;

/// <summary>One point of a detection's chart.</summary>
/// <param name="Time">Where the point's interval begins, UTC.</param>
/// <param name="Expected">What was expected there, or null.</param>
public readonly record struct ChartPoint(DateTimeOffset Time, double Seen, double? Expected);

/// <summary>The numbers behind a detection, for a chart: what was seen over time and what was expected.</summary>
/// <param name="Measure">What is counted, in plain words: "events", "sum of source.bytes".</param>
/// <param name="Interval">Time from one point to the next; zero where points are single events.</param>
/// <param name="Points">Oldest first, the last being what was detected; at most <see cref="MaxPoints"/>.</param>
public sealed record DetectionChart(string Measure, TimeSpan Interval, IReadOnlyList<ChartPoint> Points)
{
    public const int MaxPoints = 300;

    /// <summary>The newest points, if there are more than are kept.</summary>
    public static DetectionChart Of(string measure, TimeSpan interval, IReadOnlyList<ChartPoint> points) =>
        new(measure, interval, points.Count <= MaxPoints ? points : [.. points.Skip(points.Count - MaxPoints)]);
}
