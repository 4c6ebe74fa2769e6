namespace Beacon.Storage.DuckDb;

/// <summary>
/// The members of "rest" that a condition asks for. They are taken out of the JSON and folded together, once for a row, and stand in a list
/// named m around the condition.
/// </summary>
internal sealed class JsonMembers
{
    private readonly List<string> _fields = [];

    public bool IsEmpty => _fields.Count == 0;

    /// <summary>True where a value of the field passes a test of "v", which is the value folded, or NULL.</summary>
    public string AnyValue(string field, string test)
    {
        var place = _fields.IndexOf(field);
        if (place < 0)
        {
            place = _fields.Count;
            _fields.Add(field);
        }
        return $"len(list_filter(m[{place + 1}], lambda v: {test})) > 0";
    }

    /// <summary>The values of a JSON member, one or several, as a list of texts; no member gives no value.</summary>
    public static string Values(string member) =>
        $"CASE WHEN {member} IS NULL THEN [] WHEN starts_with({member}::VARCHAR, '[') THEN json_extract_string({member}, '$[*]') ELSE [json_extract_string({member}, '$')] END";

    public string Around(string condition)
    {
        var present = string.Join(" OR ", _fields.Select(static f => $"contains(rest, {Sql.MemberMark(f)})"));
        var paths = string.Join(", ", _fields.Select(Sql.Pointer));
        var values = $"list_transform(json_extract(rest, [{paths}]), lambda j: list_transform({Values("j")}, lambda x: {Folding.Whole("x")}))";
        return $"len(list_filter([CASE WHEN {present} THEN {values} END], lambda m: {condition})) > 0";
    }
}
