using System.Numerics;
using Beacon.Detections.Sigma.Correlations;

namespace Beacon.Detections.Correlation.Windows;

/// <summary>
/// Which rules of the list matched in its order: for each set of rules, the latest instant at which a run of different events
/// begins that matched them one after the other. A run counts where it began within the window, so nothing is to be removed.
/// </summary>
internal sealed class RuleOrder(SigmaCorrelationCondition condition, int rules) : WindowAggregate
{
    private readonly long[] _starts = Filled(1 << rules);
    private readonly long[] _before = Filled(1 << rules);
    private readonly long[] _latest = Filled(rules);
    private readonly uint _asserted = condition.Expression?.Asserted ?? 0;
    private (long Time, long Order) _event = (long.MinValue, 0);

    public override bool IsOrdered => true;

    public override int OwnBytes => 128 + (16 << rules) + (8 * rules);

    public override void Add(in CorrelationEntry entry)
    {
        // What one event matched does not follow itself.
        if (_event != (entry.Time, entry.Order))
        {
            _event = (entry.Time, entry.Order);
            _starts.CopyTo(_before, 0);
        }
        _latest[entry.Rule] = entry.Time;
        var bit = 1 << entry.Rule;
        _starts[bit] = entry.Time;
        for (var mask = 1; mask < bit; mask++)
            if (_before[mask] > _starts[mask | bit]) _starts[mask | bit] = _before[mask];
    }

    public override void Remove(in CorrelationEntry entry) { }

    public override void Clear()
    {
        Array.Fill(_starts, long.MinValue);
        Array.Fill(_latest, long.MinValue);
        _event = (long.MinValue, 0);
    }

    public override double Number(long from)
    {
        var most = 0;
        for (var mask = 1; mask < _starts.Length; mask++)
            if (_starts[mask] >= from) most = Math.Max(most, BitOperations.PopCount((uint)mask));
        return most;
    }

    public override bool Holds(long from)
    {
        if (condition.Expression is not { } expression) return condition.Holds(Number(from));
        // Rules that stand under 'not' count wherever they are in the window; the others where they are in order.
        var others = 0u;
        for (var rule = 0; rule < _latest.Length; rule++)
            if ((_asserted & (1u << rule)) == 0 && _latest[rule] >= from) others |= 1u << rule;
        for (var mask = 1u; mask < _starts.Length; mask++)
            if ((mask & ~_asserted) == 0 && _starts[mask] >= from && expression.Holds(mask | others)) return true;
        return false;
    }

    private static long[] Filled(int length)
    {
        var values = new long[length];
        Array.Fill(values, long.MinValue);
        return values;
    }
}
