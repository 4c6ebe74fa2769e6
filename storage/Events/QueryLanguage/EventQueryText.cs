using System.Net;

namespace Beacon.Events.QueryLanguage;

/// <summary>
/// The language of the query bar. <c>word</c> and <c>"some words"</c> look anywhere; <c>field:value</c> with * and ? in the value;
/// <c>field:*</c> asks that the field is there; <c>field:&gt;=10</c>; <c>field:[1 TO 9]</c>; <c>source.ip:10.0.0.0/8</c>;
/// <c>field:(a OR b)</c>; and <c>AND</c>, <c>OR</c>, <c>NOT</c>, <c>-</c> and parentheses. Words side by side mean AND.
/// </summary>
public static class EventQueryText
{
    /// <summary>Longest query, in UTF-16 units.</summary>
    public const int MaxLength = 10_000;
    public const int MaxTokens = 1_000;
    public const int MaxDepth = 32;

    /// <returns>True with the filter, or false with the fault.</returns>
    public static bool TryParse(string text, out EventFilter filter, out QueryFault? fault) => TryParse(text, out filter, out fault, out _);

    /// <param name="places">Where each test of the filter stands in the text, by the test itself and not by its value.</param>
    /// <inheritdoc cref="TryParse(string, out EventFilter, out QueryFault?)"/>
    public static bool TryParse(string text, out EventFilter filter, out QueryFault? fault, out IReadOnlyDictionary<EventFilter, QuerySpan> places)
    {
        var found = new Dictionary<EventFilter, QuerySpan>(ReferenceEqualityComparer.Instance);
        places = found;
        filter = EventFilter.All;
        fault = null;
        if (text.Length > MaxLength)
        {
            fault = new QueryFault(MaxLength, 1, $"the query is longer than {MaxLength} characters");
            return false;
        }
        try
        {
            filter = new Parser(new QueryLexer(text).Read(), found).Parse();
            return true;
        }
        catch (QueryFaultException thrown)
        {
            fault = thrown.Fault;
            return false;
        }
    }

    private sealed class Parser(List<QueryToken> tokens, Dictionary<EventFilter, QuerySpan> places)
    {
        private int _at;
        private int _depth;

        private QueryToken Current => tokens[_at];

        public EventFilter Parse()
        {
            if (Current.Kind == QueryTokenKind.End) return EventFilter.All;
            var filter = Or(null);
            if (Current.Kind != QueryTokenKind.End) throw Current.Kind == QueryTokenKind.Close ? Fault("this ')' closes nothing") : Fault($"'{Current.Text}' is not expected here");
            return filter;
        }

        private EventFilter Or(string? field)
        {
            if (++_depth > MaxDepth) throw Fault($"the query is nested deeper than {MaxDepth}");
            var parts = new List<EventFilter> { And(field) };
            while (Current.Kind == QueryTokenKind.Or)
            {
                _at++;
                parts.Add(And(field));
            }
            _depth--;
            return parts.Count == 1 ? parts[0] : new OrFilter(parts);
        }

        private EventFilter And(string? field)
        {
            var parts = new List<EventFilter> { Unary(field) };
            while (Current.Kind is not (QueryTokenKind.End or QueryTokenKind.Or or QueryTokenKind.Close))
            {
                if (Current.Kind == QueryTokenKind.And) _at++;
                parts.Add(Unary(field));
            }
            return parts.Count == 1 ? parts[0] : new AndFilter(parts);
        }

        private EventFilter Unary(string? field)
        {
            if (Current.Kind is not (QueryTokenKind.Not or QueryTokenKind.Minus)) return Primary(field);
            _at++;
            if (++_depth > MaxDepth) throw Fault($"the query is nested deeper than {MaxDepth}");
            var part = Unary(field);
            _depth--;
            return new NotFilter(part);
        }

        private EventFilter Primary(string? field)
        {
            var token = Current;
            var filter = Test(field);
            // What is nested marked its own places; what is new here begins with this token and ends with the last one taken.
            var last = tokens[_at - 1];
            if (filter is FieldFilter or TextFilter) places.TryAdd(filter, new QuerySpan(token.Position, last.Position + last.Length - token.Position));
            else if (token.Kind != QueryTokenKind.Open && filter is AndFilter range)
                foreach (var part in range.Parts) places.TryAdd(part, new QuerySpan(token.Position, last.Position + last.Length - token.Position));
            return filter;
        }

        private EventFilter Test(string? field)
        {
            var token = Current;
            switch (token.Kind)
            {
                case QueryTokenKind.Open:
                    _at++;
                    var inner = Or(field);
                    if (Current.Kind != QueryTokenKind.Close) throw new QueryFaultException(token.Position, token.Length, "this '(' is not closed");
                    _at++;
                    return inner;
                case QueryTokenKind.Field when field is null:
                    _at++;
                    return Value(token.Text);
                case QueryTokenKind.Word or QueryTokenKind.Quoted or QueryTokenKind.Comparison or QueryTokenKind.Range when field is not null:
                    return Value(field);
                case QueryTokenKind.Word or QueryTokenKind.Quoted:
                    _at++;
                    var text = token.Kind == QueryTokenKind.Word ? Plain(token, "a * in a word without a field is not looked for: write field:val*") : token.Text;
                    return new TextFilter(text);
                case QueryTokenKind.End:
                    throw Fault("the query ends where a word or field is expected");
                default:
                    throw Fault($"'{token.Text}' is not expected here");
            }
        }

        private EventFilter Value(string field)
        {
            var token = Current;
            switch (token.Kind)
            {
                case QueryTokenKind.Open:
                    return Primary(field);
                case QueryTokenKind.Quoted:
                    _at++;
                    return EventFilter.Equal(field, token.Text);
                case QueryTokenKind.Range:
                    _at++;
                    return EventFilter.And(
                        token.Text is "*" or "" ? EventFilter.All : new FieldFilter(field, FieldTest.GreaterOrEqual, token.Text),
                        token.Second is "*" or "" ? EventFilter.All : new FieldFilter(field, FieldTest.LessOrEqual, token.Second));
                case QueryTokenKind.Comparison:
                    _at++;
                    if (Current.Kind is not (QueryTokenKind.Word or QueryTokenKind.Quoted)) throw Fault($"a value is expected behind '{token.Text}'");
                    var test = token.Text switch { ">" => FieldTest.Greater, ">=" => FieldTest.GreaterOrEqual, "<" => FieldTest.Less, _ => FieldTest.LessOrEqual };
                    return new FieldFilter(field, test, tokens[_at++].Text);
                case QueryTokenKind.Word:
                    _at++;
                    return Word(field, token);
                default:
                    throw Fault($"a value is expected behind '{field}:'");
            }
        }

        private static EventFilter Word(string field, QueryToken token)
        {
            var text = token.Text;
            if (text == "*") return new FieldFilter(field, FieldTest.Exists, "");
            if (text.Contains('/', StringComparison.Ordinal) && EcsFields.ColumnOf(field)?.Type == ColumnType.Ip)
            {
                if (!IPNetwork.TryParse(text, out _)) throw new QueryFaultException(token.Position, token.Length, "not a network: 10.0.0.0/8, with no bit set behind the prefix");
                return new FieldFilter(field, FieldTest.Cidr, text);
            }
            return HasWildcard(text) ? new FieldFilter(field, FieldTest.Wildcard, text) : EventFilter.Equal(field, Unescape(text));
        }

        private static bool HasWildcard(string text)
        {
            for (var i = 0; i < text.Length; i++)
            {
                if (text[i] == '\\') i++;
                else if (text[i] is '*' or '?') return true;
            }
            return false;
        }

        private static string Plain(QueryToken token, Phrase message) =>
            token.Text.Contains('*', StringComparison.Ordinal) && HasWildcard(token.Text)
                ? throw new QueryFaultException(token.Position, token.Length, message)
                : Unescape(token.Text);

        // "\*" is a star; a backslash before anything else stands for itself, as in C:\Windows.
        private static string Unescape(string text)
        {
            if (!text.Contains('\\', StringComparison.Ordinal)) return text;
            var plain = new System.Text.StringBuilder(text.Length);
            for (var i = 0; i < text.Length; i++)
            {
                if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is '*' or '?' or ':' or '"' or '(' or ')') continue;
                plain.Append(text[i]);
            }
            return plain.ToString();
        }

        private QueryFaultException Fault(Phrase message) => new(Current.Position, Math.Max(1, Current.Length), message);
    }
}
