using System.Text;

namespace Beacon.Detections.Indicators;

/// <summary>
/// Reads STIX 2.1 patterns that name values: comparisons with '=' or IN, joined by OR, within one observation or several joined by OR. A pattern that
/// says more (AND, FOLLOWEDBY, qualifiers) is a rule and no value; it is refused, since a part of it would match too much.
/// </summary>
internal ref struct StixPattern
{
    private const int MaxValues = 1_000;

    private readonly ReadOnlySpan<char> _text;
    private int _at;

    private StixPattern(ReadOnlySpan<char> text) => _text = text;

    /// <summary>Object paths and values; null with the reason where the pattern says something else.</summary>
    public static List<(string Path, string Value)>? Read(ReadOnlySpan<char> pattern, out string problem)
    {
        var reader = new StixPattern(pattern);
        var values = new List<(string, string)>();
        problem = reader.Observations(values);
        return problem.Length == 0 ? values : null;
    }

    private string Observations(List<(string, string)> values)
    {
        do
        {
            if (!Take('[')) return "an observation begins with '['";
            do
            {
                if (Comparison(values) is { Length: > 0 } problem) return problem;
                if (values.Count > MaxValues) return $"more than {MaxValues} values";
            }
            while (TakeWord("OR"));
            if (!Take(']')) return "only '=' and IN, joined by OR, name values";
        }
        while (TakeWord("OR"));
        Space();
        return _at == _text.Length ? "" : "only observations joined by OR name values";
    }

    private string Comparison(List<(string, string)> values)
    {
        Space();
        var start = _at;
        var quoted = false;
        for (; _at < _text.Length && (quoted || (!char.IsWhiteSpace(_text[_at]) && _text[_at] is not ('=' or '!' or '<' or '>' or ']'))); _at++)
            if (_text[_at] == '\'') quoted = !quoted;
        var path = _text[start.._at].ToString();
        if (path.Length == 0 || !path.Contains(':', StringComparison.Ordinal)) return "a comparison begins with an object path";
        if (TakeWord("IN"))
        {
            if (!Take('(')) return "IN needs a list in brackets";
            do
            {
                if (Literal() is not { } value) return "a list holds texts in single quotes";
                values.Add((path, value));
            }
            while (Take(','));
            return Take(')') ? "" : "a list ends with ')'";
        }
        if (!Take('=')) return "only '=' and IN name values";
        if (Literal() is not { } single) return "a value stands in single quotes";
        values.Add((path, single));
        return "";
    }

    private string? Literal()
    {
        if (!Take('\'')) return null;
        var value = new StringBuilder();
        for (; _at < _text.Length; _at++)
        {
            if (_text[_at] == '\'')
            {
                _at++;
                return value.ToString();
            }
            if (_text[_at] == '\\' && _at + 1 < _text.Length) _at++;
            value.Append(_text[_at]);
        }
        return null;
    }

    private bool Take(char c)
    {
        Space();
        if (_at >= _text.Length || _text[_at] != c) return false;
        _at++;
        return true;
    }

    private bool TakeWord(string word)
    {
        Space();
        if (!_text[_at..].StartsWith(word, StringComparison.Ordinal)) return false;
        var end = _at + word.Length;
        if (end < _text.Length && char.IsLetterOrDigit(_text[end])) return false;
        _at = end;
        return true;
    }

    private void Space()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
    }
}
