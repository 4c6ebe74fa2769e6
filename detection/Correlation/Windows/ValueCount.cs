using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Beacon.Detections.Sigma.Correlations;

namespace Beacon.Detections.Correlation.Windows;

/// <summary>Different values, case ignored.</summary>
internal sealed class ValueCount(SigmaCorrelationCondition condition) : WindowAggregate
{
    private readonly Dictionary<string, int> _values = new(StringComparer.OrdinalIgnoreCase);

    public override int OwnBytes => 256;

    public override void Add(in CorrelationEntry entry)
    {
        foreach (var value in entry.Values ?? []) CollectionsMarshal.GetValueRefOrAddDefault(_values, value, out _)++;
    }

    public override void Remove(in CorrelationEntry entry)
    {
        foreach (var value in entry.Values ?? [])
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrNullRef(_values, value);
            if (!Unsafe.IsNullRef(ref count) && --count == 0) _values.Remove(value);
        }
    }

    public override void Clear() => _values.Clear();
    public override double Number(long from) => _values.Count;
    public override bool Holds(long from) => condition.Holds(_values.Count);
}
