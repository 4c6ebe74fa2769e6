using System.Collections.Immutable;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Sigma.Correlations;

/// <summary>
/// Reads the extended condition of the temporal types: names of rules with 'not', 'and', 'or' and brackets.
/// Every listed rule must stand in it, and none that is not listed.
/// </summary>
internal sealed class CorrelationExpressionParser : LogicParser<CorrelationExpression>
{
    public const int MaxLength = 2_000;
    public const int MaxDepth = 32;

    private readonly List<(string Name, YamlMark Mark)> _rules;
    private readonly bool _collects;
    private uint _used;

    private CorrelationExpressionParser(YamlScalar condition, List<(string Name, YamlMark Mark)> rules, FaultList faults) : base(condition, MaxDepth, faults) =>
        (_rules, _collects) = (rules, rules.Count == 0);

    /// <returns>Null after a report.</returns>
    public static CorrelationExpression? Parse(YamlScalar condition, ref List<(string Name, YamlMark Mark)> rules, FaultList faults)
    {
        if (condition.Text.Length > MaxLength)
        {
            faults.Error(condition.Mark, FaultCodes.TooLarge, $"the condition is longer than {MaxLength} characters");
            return null;
        }
        // More than a mask holds is reported with the list; it is not parsed.
        if (rules.Count > CorrelationReader.MaxTemporalRules) return null;
        var parser = new CorrelationExpressionParser(condition, rules, faults);
        if (parser.Read() is not { } result) return null;
        for (var i = 0; i < rules.Count; i++)
            if ((parser._used & (1u << i)) == 0) faults.Error(rules[i].Mark, FaultCodes.Condition, $"the rule '{rules[i].Name}' is listed and not part of the condition", "name it in the condition, or take it from the list");
        // 'not a' alone holds while nothing happens, and nothing is no event to begin with.
        if (result.Holds(0)) parser.Fail("the condition holds where no rule matched, and a correlation begins with an event", "let at least one rule stand without 'not'");
        return parser.Failed ? null : result;
    }

    protected override CorrelationExpression Any(ImmutableArray<CorrelationExpression> parts) => new AnyExpression(parts);

    protected override CorrelationExpression All(ImmutableArray<CorrelationExpression> parts) => new AllExpression(parts);

    protected override CorrelationExpression Not(CorrelationExpression part) => new NotExpression(part);

    protected override CorrelationExpression? Operand()
    {
        var token = Peek;
        if (token is ")" || token.ToLowerInvariant() is "and" or "or" or "not") return Fail($"'{token}' does not belong here");
        var index = _rules.FindIndex(r => r.Name.Equals(token, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
        {
            if (!_collects) return Fail($"the rule '{YamlReader.Shorten(token)}' is not listed under rules", $"the rules are {string.Join(", ", _rules.Take(20).Select(static r => r.Name))}");
            if (_rules.Count == CorrelationReader.MaxTemporalRules) return Fail($"the condition names more than {CorrelationReader.MaxTemporalRules} rules");
            if (token.Length > 256) return Fail("a name has at most 256 characters");
            index = _rules.Count;
            _rules.Add((token, Here));
        }
        _used |= 1u << index;
        Next++;
        return new RuleExpression(index);
    }
}
