using Beacon.Detections.Sigma.Correlations;

namespace Beacon.Detections.Correlation.Windows;

/// <summary>Sum or mean. Whole numbers up to 2^53 are exact; what fractions gather in rounding errors goes when the window empties.</summary>
internal sealed class ValueSum(SigmaCorrelationCondition condition, bool mean) : WindowAggregate
{
    private double _sum;
    private double _lost;
    private int _count;

    public override bool IsMonotone => false;

    public override void Add(in CorrelationEntry entry) => Change(entry.Number, 1);

    public override void Remove(in CorrelationEntry entry) => Change(-entry.Number, -1);

    public override void Clear() => (_sum, _lost, _count) = (0, 0, 0);

    public override double Number(long from) => _count == 0 ? double.NaN : mean ? (_sum + _lost) / _count : _sum + _lost;

    public override bool Holds(long from) => _count > 0 && condition.Holds(Number(from));

    /// <summary>Neumaier's compensated summation.</summary>
    private void Change(double number, int by)
    {
        if ((_count += by) == 0)
        {
            Clear();
            return;
        }
        var sum = _sum + number;
        _lost += Math.Abs(_sum) >= Math.Abs(number) ? _sum - sum + number : number - sum + _sum;
        _sum = sum;
    }
}
