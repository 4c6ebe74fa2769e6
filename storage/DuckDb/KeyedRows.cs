using Beacon.Events;

namespace Beacon.Storage.DuckDb;

/// <summary>
/// Events with their values of some fields as columns k0, k1 …, and of a measured field as dv: what questions that group are asked of. Where an event has
/// several values it is a row for each combination. Where no event has, which the store looks up first, the fields are read as they stand.
/// </summary>
/// <param name="Several">Some event may have several values of some of the fields.</param>
internal sealed record KeyedRows(IReadOnlyList<string> Fields, string? Measured, bool Several)
{
    /// <summary>Number of events: a row for each value that is measured would count them as often.</summary>
    public string Events => Several && Measured is not null ? "count(w)" : "count(*)";

    public string Keys => string.Join(", ", Fields.Select(static (_, i) => $"k{i}"));

    public IEnumerable<string> NotNull => Fields.Select(static (_, i) => $"k{i} IS NOT NULL");

    /// <summary>The rows, in parentheses. They have id, ts and sequence too, and what else is given.</summary>
    /// <param name="source">The tables.</param>
    /// <param name="where">Condition over them.</param>
    /// <param name="also">Further columns: their SQL and their names.</param>
    public string From(string source, string where, IReadOnlyList<(string Value, string Name)>? also = null)
    {
        string[] kept = ["id", "ts", "sequence", .. (also ?? []).Select(static a => a.Name)];
        string[] given = ["id", "ts", "sequence", .. (also ?? []).Select(static a => $"{a.Value} AS {a.Name}")];
        if (!Several)
        {
            string[] values = [.. Fields.Select(static (f, i) => $"{FieldSql.One(f)} AS k{i}"), .. Measured is null ? (string[])[] : [$"{FieldSql.One(Measured)} AS dv"]];
            return $"(SELECT {List(values, given)} FROM {source} WHERE {where})";
        }
        string[] measured = Measured is null ? [] : ["dl"];
        string[] lists = [.. Fields.Select(static (f, i) => $"{FieldSql.Each(f)} AS l{i}"), .. Measured is null ? (string[])[] : [$"{FieldSql.Each(Measured)} AS dl"]];
        var rows = $"SELECT {List(lists, given)} FROM {source} WHERE {where}";
        // One list after the other: of several in one place the database pairs the values, and does not combine them.
        for (var i = 0; i < Fields.Count; i++)
            rows = $"SELECT {List([.. Enumerable.Range(0, i).Select(static n => $"k{n}"), $"unnest(l{i}) AS k{i}", .. Enumerable.Range(i + 1, Fields.Count - i - 1).Select(static n => $"l{n}"), .. measured], kept)} FROM ({rows})";
        // Here the pairing serves: the event is counted at its first value, or without one.
        if (Measured is not null) rows = $"SELECT {List([.. Fields.Select(static (_, i) => $"k{i}"), "unnest(dl) AS dv", "unnest([1]) AS w"], kept)} FROM ({rows})";
        return $"({rows})";
    }

    private static string List(IEnumerable<string> first, IEnumerable<string> second) => string.Join(", ", first.Concat(second));
}
