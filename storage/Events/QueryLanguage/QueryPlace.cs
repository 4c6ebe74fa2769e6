namespace Beacon.Events.QueryLanguage;

/// <summary>What stands at the caret of a query that is being typed.</summary>
/// <param name="Field">The field whose value is typed; null where a field or a word is.</param>
/// <param name="Typed">What stands before the caret of it, quotes left out.</param>
/// <param name="Start">First character of what a completion takes the place of.</param>
/// <param name="Length">Characters of it, those behind the caret included.</param>
public sealed record QueryPlace(string? Field, string Typed, int Start, int Length)
{
    /// <summary>Reads a text up to the caret, be it a whole query or not. Never fails.</summary>
    public static QueryPlace At(string text, int caret)
    {
        caret = Math.Clamp(caret, 0, Math.Min(text.Length, EventQueryText.MaxLength));
        string? field = null;
        var groups = new Stack<string?>();
        var at = 0;
        while (at < caret)
        {
            var c = text[at];
            if (char.IsWhiteSpace(c) || (field is null && c is '-' or '!'))
            {
                at++;
            }
            else if (c == '(')
            {
                groups.Push(field ?? (groups.Count > 0 ? groups.Peek() : null));
                field = null;
                at++;
            }
            else if (c == ')')
            {
                if (groups.Count > 0) groups.Pop();
                field = null;
                at++;
            }
            else if (c == '"')
            {
                var end = Closing(text, at);
                if (end < 0 || end >= caret) return new QueryPlace(field ?? Group(groups), text[(at + 1)..caret], at, (end < 0 ? text.Length : end + 1) - at);
                var named = field is null && Group(groups) is null && end > at + 1 && end + 1 < text.Length && text[end + 1] == ':';
                field = named ? text[(at + 1)..end] : null;
                at = named ? end + 2 : end + 1;
            }
            else
            {
                var end = at;
                while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] is not ('(' or ')' or '"'))
                {
                    if (text[end] == ':' && field is null && Group(groups) is null && end > at && QueryLexer.IsFieldName(text.AsSpan(at, end - at))) break;
                    end += text[end] == '\\' && end + 1 < text.Length ? 2 : 1;
                }
                if (end >= caret) return new QueryPlace(field ?? Group(groups), text[at..caret], at, end - at);
                if (text[end] == ':')
                {
                    field = text[at..end];
                    end++;
                }
                else field = null;
                at = end;
            }
        }
        return new QueryPlace(field ?? Group(groups), "", caret, 0);
    }

    private static string? Group(Stack<string?> groups) => groups.Count > 0 ? groups.Peek() : null;

    private static int Closing(string text, int quote)
    {
        for (var i = quote + 1; i < text.Length; i++)
        {
            if (text[i] == '"') return i;
            if (text[i] != '\\') continue;
            var run = 1;
            while (i + run < text.Length && text[i + run] == '\\') run++;
            i += run - 1;
            if (run % 2 == 1 && i + 1 < text.Length && text[i + 1] == '"') i++;
        }
        return -1;
    }
}
