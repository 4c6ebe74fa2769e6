using System.Text.Json.Nodes;
using Beacon.Events;
using Beacon.Storage.Elasticsearch.Documents;

namespace Beacon.Storage.Elasticsearch.Queries;

/// <summary>
/// Tests of a field within "rest" (fields without a column, columns with several values or with one that does not fit, and indices made before a
/// column was declared), within "numbers", and within the pieces of long values.
/// </summary>
internal static class TermQuery
{
    public const string Rest = "folded.rest";

    public static IReadOnlyList<JsonObject> On(FieldFilter filter)
    {
        var folded = filter.Value.ToLowerInvariant();
        var name = FieldTerm.Prefix(filter.Field);
        var pattern = Pattern.Escape(name);
        return filter.Test switch
        {
            FieldTest.Exists => [Prefix(Rest, name), .. LongText.On(filter)],
            FieldTest.Equals => [FilterQuery.Term(Rest, name + folded), .. LongText.On(filter)],
            FieldTest.StartsWith => [Prefix(Rest, name + folded), .. LongText.On(filter)],
            FieldTest.Contains => [Pattern.Query(Rest, $"{pattern}*{Pattern.Escape(folded)}*"), .. LongText.On(filter)],
            FieldTest.EndsWith => [Pattern.Query(Rest, $"{pattern}*{Pattern.Escape(folded)}"), .. LongText.On(filter)],
            FieldTest.Wildcard => [Pattern.Query(Rest, pattern + Pattern.FromWildcard(folded)), .. LongText.On(filter)],
            FieldTest.Less or FieldTest.LessOrEqual or FieldTest.Greater or FieldTest.GreaterOrEqual => [Compare(filter, name, folded)],
            _ => throw new EventQueryException($"'{filter.Field}' can't be compared by '{filter.Test}'"),
        };
    }

    public static JsonObject Prefix(string field, string value) => new() { ["prefix"] = new JsonObject { [field] = new JsonObject { ["value"] = value } } };

    private static JsonObject Compare(FieldFilter filter, string name, string folded)
    {
        var (field, value) = TextQuery.IsNumber(filter.Value, out var number) ? ("numbers", SortableNumber.ToText(number)) : (Rest, folded);
        var bounds = new JsonObject { [TextQuery.Operator(filter.Test)] = name + value };
        // The other side is where the field's terms begin or end: '>' is the byte after '='.
        if (filter.Test is FieldTest.Less or FieldTest.LessOrEqual) bounds["gte"] = name;
        else bounds["lt"] = name[..^1] + ">";
        return new JsonObject { ["range"] = new JsonObject { [field] = bounds } };
    }
}
