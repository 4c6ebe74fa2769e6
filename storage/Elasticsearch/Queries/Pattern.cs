using System.Text;
using System.Text.Json.Nodes;

namespace Beacon.Storage.Elasticsearch.Queries;

/// <summary>Wildcard patterns as the server has them: '*', '?', and '\' before either and before itself.</summary>
internal static class Pattern
{
    /// <summary>UTF-16 units of a pattern at most: a longer one would cost the server more than it says.</summary>
    private const int Longest = 20_000;

    public static JsonObject Query(string field, string pattern)
    {
        if (pattern.Length > Longest) throw new Events.EventQueryException($"a text to be searched for has at most {Longest:N0} characters");
        return new() { ["wildcard"] = new JsonObject { [field] = new JsonObject { ["value"] = pattern } } };
    }

    /// <summary>The text as a pattern that matches it alone.</summary>
    public static string Escape(string text)
    {
        if (text.AsSpan().IndexOfAny('*', '?', '\\') < 0) return text;
        var escaped = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            if (c is '*' or '?' or '\\') escaped.Append('\\');
            escaped.Append(c);
        }
        return escaped.ToString();
    }

    /// <summary>A pattern of <see cref="Events.FieldTest.Wildcard"/>, in which '\' before any other character stands for itself.</summary>
    public static string FromWildcard(string pattern)
    {
        var made = new StringBuilder(pattern.Length + 8);
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length && pattern[i + 1] is '*' or '?' or '\\') made.Append('\\').Append(pattern[++i]);
            else if (c == '\\') made.Append("\\\\");
            else made.Append(c);
        }
        return made.ToString();
    }
}
