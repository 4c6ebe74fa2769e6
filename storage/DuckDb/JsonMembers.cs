namespace Beacon.Storage.DuckDb;

/// <summary>
/// The members of "rest" that a condition asks for. They are taken out of the JSON and folded together, once for a row, and stand in a list
/// named m around the condition.
/// </summary>
/// <param name="isAbsent">No member is there: no test of a value holds.</param>
internal sealed class JsonMembers(bool isAbsent = false)
{
    private readonly List<string> _fields = [];

    public bool IsEmpty => _fields.Count == 0;

    /// <summary>True where a value of the field passes a test of "v", which is the value folded, or NULL.</summary>
    public string AnyValue(string field, string test)
    {
        if (isAbsent) return "false";
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

    /// <summary>The condition with the list in it. Most rows have none of the members, or not the text that is looked for: of these nothing is parsed.</summary>
    /// <param name="whereAbsent">The same condition for rows without any of the members.</param>
    /// <param name="hint">Holds wherever the condition does and a member is there; null where nothing is known.</param>
    public string Around(string condition, string whereAbsent, string? hint)
    {
        var present = string.Join(" OR ", _fields.Select(static f => $"contains(rest, {Sql.MemberMark(f)})"));
        var paths = string.Join(", ", _fields.Select(Sql.Pointer));
        var values = $"list_transform(json_extract(rest, [{paths}]), lambda j: list_transform({Values("j")}, lambda x: {Folding.Whole("x")}))";
        var parsed = $"len(list_filter([{values}], lambda m: {condition})) > 0";
        return $"CASE WHEN {present} THEN {(hint is null ? parsed : $"CASE WHEN {hint} THEN {parsed} ELSE false END")} ELSE {whereAbsent} END";
    }
}
