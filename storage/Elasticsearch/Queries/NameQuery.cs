using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Beacon.Storage.Elasticsearch.Documents;

namespace Beacon.Storage.Elasticsearch.Queries;

/// <summary>Which events carry a field of a name, be its value null: by the beginnings of terms, of which the name is one.</summary>
internal static class NameQuery
{
    public static JsonObject Of(string pattern)
    {
        var parts = pattern.Split('*');
        var columns = new Regex($"^{string.Join(".*", parts.Select(Regex.Escape))}$", RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.CultureInvariant);
        var any = EventColumn.All.Where(c => columns.IsMatch(c.Name)).Select(c => FilterQuery.Counted(c)).ToList();
        // Names are not folded, and no '=' or '#' stands within one.
        var name = string.Join("[^=#]*", parts.Select(static p => Literal(FieldTerm.Prefix(p)[..^1])));
        foreach (var (field, separator) in new[] { (TermQuery.Fields, '='), ("nulls", '='), (LongText.Pieces, '#') })
            any.Add(parts.Length == 1
                ? TermQuery.Prefix(field, FieldTerm.Prefix(pattern, (byte)separator))
                : new JsonObject { ["regexp"] = new JsonObject { [field] = new JsonObject { ["value"] = $"{name}{Literal(separator.ToString())}.*" } } });
        return FilterQuery.Any(any);
    }

    /// <summary>Text as it stands in a regular expression of Lucene, in which any character may be escaped.</summary>
    private static string Literal(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            if (!char.IsLetterOrDigit(c)) escaped.Append('\\');
            escaped.Append(c);
        }
        return escaped.ToString();
    }
}
