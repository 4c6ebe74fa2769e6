using System.IO.Enumeration;
using System.Text;
using Beacon.Events;

namespace Beacon.Storage.DuckDb;

/// <summary>Conditions that ask no field by name: a text anywhere, and names of fields.</summary>
internal static class AnywhereSql
{
    public static string Named(string pattern)
    {
        var any = new List<string>();
        foreach (var column in EcsFields.Columns)
            if (FileSystemName.MatchesSimpleExpression(Escaped(pattern), column.Name, ignoreCase: false)) any.Add($"{Sql.Name(column.Name)} IS NOT NULL");
        // What stands before the first wildcard is looked for in the text before its names are read.
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        foreach (var json in new[] { "rest", "multi" })
        {
            if (star < 0)
            {
                // A field stands in one of the two: "multi" is for those with a column.
                if ((json == "multi") == EcsFields.ColumnOf(pattern) is not null) any.Add($"contains({json}, {Sql.MemberMark(pattern)})");
            }
            else
            {
                var start = Sql.Text('"' + Sql.Json(pattern[..star])[1..^1]);
                var like = string.Join('%', pattern.Split('*').Select(static p => p.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)));
                var spaced = json == "rest" && pattern.Contains(' ', StringComparison.Ordinal) ? "NOT spaced OR " : "";
                any.Add($"CASE WHEN {spaced}{json} IS NULL OR NOT contains({json}, {start}) THEN false ELSE len(list_filter(json_keys({json}), lambda k: k LIKE {Sql.Text(like)} ESCAPE '\\')) > 0 END");
            }
        }
        return "(" + string.Join(" OR ", any) + ")";
    }

    private static string Escaped(string pattern) => pattern.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("?", "\\?", StringComparison.Ordinal);

    public static string Of(string text)
    {
        if (text.Length == 0) return "true";
        var folded = Folding.Of(text);
        static string Contains(string value, string pattern) => $"contains({value}, {Sql.Text(pattern)})";
        var any = new List<string>();
        foreach (var column in EcsFields.Columns)
        {
            var name = Sql.Name(column.Name);
            if (column.Type == ColumnType.Text) any.Add(Folding.TestWithin(name, folded, Contains));
            else if (column.Type == ColumnType.Ip) any.Add(Contains(name, folded));
            else if (folded.All(static c => char.IsAsciiDigit(c) || c == '-')) any.Add(Contains(name + "::VARCHAR", folded));
        }
        // As it stands in the JSON text: a cheap test before values are read. Letters beyond ASCII may be escaped there, so that it tells nothing of them.
        var inJson = Ascii.IsValid(folded) ? Sql.Text(Sql.Json(folded)[1..^1].ToLowerInvariant()) : null;
        var run = inJson is null || Folding.Caseless(folded) is not { } caseless ? null : Sql.Text(Sql.Json(caseless)[1..^1]);
        foreach (var json in new[] { "rest", "multi" })
        {
            var absent = $"{json} IS NULL{(run is null ? "" : $" OR NOT contains({json}, {run})")}{(inJson is null ? "" : $" OR NOT contains(lower({json}), {inJson})")}";
            var inValue = $"len(list_filter({JsonMembers.Values("j")}, lambda v: {Folding.Test("v", folded, Contains)})) > 0";
            any.Add($"CASE WHEN {absent} THEN false ELSE len(list_filter(json_extract({json}, '$.*'), lambda j: {inValue})) > 0 END");
        }
        return "(" + string.Join(" OR ", any) + ")";
    }
}
