using System.Collections.Immutable;
using Beacon.Detections.Correlation;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Sigma.Filters;

/// <summary>
/// Adds filters to the rules that they are for: the rule's condition and the filter's must both hold, so that a filter which takes
/// something out says so itself ('condition: not selection'). Its selections keep to themselves, whatever the rule's are called.
/// </summary>
internal static class SigmaFilters
{
    /// <summary>The rules in their order, those with filters changed.</summary>
    public static IReadOnlyList<SigmaRule> Apply(IReadOnlyList<SigmaRule> rules, IReadOnlyList<SigmaFilter> filters, ICollection<SigmaFault> faults)
    {
        if (filters.Count == 0) return rules;
        var references = new RuleReferences<SigmaRule>();
        foreach (var rule in rules) references.Add(rule.Id, rule.Name, rule);
        var chosen = new Dictionary<SigmaRule, List<SigmaFilter>>(ReferenceEqualityComparer.Instance);
        foreach (var filter in filters)
        {
            var count = 0;
            foreach (var rule in filter.AppliesToAny ? rules.Where(r => filter.Fits(r.LogSource)) : Listed(filter, references, faults))
            {
                if (!chosen.TryGetValue(rule, out var list)) chosen[rule] = list = [];
                list.Add(filter);
                count++;
            }
            if (count == 0 && filter.AppliesToAny)
                faults.Add(new SigmaFault(filter.File, filter.Line, 1, FaultCodes.LogSource, FaultSeverity.Warning, $"no rule is of the filter's log source {filter.LogSource}; it does nothing", ""));
        }
        return [.. rules.Select(r => chosen.TryGetValue(r, out var list) ? With(r, list) : r)];
    }

    private static IEnumerable<SigmaRule> Listed(SigmaFilter filter, RuleReferences<SigmaRule> references, ICollection<SigmaFault> faults)
    {
        for (var i = 0; i < filter.Rules.Length; i++)
        {
            var mark = i < filter.RuleMarks.Length ? filter.RuleMarks[i] : new YamlMark(filter.Line, 1);
            var rule = references.Find(filter.Rules[i], out var isAmbiguous);
            if (rule is null)
            {
                faults.Add(new SigmaFault(filter.File, mark.Line, mark.Column, FaultCodes.Unknown, FaultSeverity.Error,
                    isAmbiguous ? (Phrase)$"several rules are named '{filter.Rules[i]}'" : $"there is no rule with the id or name '{filter.Rules[i]}'",
                    isAmbiguous ? (Phrase)"refer to it by its id" : "load the rule together with the filter, or correct the reference"));
            }
            else if (filter.Fits(rule.LogSource)) yield return rule;
            else
            {
                faults.Add(new SigmaFault(filter.File, mark.Line, mark.Column, FaultCodes.LogSource, FaultSeverity.Warning,
                    $"the filter is for {filter.LogSource} and the rule '{rule.Title}' for {rule.LogSource}; it is not applied to it", "give the filter the rule's log source, or less of it"));
            }
        }
    }

    private static SigmaRule With(SigmaRule rule, List<SigmaFilter> filters) => rule with
    {
        Condition = new AndCondition([rule.Condition, .. filters.Select(static f => Renamed(f.Condition, f.Title))]),
        UnresolvedPlaceholders = [.. rule.UnresolvedPlaceholders.Concat(filters.SelectMany(static f => f.UnresolvedPlaceholders)).Distinct(StringComparer.Ordinal)],
        Filters = [.. filters.Select(static f => f.Title)],
    };

    private static SigmaCondition Renamed(SigmaCondition condition, string title) => condition switch
    {
        SelectionCondition selection => new SelectionCondition(selection.Selection with { Name = title + ": " + selection.Selection.Name }),
        NotCondition not => new NotCondition(Renamed(not.Part, title)),
        AndCondition and => new AndCondition(Renamed(and.Parts, title)),
        OrCondition or => new OrCondition(Renamed(or.Parts, title)),
        _ => condition,
    };

    private static ImmutableArray<SigmaCondition> Renamed(ImmutableArray<SigmaCondition> parts, string title) => [.. parts.Select(p => Renamed(p, title))];
}
