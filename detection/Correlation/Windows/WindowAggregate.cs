using Beacon.Detections.Sigma.Correlations;

namespace Beacon.Detections.Correlation.Windows;

/// <summary>What a correlation looks at, over the entries of one window. Entries are added in their order, and leave in it.</summary>
internal abstract class WindowAggregate
{
    /// <summary>Where it holds for some entries, it holds for more: a window that contains one that holds, holds.</summary>
    public virtual bool IsMonotone => true;

    /// <summary>The order in which entries are added matters.</summary>
    public virtual bool IsOrdered => false;

    /// <summary>Estimate of what it takes in memory beside its entries.</summary>
    public virtual int OwnBytes => 64;

    public abstract void Add(in CorrelationEntry entry);

    /// <summary>Adds many at once.</summary>
    public virtual void Add(ReadOnlySpan<CorrelationEntry> entries)
    {
        foreach (ref readonly var entry in entries) Add(entry);
    }

    public abstract void Remove(in CorrelationEntry entry);

    public abstract void Clear();

    /// <summary>The number that the condition is about; NaN for none.</summary>
    /// <param name="from">First instant of the window, in ticks.</param>
    public abstract double Number(long from);

    public abstract bool Holds(long from);

    public static WindowAggregate Of(SigmaCorrelation rule) => rule.Type switch
    {
        SigmaCorrelationType.EventCount => new EventCount(rule.Condition),
        SigmaCorrelationType.ValueCount => new ValueCount(rule.Condition),
        SigmaCorrelationType.Temporal => new RulePresence(rule.Condition, rule.Rules.Length),
        SigmaCorrelationType.TemporalOrdered => new RuleOrder(rule.Condition, rule.Rules.Length),
        SigmaCorrelationType.ValueSum => new ValueSum(rule.Condition, mean: false),
        SigmaCorrelationType.ValueAverage => new ValueSum(rule.Condition, mean: true),
        SigmaCorrelationType.ValuePercentile => new ValuePercentile(rule.Condition, rule.Condition.Percentile),
        _ => new ValuePercentile(rule.Condition, 50),
    };
}
