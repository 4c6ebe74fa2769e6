namespace Beacon.Storage.DuckDb;

/// <summary>
/// The members of "rest" that a condition asks for. They are taken out of the JSON together, once for a row, and stand in a list named m
/// around the condition.
/// </summary>
internal sealed class JsonMembers
{
    private readonly List<string> _fields = [];

    public bool IsEmpty => _fields.Count == 0;

    /// <summary>True where a value of the field passes a test of "v".</summary>
    public string AnyValue(string json, string field, string test)
    {
        System.Diagnostics.Debug.Assert(json == "rest");
        var place = _fields.IndexOf(field);
        if (place < 0)
        {
            place = _fields.Count;
            _fields.Add(field);
        }
        return $"len(list_filter({Values($"m[{place + 1}]")}, lambda v: {test})) > 0";
    }

    /// <summary>The values of a JSON member, one or several, as a list of texts; no member gives no value.</summary>
    public static string Values(string member) =>
        $"CASE WHEN {member} IS NULL THEN [] WHEN starts_with({member}::VARCHAR, '[') THEN json_extract_string({member}, '$[*]') ELSE [json_extract_string({member}, '$')] END";

    public string Around(string condition)
    {
        var present = string.Join(" OR ", _fields.Select(static f => $"contains(rest, {Sql.MemberMark(f)})"));
        var paths = string.Join(", ", _fields.Select(Sql.Pointer));
        return $"len(list_filter([CASE WHEN {present} THEN json_extract(rest, [{paths}]) END], lambda m: {condition})) > 0";
    }
}
