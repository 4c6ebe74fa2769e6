using System.Collections.Immutable;
using System.IO.Enumeration;
using Beacon.Detections.Sigma.Correlations;
using Beacon.Detections.Sigma.Yaml;

namespace Beacon.Detections.Sigma;

/// <summary>
/// Reads a condition: 'not' binds tighter than 'and', 'and' tighter than 'or'; '1 of', 'any of' and 'all of' take a name with '*' or
/// 'them', which leaves out names that begin with '_' (Sigma rules specification 2.1, "Condition"). Words of the language are read without case.
/// </summary>
internal sealed class ConditionParser
{
    public const int MaxLength = 20_000;
    public const int MaxDepth = 64;

    private readonly YamlMark _at;
    private readonly IReadOnlyList<SigmaSelection> _selections;
    private readonly FaultList _faults;
    private readonly List<(string Text, int Column)> _tokens;
    private int _next;
    private bool _failed;

    private ConditionParser(YamlScalar condition, IReadOnlyList<SigmaSelection> selections, FaultList faults)
    {
        _at = condition.Mark;
        _selections = selections;
        _faults = faults;
        _tokens = Split(condition.Text);
    }

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
        if (parser.IsDeprecated(condition, timeframe)) return null;
        var result = parser.Or(0);
        if (!parser._failed && parser._next < parser._tokens.Count) parser.Fail($"'{YamlReader.Shorten(parser.Peek)}' does not belong here");
        return parser._failed ? null : result;
    }

    private bool IsDeprecated(YamlScalar condition, string timeframe)
    {
        if (condition.Text.Contains('|', StringComparison.Ordinal))
        {
            _faults.Error(condition.Mark, FaultCodes.Deprecated, "aggregations behind '|' were removed from Sigma", OldAggregation.Hint(condition.Text, timeframe));
            return true;
        }
        if (!_tokens.Exists(static t => t.Text.Equals("near", StringComparison.OrdinalIgnoreCase))) return false;
        _faults.Error(condition.Mark, FaultCodes.Deprecated, "'near' was removed from Sigma", OldAggregation.Hint(condition.Text, timeframe));
        return true;
    }

    private string Peek => _next < _tokens.Count ? _tokens[_next].Text : "";

    private bool Take(string word)
    {
        if (!Peek.Equals(word, StringComparison.OrdinalIgnoreCase)) return false;
        _next++;
        return true;
    }

    private SigmaCondition? Or(int depth) => Chain(depth, "or", And, static parts => new OrCondition(parts));

    private SigmaCondition? And(int depth) => Chain(depth, "and", Not, static parts => new AndCondition(parts));

    private SigmaCondition? Chain(int depth, string word, Func<int, SigmaCondition?> operand, Func<ImmutableArray<SigmaCondition>, SigmaCondition> join)
    {
        if (operand(depth) is not { } first) return null;
        var parts = ImmutableArray.CreateBuilder<SigmaCondition>();
        parts.Add(first);
        while (Take(word))
        {
            if (operand(depth) is not { } part) return null;
            parts.Add(part);
        }
        return parts.Count == 1 ? first : join(parts.ToImmutable());
    }

    private SigmaCondition? Not(int depth)
    {
        if (depth > MaxDepth) return Fail($"the condition is nested deeper than {MaxDepth}");
        if (!Take("not")) return Primary(depth);
        return Not(depth + 1) is { } part ? new NotCondition(part) : null;
    }

    private SigmaCondition? Primary(int depth)
    {
        if (_next >= _tokens.Count) return Fail("the condition ends too early");
        if (Take("("))
        {
            if (Or(depth + 1) is not { } inner) return null;
            return Take(")") ? inner : Fail("a ')' is missing");
        }
        var token = Peek;
        if (_next + 1 < _tokens.Count && _tokens[_next + 1].Text.Equals("of", StringComparison.OrdinalIgnoreCase)) return Quantified(token);
        if (token is ")" || IsWord(token)) return Fail($"'{token}' does not belong here");
        var found = _selections.FirstOrDefault(s => s.Name == token);
        if (found is null) return Fail($"there is no selection '{YamlReader.Shorten(token)}'", "the selections are " + string.Join(", ", _selections.Take(20).Select(static s => s.Name)));
        _next++;
        return new SelectionCondition(found);
    }

    private SigmaCondition? Quantified(string quantifier)
    {
        var all = quantifier.Equals("all", StringComparison.OrdinalIgnoreCase);
        if (!all && quantifier != "1" && !quantifier.Equals("any", StringComparison.OrdinalIgnoreCase))
            return Fail($"'{YamlReader.Shorten(quantifier)} of' is not part of Sigma", "use '1 of', 'any of' or 'all of'");
        _next += 2;
        if (_next >= _tokens.Count) return Fail("'of' needs a name, a pattern or 'them'");
        var pattern = Peek;
        var them = pattern.Equals("them", StringComparison.OrdinalIgnoreCase);
        var chosen = _selections.Where(s => them ? !s.Name.StartsWith('_') : FileSystemName.MatchesSimpleExpression(pattern, s.Name, ignoreCase: false)).ToArray();
        if (chosen.Length == 0) return Fail(them ? "there is no selection" : $"no selection is named like '{YamlReader.Shorten(pattern)}'");
        _next++;
        ImmutableArray<SigmaCondition> parts = [.. chosen.Select(static s => new SelectionCondition(s))];
        return parts.Length == 1 ? parts[0] : all ? new AndCondition(parts) : new OrCondition(parts);
    }

    private static bool IsWord(string token) =>
        token.Equals("and", StringComparison.OrdinalIgnoreCase) || token.Equals("or", StringComparison.OrdinalIgnoreCase)
        || token.Equals("not", StringComparison.OrdinalIgnoreCase) || token.Equals("of", StringComparison.OrdinalIgnoreCase);

    private SigmaCondition? Fail(string message, string hint = "")
    {
        if (_failed) return null;
        _failed = true;
        var offset = _next < _tokens.Count ? _tokens[_next].Column : _tokens.Count == 0 ? 0 : _tokens[^1].Column + _tokens[^1].Text.Length;
        _faults.Error(_at with { Column = _at.Column + offset }, FaultCodes.Condition, message, hint);
        return null;
    }

    private static List<(string, int)> Split(string text)
    {
        var tokens = new List<(string, int)>();
        for (var i = 0; i < text.Length;)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }
            var start = i++;
            if (text[start] is not ('(' or ')'))
                while (i < text.Length && !char.IsWhiteSpace(text[i]) && text[i] is not ('(' or ')')) i++;
            tokens.Add((text[start..i], start));
        }
        return tokens;
    }
}
