using System.Collections.Frozen;
using Beacon.Detections.Matching;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Correlations;
using Beacon.Events;

namespace Beacon.Detections.Correlation;

/// <summary>
/// Correlations with what they refer to resolved, over one <see cref="RuleSet"/>. Immutable: a change makes a new set. What it
/// remembers of events is kept apart, by who runs it.
/// </summary>
public sealed class CorrelationSet
{
    public static readonly CorrelationSet Empty = Compile(RuleSet.Empty, [], []);

    private readonly FrozenDictionary<string, CompiledCorrelation> _byId;
    private readonly EventLink[]?[] _links;
    private readonly FrozenSet<string> _silent;

    internal CorrelationSet(
        RuleSet rules, IReadOnlyList<CompiledCorrelation> correlations, EventLink[]?[] links, FrozenSet<string> silent, FrozenSet<string> joined, IReadOnlyList<SigmaFault> faults) =>
        (Rules, Correlations, _byId, _links, _silent, JoinedIds, Faults) = (
            rules, correlations, correlations.DistinctBy(static c => c.Rule.Id, StringComparer.OrdinalIgnoreCase).ToFrozenDictionary(static c => c.Rule.Id, StringComparer.OrdinalIgnoreCase), links, silent, joined, faults);

    /// <summary>Ids of the rules and correlations that a correlation joins.</summary>
    internal FrozenSet<string> JoinedIds { get; }

    public RuleSet Rules { get; }

    public CompiledCorrelation? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>All correlations, those that are blind or off too, in the order given.</summary>
    public IReadOnlyList<CompiledCorrelation> Correlations { get; }

    /// <summary>References that lead nowhere, to several, or round in a circle. Such a correlation is blind.</summary>
    public IReadOnlyList<SigmaFault> Faults { get; }

    /// <summary>Resolves what correlations refer to.</summary>
    /// <param name="set">The compiled rules that are on.</param>
    /// <param name="rules">All rules that may be referred to, those that are off too.</param>
    /// <param name="isOn">By a correlation's id; null: all are on.</param>
    public static CorrelationSet Compile(RuleSet set, IReadOnlyList<SigmaRule> rules, IReadOnlyList<SigmaCorrelation> correlations, Func<string, bool>? isOn = null) =>
        new CorrelationLinker(set, rules, correlations, isOn).Link();

    /// <summary>A correlation counts what the rule matches.</summary>
    public bool IsUsed(CompiledRule rule) => rule.Ordinal >= 0 && rule.Ordinal < _links.Length && _links[rule.Ordinal] is not null;

    /// <summary>The rule, or correlation, raises no detections of its own: it stands in the file of a correlation that joins it without 'generate: true'.</summary>
    public bool IsSilent(string id) => _silent.Contains(id);

    /// <summary>Adds what an event that the rule matched means to the correlations above it.</summary>
    /// <param name="order">Decides between equal times.</param>
    internal void Extract(CompiledRule rule, SecurityEvent e, long order, string? label, List<CorrelationObservation> observations)
    {
        if (!IsUsed(rule)) return;
        var scratch = new List<string>(4);
        foreach (var link in _links[rule.Ordinal]!)
            if (Observation.Of(link, e, order, label, scratch) is { } observation) observations.Add(observation);
    }
}
