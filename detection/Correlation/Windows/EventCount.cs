using Beacon.Detections.Sigma.Correlations;

namespace Beacon.Detections.Correlation.Windows;

internal sealed class EventCount(SigmaCorrelationCondition condition) : WindowAggregate
{
    private int _count;

    public override void Add(in CorrelationEntry entry) => _count++;
    public override void Remove(in CorrelationEntry entry) => _count--;
    public override void Clear() => _count = 0;
    public override double Number(long from) => _count;
    public override bool Holds(long from) => condition.Holds(_count);
}
