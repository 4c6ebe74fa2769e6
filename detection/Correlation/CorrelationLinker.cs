using System.Collections.Frozen;
using Beacon.Detections.Matching;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Correlations;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Correlation;

/// <summary>Resolves references between correlations and rules, and says where they lead nowhere.</summary>
internal sealed class CorrelationLinker
{
    /// <summary>Correlations of one set; those beyond are left out with a fault.</summary>
    public const int MaxCorrelations = 5_000;

    private readonly RuleSet _set;
    private readonly List<CompiledCorrelation> _all = [];
    private readonly RuleReferences<object> _references = new();
    private readonly Dictionary<string, CompiledRule> _compiled = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<CompiledCorrelation, object?[]> _children = [];
    private readonly List<CompiledCorrelation> _lowerFirst = [];
    private readonly Dictionary<CompiledCorrelation, int> _depth = [];
    private readonly List<SigmaFault> _faults = [];

    public CorrelationLinker(RuleSet set, IReadOnlyList<SigmaRule> rules, IReadOnlyList<SigmaCorrelation> correlations, Func<string, bool>? isOn)
    {
        _set = set;
        foreach (var rule in rules) _references.Add(rule.Id, rule.Name, rule);
        foreach (var rule in set.Rules) _compiled.TryAdd(rule.Rule.Id, rule);
        foreach (var rule in correlations)
        {
            if (_all.Count == MaxCorrelations)
            {
                _faults.Add(new SigmaFault(rule.File, rule.Line, 1, FaultCodes.TooLarge, FaultSeverity.Error, $"more than {MaxCorrelations} correlations; this one and those after it are left out", ""));
                break;
            }
            var compiled = new CompiledCorrelation(rule) { Index = _all.Count, IsOn = isOn is null || isOn(rule.Id), Level = rule.Level };
            _all.Add(compiled);
            _references.Add(rule.Id, rule.Name, compiled);
        }
    }

    public CorrelationSet Link()
    {
        foreach (var correlation in _all) _children[correlation] = Resolve(correlation);
        foreach (var correlation in _all) Order(correlation, []);
        foreach (var correlation in _lowerFirst) Judge(correlation);
        var links = new List<EventLink>?[_set.SeeingCount];
        for (var i = _lowerFirst.Count - 1; i >= 0; i--) Bind(_lowerFirst[i], links);
        // A field that nothing feeds is found out only now; those above are blind with it.
        foreach (var correlation in _lowerFirst) Judge(correlation);
        foreach (var correlation in _lowerFirst) correlation.StateKey = StateKey(correlation);
        return new CorrelationSet(_set, _all, [.. links.Select(static l => l?.Where(static x => x.Correlation is { BlindReason: null, IsOn: true }).ToArray() is { Length: > 0 } some ? some : null)], Silent(),
            _children.Values.SelectMany(static c => c).Where(static c => c is not null).Select(static c => IdOf(c!).Id).ToFrozenSet(StringComparer.OrdinalIgnoreCase), _faults);
    }

    private object?[] Resolve(CompiledCorrelation correlation)
    {
        var rule = correlation.Rule;
        var children = new object?[rule.Rules.Length];
        for (var i = 0; i < children.Length; i++)
        {
            children[i] = _references.Find(rule.Rules[i], out var isAmbiguous);
            if (children[i] is not null) continue;
            correlation.BlindReason ??= isAmbiguous ? (Phrase)$"several rules are named '{rule.Rules[i]}'" : $"there is no rule '{rule.Rules[i]}'";
            Fault(rule, i, FaultCodes.Unknown, isAmbiguous ? (Phrase)$"several rules are named '{rule.Rules[i]}'" : $"there is no rule with the id or name '{rule.Rules[i]}'",
                isAmbiguous ? (Phrase)"refer to it by its id" : "load the rule together with the correlation, or correct the reference");
        }
        return children;
    }

    /// <summary>Depth first, so that a correlation comes behind those that it joins.</summary>
    private int Order(CompiledCorrelation correlation, List<CompiledCorrelation> path)
    {
        if (_depth.TryGetValue(correlation, out var known)) return known;
        path.Add(correlation);
        var depth = 1;
        var children = _children[correlation];
        for (var i = 0; i < children.Length; i++)
        {
            if (children[i] is not CompiledCorrelation child) continue;
            var at = path.IndexOf(child);
            if (at >= 0)
            {
                var circle = string.Join(" → ", path.Skip(at).Append(child).Select(static c => $"'{c.Rule.Title}'"));
                foreach (var member in path.Skip(at)) member.BlindReason ??= $"it refers to itself: {circle}";
                Fault(correlation.Rule, i, FaultCodes.Condition, $"the correlations refer to each other in a circle: {circle}", "let one of them go without the other");
                children[i] = null;
            }
            else if (path.Count >= CorrelationLimits.MaxDepth && !_depth.ContainsKey(child))
            {
                correlation.BlindReason ??= $"more than {CorrelationLimits.MaxDepth} correlations stand above each other";
                Fault(correlation.Rule, i, FaultCodes.TooLarge, $"more than {CorrelationLimits.MaxDepth} correlations stand above each other", "join rules directly where you can");
                children[i] = null;
            }
            else depth = Math.Max(depth, 1 + Order(child, path));
        }
        path.RemoveAt(path.Count - 1);
        if (depth > CorrelationLimits.MaxDepth && correlation.BlindReason is null)
        {
            correlation.BlindReason = $"more than {CorrelationLimits.MaxDepth} correlations stand above each other";
            Fault(correlation.Rule, 0, FaultCodes.TooLarge, correlation.BlindReason, "join rules directly where you can");
        }
        _depth[correlation] = depth;
        correlation.Rank = _lowerFirst.Count;
        _lowerFirst.Add(correlation);
        return depth;
    }

    private void Judge(CompiledCorrelation correlation)
    {
        var level = Severity.Informational;
        foreach (var child in _children[correlation])
        {
            switch (child)
            {
                case SigmaRule rule:
                    level = Max(level, rule.Level);
                    if (!_compiled.TryGetValue(rule.Id, out var compiled)) correlation.BlindReason ??= $"its rule '{rule.Title}' is switched off";
                    else if (compiled.BlindReason is { } blind) correlation.BlindReason ??= $"its rule '{rule.Title}' is blind: {blind}";
                    break;
                case CompiledCorrelation below:
                    level = Max(level, below.Level);
                    if (!below.IsOn) correlation.BlindReason ??= $"its correlation '{below.Rule.Title}' is switched off";
                    else if (below.BlindReason is { } reason) correlation.BlindReason ??= $"its correlation '{below.Rule.Title}' is blind: {reason}";
                    break;
            }
        }
        if (!correlation.Rule.HasLevel) correlation.Level = level;
    }

    private static Severity Max(Severity a, Severity b) => a > b ? a : b;

    /// <summary>Binds the fields of one correlation; those above it are done, so what they ask for is known.</summary>
    private void Bind(CompiledCorrelation correlation, List<EventLink>?[] links)
    {
        var rule = correlation.Rule;
        var children = _children[correlation];
        for (var i = 0; i < children.Length; i++)
        {
            if (children[i] is CompiledCorrelation below)
            {
                below.Above.Add(new HitLink(correlation, i, [.. rule.GroupBy.Select(n => HitField(correlation, i, n, below))],
                    [.. rule.Condition.Fields.Select(n => HitField(correlation, i, n, below))], [.. correlation.Carried.Select(n => HitField(correlation, i, n, below))]));
            }
            else if (children[i] is SigmaRule sigma && _compiled.TryGetValue(sigma.Id, out var compiled) && compiled.Fields is not null)
            {
                var link = new EventLink(correlation, i, [.. rule.GroupBy.Select(n => EventField(correlation, i, n, compiled))],
                    [.. rule.Condition.Fields.Select(n => EventField(correlation, i, n, compiled))], [.. correlation.Carried.Select(n => EventField(correlation, i, n, compiled))]);
                (links[compiled.Ordinal] ??= []).Add(link);
            }
        }
    }

    private static EventField EventField(CompiledCorrelation correlation, int rule, string name, CompiledRule compiled)
    {
        var field = FieldOf(correlation, rule, name);
        var names = compiled.Fields!(field);
        if (names.Count == 0) correlation.BlindReason ??= $"no event of {compiled.Rule.LogSource}, which its rule '{compiled.Rule.Title}' reads, carries the field {field}";
        return new EventField(names);
    }

    private static HitField HitField(CompiledCorrelation correlation, int rule, string name, CompiledCorrelation below)
    {
        var field = FieldOf(correlation, rule, name);
        var at = below.Rule.GroupBy.IndexOf(field);
        if (at >= 0) return new HitField(true, at);
        at = below.Carried.IndexOf(field);
        if (at >= 0) return new HitField(false, at);
        if (below.Carried.Count < CorrelationLimits.MaxCarried)
        {
            below.Carried.Add(field);
            return new HitField(false, below.Carried.Count - 1);
        }
        correlation.BlindReason ??= $"more than {CorrelationLimits.MaxCarried} fields are asked of the correlation '{below.Rule.Title}'";
        return new HitField(false, 0);
    }

    /// <summary>The field that a name of group-by or condition means for one rule.</summary>
    private static string FieldOf(CompiledCorrelation correlation, int rule, string name)
    {
        foreach (var alias in correlation.Rule.Aliases)
            if (alias.Name == name && alias.Fields.TryGetValue(correlation.Rule.Rules[rule], out var field)) return field;
        return name;
    }

    /// <summary>Rules and correlations that stand in the file of what joins them, unless something that joins them wants them too.</summary>
    private FrozenSet<string> Silent()
    {
        var silent = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var loud = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var correlation in _all)
        {
            foreach (var child in _children[correlation])
            {
                if (child is null) continue;
                var (id, file) = IdOf(child);
                if (file != correlation.Rule.File) continue;
                (correlation.Rule.Generate ? loud : silent).Add(id);
            }
        }
        silent.ExceptWith(loud);
        return silent.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    private static (string Id, string File) IdOf(object child) => child is SigmaRule rule ? (rule.Id, rule.File) : child is CompiledCorrelation below ? (below.Rule.Id, below.Rule.File) : ("", "");

    private string StateKey(CompiledCorrelation correlation) => DetectionIds.Of(
        [correlation.Rule.Id, correlation.Rule.Source, .. _children[correlation].Select(static c => c switch { SigmaRule rule => rule.Id, CompiledCorrelation below => below.Rule.Id, _ => "" }), .. correlation.Carried]).Value;

    private void Fault(SigmaCorrelation rule, int reference, string code, Phrase message, Phrase hint)
    {
        var mark = reference < rule.RuleMarks.Length ? rule.RuleMarks[reference] : new YamlMark(rule.Line, 1);
        _faults.Add(new SigmaFault(rule.File, mark.Line, mark.Column, code, FaultSeverity.Error, message, hint));
    }
}
