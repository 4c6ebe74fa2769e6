using System.Globalization;
using Beacon.Detections.Correlation;
using Beacon.Detections.Matching;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Filters;
using Beacon.Detections.Sigma.Pipelines;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Rules;

/// <summary>
/// Runs the cases of a file whose correlation stands with the rules that it joins: each case is a timeline of its own, and matches
/// where the outermost correlation raises at least once.
/// </summary>
internal static class CorrelationCases
{
    /// <summary>Events of one case.</summary>
    public const int MaxEvents = 10_000;

    public static void Run(SigmaReadResult read, string text, SigmaPipelines? pipelines, FaultList faults, List<RuleCaseResult> results)
    {
        var found = new List<SigmaFault>();
        var rules = SigmaFilters.Apply(read.Rules, read.Filters, found);
        var set = CorrelationSet.Compile(RuleSet.Compile(rules, pipelines), rules, read.Correlations);
        foreach (var fault in found.Concat(set.Faults)) faults.Error(YamlMark.Start, fault.Code, $"the rule file has a fault: {fault.Message}", fault.Hint);
        var heads = set.Correlations.Where(c => !set.JoinedIds.Contains(c.Rule.Id)).ToArray();
        if (heads.Length != 1) faults.Error(YamlMark.Start, FaultCodes.Structure, $"the rule file holds {heads.Length} correlations that nothing joins; cases are for one");
        if (faults.Errors > 0) return;
        if (heads[0].BlindReason is { } blind) faults.Error(YamlMark.Start, FaultCodes.LogSource, $"the rule is blind: {blind}");
        var documents = YamlReader.Read(text, faults);
        if (documents.Count != 1 || documents[0].Root is not YamlList list)
        {
            faults.Error(YamlMark.Start, FaultCodes.Structure, "cases are one list");
            return;
        }
        foreach (var item in list.Items)
        {
            if (item is not YamlMap map || map.Find("match") is not YamlScalar { Type: ScalarKind.Boolean } match || map.Find("events") is not YamlList { Items: var events }
                || events.Count > MaxEvents || !events.All(static e => e is YamlMap m && m.Find(FieldReader.TimestampName) is YamlScalar))
            {
                faults.Error(item.Mark, FaultCodes.Case, $"a case of a correlation is a map of name, match (true or false) and events, a list of up to {MaxEvents} maps of fields, each with @timestamp");
                continue;
            }
            var hits = Hits(set, events.Cast<YamlMap>()).Where(h => h.Rule.Id == heads[0].Rule.Id).ToArray();
            var name = map.Find("name") is YamlScalar { IsNull: false } given ? given.Text : string.Create(CultureInfo.InvariantCulture, $"line {item.Mark.Line}");
            results.Add(new RuleCaseResult(faults.File, item.Mark.Line, heads[0].Rule.Id, name, match.Text[0] is 't' or 'T', hits.Length > 0, hits.Length > 0 ? Matched(hits[0]) : []));
        }
        if (!results.Exists(static r => r.Expected)) faults.Error(YamlMark.Start, FaultCodes.Case, "no case must match");
        if (results.TrueForAll(static r => r.Expected)) faults.Error(YamlMark.Start, FaultCodes.Case, "no case is a near miss");
    }

    private static IEnumerable<CorrelationHit> Hits(CorrelationSet set, IEnumerable<YamlMap> events)
    {
        var run = new CorrelationRun(set);
        long sequence = 0;
        foreach (var fields in events)
        {
            var e = RuleCases.EventOf(fields);
            e.Sequence = ++sequence;
            var matches = new List<CompiledRule>();
            set.Rules.Match(e, matches);
            foreach (var rule in matches) run.Observe(rule, e);
        }
        return run.Finish();
    }

    /// <summary>What the hit is about, and its group.</summary>
    private static IReadOnlyList<MatchedField> Matched(CorrelationHit hit) =>
    [
        new MatchedField("condition", hit.Rule.Condition.Fields.Length > 0 ? string.Join(", ", hit.Rule.Condition.Fields) : hit.Rule.ToString(), hit.Number.ToString(CultureInfo.InvariantCulture), 0, 0),
        .. hit.Group.Select(static g => new MatchedField("group-by", g.Key, g.Value, 0, 0)),
    ];
}
