using System.Text;
using Beacon.Events;

namespace Beacon.Storage.DuckDb;

/// <summary>
/// A cheap test of the JSON text for filters of its members: it holds wherever the filter does, so that most rows need not be parsed. A value stands there as it
/// is read, but for letters beyond ASCII, which may be escaped, and numbers, which may be read otherwise (1e3): such texts give no hint.
/// </summary>
internal static class JsonHints
{
    /// <summary>Texts looked for; more take longer than what they save.</summary>
    private const int MaxTexts = 8;

    private const int MinLength = 3;

    /// <param name="filter">Of members of "rest", where it can be told apart.</param>
    /// <returns>SQL over "rest", or null where nothing can be said.</returns>
    public static string? Of(EventFilter filter)
    {
        var texts = 0;
        var hint = Compile(filter, ref texts);
        return texts <= MaxTexts ? hint : null;
    }

    private static string? Compile(EventFilter filter, ref int texts)
    {
        switch (filter)
        {
            case AndFilter and:
                // One part is enough, and the one with the longest text says most.
                return and.Parts.OfType<FieldFilter>().Select(Text).OfType<string>().MaxBy(static t => t.Length) is { } best ? Contains(best, ref texts) : FirstHint(and.Parts, ref texts);
            case OrFilter or:
                var any = new List<string>();
                foreach (var part in or.Parts)
                {
                    if (texts > MaxTexts || Compile(part, ref texts) is not { } hint) return null;
                    any.Add(hint);
                }
                return any.Count == 0 ? null : "(" + string.Join(" OR ", any) + ")";
            case FieldFilter field when Text(field) is { } text: return Contains(text, ref texts);
            default: return null;
        }
    }

    private static string? FirstHint(IReadOnlyList<EventFilter> parts, ref int texts)
    {
        foreach (var part in parts)
        {
            var before = texts;
            if (Compile(part, ref texts) is { } hint && texts <= MaxTexts) return hint;
            texts = before;
        }
        return null;
    }

    private static string Contains(string text, ref int texts)
    {
        texts++;
        var run = Folding.Caseless(text);
        // Escapes have letters: as they are written in the text itself, in lower case in the folded one.
        return $"({(run is null ? "" : $"contains(rest, {Sql.Text(Sql.Json(run)[1..^1])}) AND ")}contains(lower(rest), {Sql.Text(Sql.Json(text)[1..^1].ToLowerInvariant())}))";
    }

    /// <summary>A folded text that stands in every value which passes.</summary>
    private static string? Text(FieldFilter filter)
    {
        if (!FilterSql.IsInRest(filter.Field)) return null;
        var text = filter.Test switch
        {
            FieldTest.Equals or FieldTest.Contains or FieldTest.StartsWith or FieldTest.EndsWith => filter.Value,
            FieldTest.Wildcard => LongestPiece(filter.Value),
            _ => "",
        };
        var folded = Folding.Of(text);
        return folded.Length >= MinLength && Ascii.IsValid(folded) && !folded.All(static c => char.IsAsciiDigit(c) || c is '.' or '-' or '+' or 'e') ? folded : null;
    }

    private static string LongestPiece(string wildcard)
    {
        var (best, piece) = ("", new StringBuilder());
        for (var i = 0; i <= wildcard.Length; i++)
        {
            if (i == wildcard.Length || wildcard[i] is '*' or '?')
            {
                if (piece.Length > best.Length) best = piece.ToString();
                piece.Clear();
            }
            else if (wildcard[i] == '\\' && i + 1 < wildcard.Length && wildcard[i + 1] is '*' or '?' or '\\') piece.Append(wildcard[++i]);
            else piece.Append(wildcard[i]);
        }
        return best;
    }
}
