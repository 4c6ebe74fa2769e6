using System.Collections.Concurrent;
using System.Diagnostics;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.LogSources;
using Beacon.Detections.Sigma.Pipelines;
using Beacon.Events;

namespace Beacon.Detections.Matching;

/// <summary>
/// Compiled rules with one index over all of them. Immutable: a change makes a new set, which takes the old one's place whole.
/// Safe to match from several threads.
/// </summary>
public sealed class RuleSet
{
    public static readonly RuleSet Empty = Compile([]);

    [ThreadStatic]
    private static Scratch? _scratch;

    private readonly CompiledRule[] _seeing;
    private readonly RuleGroup[] _groups;
    private readonly SourceGate _gate;
    private readonly FieldAliases _aliases;

    private sealed class Scratch
    {
        public readonly EventView View = new();
        public readonly Candidates Groups = new();
        public readonly Candidates Rules = new();
    }

    private RuleSet(IReadOnlyList<CompiledRule> rules, CompiledRule[] seeing, RuleGroup[] groups, SourceGate gate, FieldAliases aliases) =>
        (Rules, _seeing, _groups, _gate, _aliases) = (rules, seeing, groups, gate, aliases);

    /// <summary>All rules, blind ones too, in the order given.</summary>
    public IReadOnlyList<CompiledRule> Rules { get; }

    /// <summary>Rules that are looked at for every event of their log source, since no text is certain to stand in what they match.</summary>
    public int AlwaysEvaluated => _groups.Sum(static g => g.AlwaysEvaluated);

    /// <exception cref="InvalidOperationException">The rules name more fields than <see cref="FieldNames.Capacity"/>.</exception>
    public static RuleSet Compile(IEnumerable<SigmaRule> rules, SigmaPipelines? pipelines = null)
    {
        pipelines ??= SigmaPipelines.BuiltIn;
        var slots = new FieldSlots();
        var all = rules.AsParallel().AsOrdered().Select(rule =>
        {
            var bound = pipelines.Bind(rule);
            return (bound.Binding, Compiled: Compile(bound, slots));
        }).ToArray();
        var groups = new Dictionary<string, (LogSourceBinding Binding, List<CompiledRule> Rules)>(StringComparer.Ordinal);
        var keys = new Dictionary<LogSourceBinding, string>(ReferenceEqualityComparer.Instance);
        var seeing = new List<CompiledRule>();
        foreach (var (binding, compiled) in all)
        {
            if (compiled.Root is null) continue;
            compiled.Ordinal = seeing.Count;
            seeing.Add(compiled);
            if (!keys.TryGetValue(binding, out var key)) keys[binding] = key = binding.Key;
            if (!groups.TryGetValue(key, out var group)) groups[key] = group = (binding, []);
            group.Rules.Add(compiled);
        }
        var ordered = groups.Values.ToArray();
        var gate = new SourceGate([.. ordered.Select(static g => g.Binding)], slots);
        var built = new RuleGroup[ordered.Length];
        // The largest first: one of them holds half of the rules.
        Parallel.ForEach(Partitioner.Create(Enumerable.Range(0, ordered.Length).OrderByDescending(g => ordered[g].Rules.Count), EnumerablePartitionerOptions.NoBuffering), g => built[g] = new RuleGroup(ordered[g].Rules));
        return new RuleSet([.. all.Select(static r => r.Compiled)], [.. seeing], built, gate, new FieldAliases(slots));
    }

    /// <summary>Adds every rule that matches to <paramref name="matches"/>, and to <paramref name="faulted"/> those of which a test took too long.</summary>
    public void Match(SecurityEvent e, ICollection<CompiledRule> matches, ICollection<CompiledRule>? faulted = null) => Match(e, matches, faulted, null);

    /// <param name="cost">By rule's ordinal, the time that its tests took is added, in Stopwatch ticks; null to measure nothing.</param>
    internal void Match(SecurityEvent e, ICollection<CompiledRule> matches, ICollection<CompiledRule>? faulted, long[]? cost)
    {
        var scratch = _scratch ??= new Scratch();
        var view = scratch.View;
        view.Begin(e, _aliases);
        scratch.Groups.Begin(_groups.Length);
        scratch.Rules.Begin(_seeing.Length);
        _gate.Find(view, scratch.Groups);
        foreach (var group in scratch.Groups.Found) _groups[group].Find(view, scratch.Rules);
        foreach (var candidate in scratch.Rules.Found)
        {
            var rule = _seeing[candidate];
            if (rule.IsSuspended) continue;
            view.Faulted = false;
            view.FaultAnswer = false;
            var started = cost is null ? 0 : Stopwatch.GetTimestamp();
            var holds = rule.Root!.Test(view);
            if (cost is not null) Interlocked.Add(ref cost[candidate], Stopwatch.GetTimestamp() - started);
            if (view.Faulted)
            {
                // Where the test that took too long decides nothing, the rule's answer stands all the same.
                rule.CountTimeout();
                faulted?.Add(rule);
                view.FaultAnswer = true;
                holds &= rule.Root.Test(view);
            }
            if (holds) matches.Add(rule);
        }
    }

    /// <summary>Where a rule that matched did: selection, field, value and place.</summary>
    public IReadOnlyList<MatchedField> Explain(SecurityEvent e, CompiledRule rule)
    {
        var found = new List<MatchedField>();
        if (rule.Root is null) return found;
        var view = (_scratch ??= new Scratch()).View;
        view.Begin(e, _aliases);
        rule.Root.Explain(view, "", found);
        return found;
    }

    /// <summary>Why no event can match the rule, or null.</summary>
    public static Phrase? BlindReasonOf(SigmaRule rule, SigmaPipelines? pipelines = null) => Compile((pipelines ?? SigmaPipelines.BuiltIn).Bind(rule), new FieldSlots()).BlindReason;

    /// <summary>Number of rules that see: ordinals are below it.</summary>
    internal int SeeingCount => _seeing.Length;

    private static CompiledRule Compile(BoundRule bound, FieldSlots slots)
    {
        var (rule, binding) = (bound.Rule, bound.Binding);
        if (binding.Blind is not null) return new CompiledRule(rule, binding.Blind);
        if (rule.UnresolvedPlaceholders.Count > 0)
            return new CompiledRule(rule, $"the placeholder %{rule.UnresolvedPlaceholders[0]}% has no values");
        var compiler = new RuleCompiler(binding, slots);
        var root = compiler.Compile(rule.Condition);
        if (compiler.BlindField is { } field) return new CompiledRule(rule, $"no event of {rule.LogSource} carries the field {field}");
        return new CompiledRule(rule, null) { Root = root, Fields = binding.Fields };
    }
}
