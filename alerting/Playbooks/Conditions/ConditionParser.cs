using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Conditions;

/// <summary>
/// Reads conditions: <c>__name__:value OP literal</c>, joined by AND, OR and NOT (NOT binds closest, then AND), in parentheses or STIX's
/// square brackets. OP: = == != &lt;&gt; &lt; &lt;= &gt; &gt;= IN ('a', 'b') LIKE MATCHES ISSUBSET ISSUPERSET, NOT before it; EXISTS before a variable. Literals: 'text' (\'
/// and \\ escaped), numbers, true, false, t'time', h'hex', b'base64'. What orders observations in time (FOLLOWEDBY, WITHIN,
/// REPEATS, START) is refused: a variable has no time.
/// </summary>
internal sealed class ConditionParser
{
    public const int MaxLength = 4_000;
    private const int MaxDepth = 16;
    private const int MaxList = 200;

    private static readonly string[] Temporal = ["FOLLOWEDBY", "WITHIN", "REPEATS", "START", "STOP"];

    private readonly string _text;
    private int _at;
    private int _depth;

    private ConditionParser(string text) => _text = text;

    /// <returns>The condition, or null and what is wrong.</returns>
    public static (Condition? Condition, Phrase? Fault) Parse(string text)
    {
        if (text.Length > MaxLength) return (null, $"a condition has at most {MaxLength} characters");
        var parser = new ConditionParser(text);
        try
        {
            var condition = parser.Or();
            parser.Space();
            if (parser._at == text.Length) return (condition, null);
            if (Temporal.FirstOrDefault(parser.Word) is { } word) return (null, $"{word} at character {parser._at - word.Length + 1} asks for an order in time, which variables have not");
            return (null, $"unexpected '{Text.Cut(text[parser._at..], 20)}' at character {parser._at + 1}");
        }
        catch (ConditionException fault)
        {
            return (null, $"{fault.Said} at character {parser._at + 1}");
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
        if (Word("NOT"))
        {
            if (++_depth > MaxDepth) throw new ConditionException($"more than {MaxDepth} brackets within each other");
            var denied = Primary();
            _depth--;
            return new NotOf(denied);
        }
        if (Word("EXISTS")) return new Comparison(Variable(), false, ComparisonOperator.Exists, [], null);
        var close = Take('(') ? ')' : Take('[') ? ']' : '\0';
        if (close == '\0') return Comparison();
        if (++_depth > MaxDepth) throw new ConditionException($"more than {MaxDepth} brackets within each other");
        var inner = Or();
        _depth--;
        if (!Take(close)) throw new ConditionException($"'{close}' is wanted");
        return inner;
    }

    private Comparison Comparison()
    {
        var variable = Variable();
        var negated = Word("NOT");
        if (Word("IN"))
        {
            if (!Take('(')) throw new ConditionException("IN wants a list in parentheses");
            var values = new List<Literal>();
            do values.Add(Literal()); while (Take(','));
            if (values.Count > MaxList) throw new ConditionException($"a list has at most {MaxList} values");
            if (!Take(')')) throw new ConditionException("')' is wanted");
            return new Comparison(variable, negated, ComparisonOperator.In, values, null);
        }
        if (Word("LIKE"))
        {
            var like = Literal();
            return new Comparison(variable, negated, ComparisonOperator.Like, [like], Compile("^" + Regex.Escape(like.Text).Replace("%", ".*", StringComparison.Ordinal).Replace("_", ".", StringComparison.Ordinal) + "\\z"));
        }
        if (Word("MATCHES"))
        {
            var pattern = Literal();
            return new Comparison(variable, negated, ComparisonOperator.Matches, [pattern], Compile(pattern.Text));
        }
        foreach (var (word, operation) in new[] { ("ISSUBSET", ComparisonOperator.IsSubset), ("ISSUPERSET", ComparisonOperator.IsSuperset) })
        {
            if (!Word(word)) continue;
            var network = Literal();
            return AddressRange.Parse(network.Text) is not null ? new Comparison(variable, negated, operation, [network], null) : throw new ConditionException($"{word} wants an address or a network ('10.0.0.0/8')");
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
        throw new ConditionException("a comparison (=, !=, <, <=, >, >=, IN, LIKE, MATCHES, ISSUBSET, ISSUPERSET) is wanted");
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
        if (!match.Success || match.Index != _at) throw new ConditionException("a variable (__name__:value) is wanted");
        _at += match.Length;
        return match.Groups[1].Value;
    }

    private Literal Literal()
    {
        Space();
        if (_at >= _text.Length) throw new ConditionException("a value is wanted");
        if (_text[_at] == '\'') return new Literal(LiteralKind.Text, Quoted());
        if (_at + 1 < _text.Length && _text[_at + 1] == '\'' && _text[_at] is 't' or 'h' or 'b')
        {
            var kind = _text[_at++];
            return Prefixed(kind, Quoted());
        }
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '.' or '-' or '+')) _at++;
        var word = _text[start.._at];
        if (word is "true" or "false") return new Literal(LiteralKind.Flag, word);
        if (decimal.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out _)) return new Literal(LiteralKind.Number, word);
        _at = start;
        throw new ConditionException("a value in single quotes, a number, true or false is wanted");
    }

    private static Literal Prefixed(char kind, string text)
    {
        switch (kind)
        {
            case 't':
                return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _) ? new Literal(LiteralKind.Time, text) : throw new ConditionException("t'…' is a time as RFC 3339 has it");
            case 'h':
                return text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit) ? new Literal(LiteralKind.Text, text.ToLowerInvariant()) : throw new ConditionException("h'…' is pairs of hexadecimal digits");
            default:
                var bytes = new byte[text.Length];
                return Convert.TryFromBase64String(text, bytes, out var n) ? new Literal(LiteralKind.Text, Convert.ToHexStringLower(bytes.AsSpan(0, n))) : throw new ConditionException("b'…' is base64");
        }
    }

    private string Quoted()
    {
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
        throw new ConditionException("the text has no closing quote");
    }

    private static Regex Compile(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            throw new ConditionException($"the pattern cannot be used: {Text.Cut(fault.Message, 200)}");
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

/// <summary>What is wrong with a condition; never leaves its parser.</summary>
#pragma warning disable CA1032, CA1064 // Made and caught in one place.
internal sealed class ConditionException(Phrase said) : Exception(said.ToString())
{
    public Phrase Said => said;
}
#pragma warning restore CA1032, CA1064
