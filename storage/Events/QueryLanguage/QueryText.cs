using System.Text;

namespace Beacon.Events.QueryLanguage;

/// <summary>Writes parts of queries, so that they mean what they were written from.</summary>
public static class QueryText
{
    /// <summary>A field's name and the colon.</summary>
    public static string Field(string name) => (name.Length > 0 && QueryLexer.IsFieldName(name) && !IsWord(name) && name[0] != '-' ? name : Quote(name)) + ":";

    /// <summary>A value that is looked for as it is: its wildcards are characters.</summary>
    public static string Value(string value) => IsPlain(value) ? value : Quote(value);

    /// <summary>Words that are looked for as they are, in whatever field.</summary>
    public static string Words(string words) => Quote(words);

    /// <summary>The query narrowed to events with this value, or to those without it.</summary>
    public static string With(string query, string field, string value, bool include)
    {
        var test = (include ? "" : "NOT ") + Field(field) + Value(value);
        if (string.IsNullOrWhiteSpace(query)) return test;
        var apart = !EventQueryText.TryParse(query, out var filter, out _) || filter is OrFilter;
        return (apart ? $"({query.Trim()})" : query.Trim()) + " " + test;
    }

    private static bool IsPlain(string value)
    {
        if (value.Length == 0 || !char.IsAsciiLetterOrDigit(value[0])) return false;
        foreach (var c in value) if (!(char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '@' or '-' or ':')) return false;
        return true;
    }

    private static bool IsWord(string name) => name is "AND" or "OR" or "NOT" or "and" or "or" or "not";

    private static string Quote(string value)
    {
        var text = new StringBuilder(value.Length + 8).Append('"');
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '"') text.Append('\\');
            text.Append(value[i]);
            if (value[i] != '\\') continue;
            var run = 1;
            while (i + run < value.Length && value[i + run] == '\\') run++;
            var atQuote = i + run == value.Length || value[i + run] == '"';
            text.Append('\\', atQuote ? run * 2 - 1 : run - 1);
            i += run - 1;
        }
        return text.Append('"').ToString();
    }
}
