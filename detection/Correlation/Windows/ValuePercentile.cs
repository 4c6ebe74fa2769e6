using Beacon.Detections.Sigma.Correlations;

namespace Beacon.Detections.Correlation.Windows;

/// <summary>The value at a share of the sorted values, between two of them in proportion; at 50 the median.</summary>
internal sealed class ValuePercentile(SigmaCorrelationCondition condition, double percentile) : WindowAggregate
{
    private readonly List<double> _sorted = [];

    public override bool IsMonotone => false;

    public override void Add(in CorrelationEntry entry)
    {
        var at = _sorted.BinarySearch(entry.Number);
        _sorted.Insert(at < 0 ? ~at : at, entry.Number);
    }

    public override void Add(ReadOnlySpan<CorrelationEntry> entries)
    {
        foreach (ref readonly var entry in entries) _sorted.Add(entry.Number);
        _sorted.Sort();
    }

    public override void Remove(in CorrelationEntry entry)
    {
        var at = _sorted.BinarySearch(entry.Number);
        if (at >= 0) _sorted.RemoveAt(at);
    }

    public override void Clear() => _sorted.Clear();

    public override double Number(long from)
    {
        if (_sorted.Count == 0) return double.NaN;
        var place = (_sorted.Count - 1) * percentile / 100;
        var below = (int)Math.Floor(place);
        var above = Math.Min(below + 1, _sorted.Count - 1);
        return _sorted[below] + ((_sorted[above] - _sorted[below]) * (place - below));
    }

    public override bool Holds(long from) => _sorted.Count > 0 && condition.Holds(Number(from));
}
