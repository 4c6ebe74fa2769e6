using Beacon.Events;

namespace Beacon.Storage.DuckDb;

/// <summary>A field's values as SQL, for counting: as they were written, as text.</summary>
internal static class FieldSql
{
    /// <summary>The value of a field that has no more than one in any row that is asked.</summary>
    /// <exception cref="EventQueryException">Its values differ in every event.</exception>
    public static string One(string field) => field switch
    {
        EventTable.SourceField => "source",
        "@timestamp" or "event.ingested" or "event.id" => throw new EventQueryException($"'{field}' differs in every event: it can't be grouped by"),
        _ when EcsFields.ColumnOf(field) is { } c => c.Type == ColumnType.Integer ? $"{Sql.Name(c.Name)}::VARCHAR" : Sql.Name(c.Name),
        _ => $"CASE WHEN contains(rest, {Sql.MemberMark(field)}) THEN json_extract_string(rest, {Sql.Pointer(field)}) END",
    };

    /// <summary>The different values of a field, as a list; no value gives an empty one.</summary>
    /// <exception cref="EventQueryException">Its values differ in every event.</exception>
    public static string Each(string field)
    {
        if (field == EventTable.SourceField) return "[source]";
        var one = One(field);
        var json = EcsFields.ColumnOf(field) is null ? "rest" : "multi";
        var listed = $"list_distinct({JsonMembers.Values($"json_extract({json}, {Sql.Pointer(field)})")})";
        return json == "rest"
            ? $"CASE WHEN contains(rest, {Sql.MemberMark(field)}) THEN {listed} ELSE [] END"
            : $"CASE WHEN multi IS NOT NULL AND {Irregular(field)} THEN {listed} WHEN {one} IS NULL THEN [] ELSE [{one}] END";
    }

    /// <summary>Where a column's field has several values, or one that the column does not take.</summary>
    public static string Irregular(string field) => $"contains(multi, {Sql.MemberMark(field)})";
}
