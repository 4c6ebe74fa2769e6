using System.Runtime.InteropServices;
using Beacon.Detections.Matching;
using Beacon.Events;

namespace Beacon.Detections.Correlation;

/// <summary>Runs a set of correlations over what their rules match, chained ones included. Not thread-safe.</summary>
internal sealed class CorrelationEngine(CorrelationLimits limits, ICorrelationLog? log = null, ICorrelationCounts? counts = null)
{
    private readonly List<CorrelationObservation> _observations = [];
    private readonly List<CorrelationHit> _fresh = [];
    private readonly CorrelationMemory _memory = new();
    private CorrelationState[] _states = [];
    private CorrelationState[] _lowerFirst = [];

    public CorrelationSet Set { get; private set; } = CorrelationSet.Empty;

    public IReadOnlyList<CorrelationState> States => _states;

    public long Bytes => _memory.Bytes;

    /// <summary>Takes another set; what is remembered stays where a correlation, and what it joins, is the same.</summary>
    public void Use(CorrelationSet set)
    {
        var known = new Dictionary<string, CorrelationState>(StringComparer.Ordinal);
        foreach (var state in _states) known[state.Correlation.StateKey] = state;
        var states = new CorrelationState[set.Correlations.Count];
        for (var i = 0; i < states.Length; i++)
        {
            var correlation = set.Correlations[i];
            if (known.Remove(correlation.StateKey, out var state)) state.Correlation = correlation;
            else state = new CorrelationState(correlation, limits, _memory, log, counts);
            states[i] = state;
        }
        foreach (var gone in known.Values) _memory.Bytes -= gone.Bytes;
        (_states, Set) = (states, set);
        _lowerFirst = [.. states.OrderBy(static s => s.Correlation.Rank)];
    }

    /// <summary>An event with the rules of the set that it matched.</summary>
    /// <param name="hits">Receives the hits of every correlation, silent ones too.</param>
    public void Observe(IReadOnlyList<CompiledRule> rules, SecurityEvent e, long order, string? label, List<CorrelationHit> hits)
    {
        _observations.Clear();
        for (var i = 0; i < rules.Count; i++) Set.Extract(rules[i], e, order, label, _observations);
        var observations = CollectionsMarshal.AsSpan(_observations);
        foreach (ref var observation in observations)
        {
            // A time in the future would make everything after it late: nobody may blind a group so, or himself with a wrong clock.
            var latest = observation.Entry.Received + limits.Lateness.Ticks;
            if (observation.Entry.Time > latest) observation = observation with { Entry = observation.Entry with { Time = latest } };
        }
        Observe(observations, hits);
    }

    /// <summary>All that one event means.</summary>
    public void Observe(ReadOnlySpan<CorrelationObservation> observations, List<CorrelationHit> hits)
    {
        if (observations.IsEmpty) return;
        foreach (ref readonly var observation in observations) _states[observation.Correlation.Index].Enter(observation);
        _fresh.Clear();
        foreach (ref readonly var observation in observations) _states[observation.Correlation.Index].Judge(_fresh);
        Climb(hits);
        if (Bytes > limits.MaxBytes) Shrink();
    }

    /// <summary>Time goes on, with or without events.</summary>
    public void Advance(DateTimeOffset clock, List<CorrelationHit> hits)
    {
        // What closes below may belong to a window that closes above.
        foreach (var state in _lowerFirst)
        {
            if (state.Groups == 0) continue;
            _fresh.Clear();
            state.Advance(clock.UtcTicks, _fresh);
            Climb(hits);
        }
    }

    /// <summary>Hands hits to the correlations above. Correlations form no circle, so this comes to an end.</summary>
    private void Climb(List<CorrelationHit> hits)
    {
        for (var i = 0; i < _fresh.Count; i++)
        {
            var hit = _fresh[i];
            hits.Add(hit);
            foreach (var link in hit.Correlation.Above)
            {
                if (link.Correlation is not { IsOn: true, BlindReason: null } || Observation.Of(link, hit) is not { } observation) continue;
                var above = _states[link.Correlation.Index];
                above.Enter(observation);
                above.Judge(_fresh);
            }
        }
        _fresh.Clear();
    }

    private void Shrink()
    {
        var enough = limits.MaxBytes / 20 * 19;
        while (Bytes > enough)
        {
            var largest = _states[0];
            foreach (var state in _states)
                if (state.Bytes > largest.Bytes) largest = state;
            if (largest.Groups == 0) return;
            var before = largest.Bytes;
            // A batch at a time: looking for the largest costs more than dropping a group.
            for (var i = 0; i < 64 && largest.Groups > 0; i++) largest.Evict();
            if (largest.Bytes >= before) return;
        }
    }
}

/// <summary>Bytes that all correlations of one engine take.</summary>
internal sealed class CorrelationMemory
{
    public long Bytes { get; set; }
}
