using System.Collections.Immutable;
using Beacon.Detections.Sigma.Yaml;

namespace Beacon.Detections.Sigma.Correlations;

/// <summary>
/// Reads the extended condition of the temporal types: names of rules with 'not', 'and', 'or' and brackets, 'not' binding
/// tightest. Words of the language are read without case. Every listed rule must stand in it, and none that is not listed.
/// </summary>
internal sealed class CorrelationExpressionParser
{
    public const int MaxLength = 2_000;
    public const int MaxDepth = 32;

    private readonly YamlScalar _condition;
    private readonly FaultList _faults;
    private readonly List<(string Name, YamlMark Mark)> _rules;
    private readonly bool _collects;
    private readonly List<(string Text, int Column)> _tokens;
    private uint _used;
    private int _next;
    private bool _failed;

    private CorrelationExpressionParser(YamlScalar condition, List<(string Name, YamlMark Mark)> rules, FaultList faults)
    {
        (_condition, _rules, _faults, _collects) = (condition, rules, faults, rules.Count == 0);
        _tokens = Split(condition.Text);
    }

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
        var result = parser.Or(0);
        if (!parser._failed && parser._next < parser._tokens.Count) parser.Fail($"'{YamlReader.Shorten(parser.Peek)}' does not belong here");
        if (parser._failed || result is null) return null;
        for (var i = 0; i < rules.Count; i++)
            if ((parser._used & (1u << i)) == 0) faults.Error(rules[i].Mark, FaultCodes.Condition, $"the rule '{rules[i].Name}' is listed and not part of the condition", "name it in the condition, or take it from the list");
        // 'not a' alone holds while nothing happens, and nothing is no event to begin with.
        if (result.Holds(0)) parser.Fail("the condition holds where no rule matched, and a correlation begins with an event", "let at least one rule stand without 'not'");
        return parser._failed ? null : result;
    }

    private string Peek => _next < _tokens.Count ? _tokens[_next].Text : "";

    private bool Take(string word)
    {
        if (!Peek.Equals(word, StringComparison.OrdinalIgnoreCase)) return false;
        _next++;
        return true;
    }

    private CorrelationExpression? Or(int depth) => Chain(depth, "or", And, static parts => new AnyExpression(parts));

    private CorrelationExpression? And(int depth) => Chain(depth, "and", Not, static parts => new AllExpression(parts));

    private CorrelationExpression? Chain(int depth, string word, Func<int, CorrelationExpression?> operand, Func<ImmutableArray<CorrelationExpression>, CorrelationExpression> join)
    {
        if (operand(depth) is not { } first) return null;
        var parts = ImmutableArray.CreateBuilder<CorrelationExpression>();
        parts.Add(first);
        while (Take(word))
        {
            if (operand(depth) is not { } part) return null;
            parts.Add(part);
        }
        return parts.Count == 1 ? first : join(parts.ToImmutable());
    }

    private CorrelationExpression? Not(int depth)
    {
        if (depth > MaxDepth) return Fail($"the condition is nested deeper than {MaxDepth}");
        if (!Take("not")) return Primary(depth);
        return Not(depth + 1) is { } part ? new NotExpression(part) : null;
    }

    private CorrelationExpression? Primary(int depth)
    {
        if (_next >= _tokens.Count) return Fail("the condition ends too early");
        if (Take("("))
        {
            if (Or(depth + 1) is not { } inner) return null;
            return Take(")") ? inner : Fail("a ')' is missing");
        }
        var token = Peek;
        if (token is ")" || token.ToLowerInvariant() is "and" or "or" or "not") return Fail($"'{token}' does not belong here");
        var index = _rules.FindIndex(r => r.Name.Equals(token, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
        {
            if (!_collects) return Fail($"the rule '{YamlReader.Shorten(token)}' is not listed under rules", "the rules are " + string.Join(", ", _rules.Take(20).Select(static r => r.Name)));
            if (_rules.Count == CorrelationReader.MaxTemporalRules) return Fail($"the condition names more than {CorrelationReader.MaxTemporalRules} rules");
            if (token.Length > 256) return Fail("a name has at most 256 characters");
            index = _rules.Count;
            _rules.Add((token, Here));
        }
        _used |= 1u << index;
        _next++;
        return new RuleExpression(index);
    }

    private YamlMark Here
    {
        get
        {
            var offset = _next < _tokens.Count ? _tokens[_next].Column : _tokens.Count == 0 ? 0 : _tokens[^1].Column + _tokens[^1].Text.Length;
            return _condition.Mark with { Column = _condition.Mark.Column + offset };
        }
    }

    private CorrelationExpression? Fail(string message, string hint = "")
    {
        if (_failed) return null;
        _failed = true;
        _faults.Error(Here, FaultCodes.Condition, message, hint);
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
