using System.Text;
using System.Text.Json.Nodes;
using Beacon.Events;
using Beacon.Storage.Elasticsearch.Documents;

namespace Beacon.Storage.Elasticsearch.Queries;

/// <summary>Tests of values that are longer than a term, by their overlapping pieces: see <see cref="LongValue"/>.</summary>
internal static class LongText
{
    public const string Pieces = "pieces";

    /// <summary>Whether a text stands whole in one piece wherever it stands.</summary>
    public static bool Fits(string text) => Encoding.UTF8.GetByteCount(text) <= LongValue.Overlap - 8;

    /// <exception cref="EventQueryException">A pattern that pieces can't answer.</exception>
    public static IReadOnlyList<JsonObject> On(FieldFilter filter)
    {
        var folded = FoldedText.Of(filter.Value);
        if (filter.Test == FieldTest.Exists) return [TermQuery.Prefix(Pieces, FieldTerm.Prefix(filter.Field, FieldTerm.Hash))];
        if (filter.Test == FieldTest.Equals)
            return folded.Length * 3 > LongValue.MostBytes ? [FilterQuery.Term(Pieces, FieldTerm.Prefix(filter.Field, FieldTerm.Hash) + LongValue.HashOf(folded))] : [];
        if (!Fits(folded)) throw new EventQueryException($"a text to be searched for within a field has at most {LongValue.Overlap - 8:N0} bytes in this store");
        return filter.Test switch
        {
            FieldTest.StartsWith => [TermQuery.Prefix(Pieces, FieldTerm.Prefix(filter.Field, FieldTerm.Head) + folded)],
            FieldTest.EndsWith => [Pattern.Query(Pieces, $"{Name(filter, FieldTerm.Tail)}*{Pattern.Escape(folded)}")],
            FieldTest.Contains => [Pattern.Query(Pieces, $"{Name(filter, FieldTerm.Value)}*{Pattern.Escape(folded)}*")],
            FieldTest.Wildcard => Wildcard(filter, Pattern.FromWildcard(folded)),
            _ => [],
        };
    }

    /// <summary>With '*' at its ends only, a pattern lies within one piece; with one in the middle, its start lies in the first and its end in the last.</summary>
    private static List<JsonObject> Wildcard(FieldFilter filter, string pattern)
    {
        var parts = Split(pattern);
        // Without '*' it matches texts of its own length only, and none of those is long.
        if (parts.Count == 1) return [];
        var all = new List<JsonObject>();
        if (parts[0].Length > 0) all.Add(Pattern.Query(Pieces, $"{Name(filter, FieldTerm.Head)}{parts[0]}*"));
        if (parts[^1].Length > 0) all.Add(Pattern.Query(Pieces, $"{Name(filter, FieldTerm.Tail)}*{parts[^1]}"));
        var inner = parts.Skip(1).Take(parts.Count - 2).Where(p => p.Length > 0).ToList();
        // Several inner parts would have to stand in order: one piece that holds them all is certain, spread over pieces they are not found.
        if (inner.Count > 0) all.Add(Pattern.Query(Pieces, $"{Name(filter, FieldTerm.Value)}*{string.Join('*', inner)}*"));
        if (all.Count == 0) return [TermQuery.Prefix(Pieces, FieldTerm.Prefix(filter.Field, FieldTerm.Hash))];
        return all.Count == 1 ? all : [new JsonObject { ["bool"] = new JsonObject { ["filter"] = new JsonArray([.. all]) } }];
    }

    private static List<string> Split(string pattern)
    {
        var parts = new List<string>();
        var from = 0;
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\') i++;
            else if (pattern[i] == '*')
            {
                parts.Add(pattern[from..i]);
                from = i + 1;
            }
        }
        parts.Add(pattern[from..]);
        return parts;
    }

    private static string Name(FieldFilter filter, byte separator) => Pattern.Escape(FieldTerm.Prefix(filter.Field, separator));
}
