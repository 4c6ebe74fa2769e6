using System.Collections.Immutable;
using System.IO.Enumeration;
using Beacon.Detections.Sigma.Correlations;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Sigma;

/// <summary>
/// Reads a condition; '1 of', 'any of' and 'all of' take a name with '*' or 'them', which leaves out names that begin with '_'
/// (Sigma rules specification 2.1, "Condition").
/// </summary>
internal sealed class ConditionParser : LogicParser<SigmaCondition>
{
    public const int MaxLength = 20_000;
    public const int MaxDepth = 64;

    private readonly IReadOnlyList<SigmaSelection> _selections;

    private ConditionParser(YamlScalar condition, IReadOnlyList<SigmaSelection> selections, FaultList faults) : base(condition, MaxDepth, faults) => _selections = selections;

    /// <summary>The condition, or null after a report.</summary>
    /// <param name="timeframe">What the detection gives as its timeframe, for the hint on older forms.</param>
    public static SigmaCondition? Parse(YamlScalar condition, IReadOnlyList<SigmaSelection> selections, FaultList faults, string timeframe = "")
    {
        if (condition.Text.Length > MaxLength)
        {
            faults.Error(condition.Mark, FaultCodes.TooLarge, $"the condition is longer than {MaxLength} characters");
            return null;
        }
        var parser = new ConditionParser(condition, selections, faults);
        var old = condition.Text.Contains('|', StringComparison.Ordinal) ? (Phrase)"aggregations behind '|' were removed from Sigma" : parser.Names("near") ? (Phrase)"'near' was removed from Sigma" : null;
        if (old is null) return parser.Read();
        faults.Error(condition.Mark, FaultCodes.Deprecated, old, OldAggregation.Hint(condition.Text, timeframe));
        return null;
    }

    protected override SigmaCondition Any(ImmutableArray<SigmaCondition> parts) => new OrCondition(parts);

    protected override SigmaCondition All(ImmutableArray<SigmaCondition> parts) => new AndCondition(parts);

    protected override SigmaCondition Not(SigmaCondition part) => new NotCondition(part);

    protected override SigmaCondition? Operand()
    {
        var token = Peek;
        if (PeekAt(1).Equals("of", StringComparison.OrdinalIgnoreCase)) return Quantified(token);
        if (token is ")" || IsWord(token)) return Fail($"'{token}' does not belong here");
        var found = _selections.FirstOrDefault(s => s.Name == token);
        if (found is null) return Fail($"there is no selection '{YamlReader.Shorten(token)}'", $"the selections are {string.Join(", ", _selections.Take(20).Select(static s => s.Name))}", FaultRemedy.Replace(token, _selections.Select(static s => s.Name)));
        Next++;
        return new SelectionCondition(found);
    }

    private SigmaCondition? Quantified(string quantifier)
    {
        var all = quantifier.Equals("all", StringComparison.OrdinalIgnoreCase);
        if (!all && quantifier != "1" && !quantifier.Equals("any", StringComparison.OrdinalIgnoreCase))
            return Fail($"'{YamlReader.Shorten(quantifier)} of' is not part of Sigma", "use '1 of', 'any of' or 'all of'");
        Next += 2;
        if (AtEnd) return Fail("'of' needs a name, a pattern or 'them'");
        var pattern = Peek;
        var them = pattern.Equals("them", StringComparison.OrdinalIgnoreCase);
        var chosen = _selections.Where(s => them ? !s.Name.StartsWith('_') : FileSystemName.MatchesSimpleExpression(pattern, s.Name, ignoreCase: false)).ToArray();
        if (chosen.Length == 0) return Fail(them ? (Phrase)"there is no selection" : $"no selection is named like '{YamlReader.Shorten(pattern)}'");
        Next++;
        ImmutableArray<SigmaCondition> parts = [.. chosen.Select(static s => new SelectionCondition(s))];
        return parts.Length == 1 ? parts[0] : all ? new AndCondition(parts) : new OrCondition(parts);
    }

    private static bool IsWord(string token) =>
        token.Equals("and", StringComparison.OrdinalIgnoreCase) || token.Equals("or", StringComparison.OrdinalIgnoreCase)
        || token.Equals("not", StringComparison.OrdinalIgnoreCase) || token.Equals("of", StringComparison.OrdinalIgnoreCase);
}
