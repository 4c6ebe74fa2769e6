using System.Numerics;
using Beacon.Detections.Sigma.Correlations;

namespace Beacon.Detections.Correlation.Windows;

/// <summary>Which rules of the list matched.</summary>
internal sealed class RulePresence(SigmaCorrelationCondition condition, int rules) : WindowAggregate
{
    private readonly int[] _counts = new int[rules];
    private uint _present;

    public override void Add(in CorrelationEntry entry)
    {
        _counts[entry.Rule]++;
        _present |= 1u << entry.Rule;
    }

    public override void Remove(in CorrelationEntry entry)
    {
        if (--_counts[entry.Rule] == 0) _present &= ~(1u << entry.Rule);
    }

    public override void Clear()
    {
        Array.Clear(_counts);
        _present = 0;
    }

    public override double Number(long from) => BitOperations.PopCount(_present);

    public override bool Holds(long from) => condition.Expression is { } expression ? expression.Holds(_present) : condition.Holds(BitOperations.PopCount(_present));
}
