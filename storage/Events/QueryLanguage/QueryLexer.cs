using System.Text;

namespace Beacon.Events.QueryLanguage;

/// <summary>Cuts a query text into tokens.</summary>
internal sealed class QueryLexer(string text)
{
    private int _at;

    public List<QueryToken> Read()
    {
        var tokens = new List<QueryToken>();
        while (true)
        {
            while (_at < text.Length && char.IsWhiteSpace(text[_at])) _at++;
            if (_at == text.Length)
            {
                tokens.Add(new QueryToken(QueryTokenKind.End, "", text.Length, 0));
                return tokens;
            }
            if (tokens.Count >= EventQueryText.MaxTokens) throw new QueryFaultException(_at, 1, $"the query has more than {EventQueryText.MaxTokens} parts");
            tokens.Add(Next(tokens.Count > 0 && tokens[^1].Kind is QueryTokenKind.Field));
        }
    }

    private QueryToken Next(bool behindField)
    {
        var start = _at;
        switch (text[_at])
        {
            case '(': _at++; return new QueryToken(QueryTokenKind.Open, "(", start, 1);
            case ')': _at++; return new QueryToken(QueryTokenKind.Close, ")", start, 1);
            case '"': return QuotedOrField(behindField);
            case '-' or '!' when !behindField: _at++; return new QueryToken(QueryTokenKind.Minus, "-", start, 1);
            case '[' when behindField: return Range();
            case '>' or '<' when behindField:
                _at += _at + 1 < text.Length && text[_at + 1] == '=' ? 2 : 1;
                return new QueryToken(QueryTokenKind.Comparison, text[start.._at], start, _at - start);
        }
        while (_at < text.Length && !char.IsWhiteSpace(text[_at]) && text[_at] is not ('(' or ')' or '"'))
        {
            if (text[_at] == ':' && !behindField && _at > start && IsFieldName(text.AsSpan(start, _at - start)))
            {
                var name = text[start.._at];
                _at++;
                return new QueryToken(QueryTokenKind.Field, name, start, _at - start);
            }
            _at += text[_at] == '\\' && _at + 1 < text.Length ? 2 : 1;
        }
        var word = text[start.._at];
        var kind = behindField ? QueryTokenKind.Word : word switch
        {
            "AND" or "and" or "&&" => QueryTokenKind.And,
            "OR" or "or" or "||" => QueryTokenKind.Or,
            "NOT" or "not" => QueryTokenKind.Not,
            _ => QueryTokenKind.Word,
        };
        return new QueryToken(kind, word, start, word.Length);
    }

    internal static bool IsFieldName(ReadOnlySpan<char> name)
    {
        foreach (var c in name) if (!(char.IsLetterOrDigit(c) || c is '.' or '_' or '@' or '-' or '/' or '#')) return false;
        return !char.IsDigit(name[0]);
    }

    // A name that a word can't hold (with a space in it) is quoted: "threat name":x.
    private QueryToken QuotedOrField(bool behindField)
    {
        var quoted = Quoted();
        if (behindField || quoted.Text.Length == 0 || _at == text.Length || text[_at] != ':') return quoted;
        _at++;
        return new QueryToken(QueryTokenKind.Field, quoted.Text, quoted.Position, quoted.Length + 1);
    }

    private QueryToken Quoted()
    {
        var start = _at++;
        var value = new StringBuilder();
        while (_at < text.Length && text[_at] != '"')
        {
            if (text[_at] != '\\')
            {
                value.Append(text[_at++]);
                continue;
            }
            // Backslashes stand for themselves, so that paths are written as they are; only before a quote do two make one, and one left over makes the quote a character.
            var run = 1;
            while (_at + run < text.Length && text[_at + run] == '\\') run++;
            var beforeQuote = _at + run < text.Length && text[_at + run] == '"';
            value.Append('\\', beforeQuote ? run / 2 : run);
            _at += run;
            if (beforeQuote && run % 2 == 1) value.Append(text[_at++]);
        }
        if (_at == text.Length) throw new QueryFaultException(start, 1, "the quote is not closed");
        _at++;
        return new QueryToken(QueryTokenKind.Quoted, value.ToString(), start, _at - start);
    }

    private QueryToken Range()
    {
        var start = _at;
        var end = text.IndexOf(']', _at);
        if (end < 0) throw new QueryFaultException(start, 1, "the range is not closed: [from TO to]");
        _at = end + 1;
        var inner = text[(start + 1)..end];
        var to = inner.IndexOf(" TO ", StringComparison.OrdinalIgnoreCase);
        if (to < 0) throw new QueryFaultException(start, _at - start, "a range is written [from TO to]; * leaves an end open");
        return new QueryToken(QueryTokenKind.Range, inner[..to].Trim().Trim('"'), start, _at - start, inner[(to + 4)..].Trim().Trim('"'));
    }
}
