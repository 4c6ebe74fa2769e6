using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Beacon.Alerting.Playbooks.Conditions;

/// <summary>
/// Reads conditions: <c>__name__:value OP literal</c>, joined by AND and OR (AND binds closer), in parentheses or STIX's square
/// brackets. OP: = == != &lt; &lt;= &gt; &gt;= IN ('a', 'b') LIKE MATCHES ISSUBSET, NOT before it. Literals: 'text' (\' and \\ escaped),
/// numbers, true, false. Observation operators (FOLLOWEDBY, WITHIN, REPEATS) are refused.
/// </summary>
internal sealed class ConditionParser
{
    public const int MaxLength = 4_000;
    private const int MaxDepth = 16;

    private readonly string _text;
    private int _at;
    private int _depth;

    private ConditionParser(string text) => _text = text;

    /// <returns>The condition, or null and what is wrong.</returns>
    public static (Condition? Condition, string? Fault) Parse(string text)
    {
        if (text.Length > MaxLength) return (null, $"a condition has at most {MaxLength} characters");
        var parser = new ConditionParser(text);
        try
        {
            var condition = parser.Or();
            parser.Space();
            return parser._at == text.Length ? (condition, null) : (null, $"unexpected '{Text.Cut(text[parser._at..], 20)}' at character {parser._at + 1}");
        }
        catch (FormatException fault)
        {
            return (null, $"{fault.Message} at character {parser._at + 1}");
        }
    }

    private Condition Or()
    {
        var left = And();
        while (Word("OR")) left = new AnyOf(left, And());
        return left;
    }

    private Condition And()
    {
        var left = Primary();
        while (Word("AND")) left = new AllOf(left, Primary());
        return left;
    }

    private Condition Primary()
    {
        var close = Take('(') ? ')' : Take('[') ? ']' : '\0';
        if (close == '\0') return Comparison();
        if (++_depth > MaxDepth) throw new FormatException($"more than {MaxDepth} brackets within each other");
        var inner = Or();
        _depth--;
        if (!Take(close)) throw new FormatException($"'{close}' is wanted");
        return inner;
    }

    private Comparison Comparison()
    {
        var variable = Variable();
        var negated = Word("NOT");
        if (Word("IN"))
        {
            if (!Take('(')) throw new FormatException("IN wants a list in parentheses");
            var values = new List<string>();
            do values.Add(Literal()); while (Take(','));
            if (!Take(')')) throw new FormatException("')' is wanted");
            return new Comparison(variable, negated, ComparisonOperator.In, values, null);
        }
        if (Word("LIKE"))
        {
            var like = Literal();
            return new Comparison(variable, negated, ComparisonOperator.Like, [like], Compile("^" + Regex.Escape(like).Replace("%", ".*", StringComparison.Ordinal).Replace("_", ".", StringComparison.Ordinal) + "$"));
        }
        if (Word("MATCHES"))
        {
            var pattern = Literal();
            return new Comparison(variable, negated, ComparisonOperator.Matches, [pattern], Compile(pattern));
        }
        if (Word("ISSUBSET"))
        {
            var network = Literal();
            return IPNetwork.TryParse(network, out _) ? new Comparison(variable, negated, ComparisonOperator.IsSubset, [network], null) : throw new FormatException("ISSUBSET wants a network ('10.0.0.0/8')");
        }
        return new Comparison(variable, negated, Operator(), [Literal()], null);
    }

    private ComparisonOperator Operator()
    {
        Space();
        foreach (var (sign, operation) in Signs)
        {
            if (string.CompareOrdinal(_text, _at, sign, 0, sign.Length) != 0) continue;
            _at += sign.Length;
            return operation;
        }
        throw new FormatException("a comparison (=, !=, <, <=, >, >=, IN, LIKE, MATCHES, ISSUBSET) is wanted");
    }

    private static readonly (string, ComparisonOperator)[] Signs =
    [
        ("==", ComparisonOperator.Equal), ("!=", ComparisonOperator.NotEqual), ("<>", ComparisonOperator.NotEqual), ("<=", ComparisonOperator.LessOrEqual),
        (">=", ComparisonOperator.GreaterOrEqual), ("=", ComparisonOperator.Equal), ("<", ComparisonOperator.Less), (">", ComparisonOperator.Greater),
    ];

    private string Variable()
    {
        Space();
        var match = VariableReference.Pattern.Match(_text, _at);
        if (!match.Success || match.Index != _at) throw new FormatException("a variable (__name__:value) is wanted");
        _at += match.Length;
        return match.Groups[1].Value;
    }

    private string Literal()
    {
        Space();
        if (_at >= _text.Length) throw new FormatException("a value is wanted");
        if (_text[_at] != '\'')
        {
            var start = _at;
            while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '.' or '-' or '+')) _at++;
            var word = _text[start.._at];
            if (word is "true" or "false") return word;
            if (decimal.TryParse(word, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out _)) return word;
            _at = start;
            throw new FormatException("a value in single quotes, a number, true or false is wanted");
        }
        var value = new StringBuilder();
        for (_at++; _at < _text.Length; _at++)
        {
            if (_text[_at] == '\'')
            {
                _at++;
                return value.ToString();
            }
            if (_text[_at] == '\\' && _at + 1 < _text.Length) _at++;
            value.Append(_text[_at]);
        }
        throw new FormatException("the text has no closing quote");
    }

    private static Regex Compile(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            throw new FormatException("the pattern cannot be used: " + Text.Cut(fault.Message, 200));
        }
    }

    private bool Word(string word)
    {
        Space();
        var end = _at + word.Length;
        if (string.Compare(_text, _at, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) != 0) return false;
        if (end < _text.Length && (char.IsAsciiLetterOrDigit(_text[end]) || _text[end] == '_')) return false;
        _at = end;
        return true;
    }

    private bool Take(char sign)
    {
        Space();
        if (_at >= _text.Length || _text[_at] != sign) return false;
        _at++;
        return true;
    }

    private void Space()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
    }
}
