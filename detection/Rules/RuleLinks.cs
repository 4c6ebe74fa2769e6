using Beacon.Detections.Correlation;
using Beacon.Detections.Matching;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Correlations;
using Beacon.Detections.Sigma.Filters;

namespace Beacon.Detections.Rules;

/// <summary>What loaded rules say of each other: filters added to rules, and references that lead nowhere.</summary>
internal static class RuleLinks
{
    /// <summary>The same rules, with the filters that are on added to their conditions.</summary>
    public static IReadOnlyList<LoadedRule> ApplyFilters(IReadOnlyList<LoadedRule> rules, Func<LoadedRule, bool> isOn, ICollection<SigmaFault> faults)
    {
        SigmaFilter[] filters = [.. rules.Where(r => r.Filter is not null && isOn(r)).Select(static r => r.Filter!)];
        if (filters.Length == 0) return rules;
        var changed = SigmaFilters.Apply(Sigma(rules), filters, faults);
        var next = 0;
        return [.. rules.Select(r => r.Sigma is null ? r : r with { Sigma = changed[next++] })];
    }

    public static SigmaRule[] Sigma(IEnumerable<LoadedRule> rules) => [.. rules.Where(static r => r.Sigma is not null).Select(static r => r.Sigma!)];

    public static SigmaCorrelation[] Correlations(IEnumerable<LoadedRule> rules) => [.. rules.Where(static r => r.Correlation is not null).Select(static r => r.Correlation!)];

    /// <summary>What is wrong with references among the rules; nothing is compiled.</summary>
    public static IReadOnlyList<SigmaFault> Faults(IReadOnlyList<LoadedRule> rules)
    {
        var faults = new List<SigmaFault>();
        ApplyFilters(rules, static _ => true, faults);
        faults.AddRange(CorrelationSet.Compile(RuleSet.Empty, Sigma(rules), Correlations(rules)).Faults);
        return faults;
    }

    /// <summary>
    /// What a text would break or leave open if it took its place among the rules: faults of its own references, and those of others
    /// that would newly lead nowhere.
    /// </summary>
    public static IReadOnlyList<SigmaFault> FaultsOf(IReadOnlyList<LoadedRule> text, IReadOnlyList<LoadedRule> present)
    {
        var ids = text.Select(static r => r.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var known = Faults(present).ToHashSet();
        return [.. Faults([.. present.Where(r => !ids.Contains(r.Id)), .. text]).Where(f => !known.Contains(f))];
    }

    /// <summary>
    /// The id that a text's file is named by: that of its only rule, or of the one that nothing else in it refers to. Null where the
    /// text holds several that have nothing to do with each other.
    /// </summary>
    public static string? HeadOf(IReadOnlyList<LoadedRule> rules)
    {
        if (rules.Count == 1) return rules[0].Id;
        var set = CorrelationSet.Compile(RuleSet.Empty, Sigma(rules), Correlations(rules));
        var joined = set.JoinedIds;
        var heads = rules.Where(r => !joined.Contains(r.Id)).ToArray();
        return heads is [{ Correlation: not null } head] ? head.Id : null;
    }

    /// <summary>The rule and, if it is a correlation, all that it joins.</summary>
    public static List<LoadedRule> Needed(IReadOnlyList<LoadedRule> all, LoadedRule head)
    {
        var needed = new List<LoadedRule> { head };
        for (var i = 0; i < needed.Count; i++)
        {
            if (needed[i].Correlation is not { } correlation) continue;
            foreach (var reference in correlation.Rules)
            {
                var found = all.FirstOrDefault(r => r.Id.Equals(reference, StringComparison.OrdinalIgnoreCase) || (r.Sigma?.Name ?? r.Correlation?.Name) is { Length: > 0 } name && name == reference);
                if (found is not null && !needed.Contains(found)) needed.Add(found);
            }
        }
        return needed;
    }
}
