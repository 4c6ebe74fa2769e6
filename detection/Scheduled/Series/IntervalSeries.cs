using Beacon.Events;

namespace Beacon.Detections.Scheduled.Series;

/// <summary>A group's numbers, one an interval of the rule, none left out; the last is the look's own.</summary>
/// <param name="Start">Where the first interval begins.</param>
/// <param name="Interval">The rule's.</param>
/// <param name="Values">From the first interval with an event of the group to that which is judged; at least one.</param>
internal sealed record IntervalSeries(IReadOnlyList<string> Key, DateTimeOffset Start, TimeSpan Interval, double[] Values)
{
    public double Last => Values[^1];

    public ReadOnlySpan<double> Past => Values.AsSpan(0, Values.Length - 1);

    public DateTimeOffset TimeAt(int index) => Start + Interval * index;

    /// <summary>The chart of this series, with what was expected at each point.</summary>
    public DetectionChart Chart(string measure, Func<int, double?> expected)
    {
        var skip = Math.Max(0, Values.Length - DetectionChart.MaxPoints);
        return new DetectionChart(measure, Interval, [.. Enumerable.Range(skip, Values.Length - skip).Select(i => new ChartPoint(TimeAt(i), Values[i], expected(i)))]);
    }
}
