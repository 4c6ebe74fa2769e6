using System.Globalization;
using System.Text.Json.Nodes;
using Beacon.Events;
using Beacon.Storage.Elasticsearch.Documents;

namespace Beacon.Storage.Elasticsearch.Queries;

/// <summary>
/// Tests of a field's folded text within "fields", where every value of every field stands as "name=value"; within "numbers", and within the pieces of
/// long values. An index that was made before a column was declared has it there too.
/// </summary>
internal static class TermQuery
{
    public const string Fields = "fields";

    /// <param name="field">Where its terms stand.</param>
    public static IReadOnlyList<JsonObject> On(FieldFilter filter, string field = Fields)
    {
        var folded = FoldedText.Of(filter.Value);
        var name = FieldTerm.Prefix(filter.Field);
        var pattern = Pattern.Escape(name);
        return filter.Test switch
        {
            FieldTest.Exists => [Prefix(field, name), .. LongText.On(filter)],
            // What is longer than any term would only be refused.
            FieldTest.Equals => [.. folded.Length > 2 * LongValue.MostBytes ? (JsonObject[])[] : [FilterQuery.Term(field, name + folded)], .. LongText.On(filter)],
            FieldTest.StartsWith => [Prefix(field, name + folded), .. LongText.On(filter)],
            FieldTest.Contains => [Pattern.Query(field, $"{pattern}*{Pattern.Escape(folded)}*"), .. LongText.On(filter)],
            FieldTest.EndsWith => [Pattern.Query(field, $"{pattern}*{Pattern.Escape(folded)}"), .. LongText.On(filter)],
            FieldTest.Wildcard => [Pattern.Query(field, pattern + Pattern.FromWildcard(folded)), .. LongText.On(filter)],
            FieldTest.Less or FieldTest.LessOrEqual or FieldTest.Greater or FieldTest.GreaterOrEqual => [Compare(filter, field, name, folded)],
            _ => throw new EventQueryException($"'{filter.Field}' can't be compared by '{filter.Test}'"),
        };
    }

    public static bool IsNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    public static string Operator(FieldTest test) => test switch
    {
        FieldTest.Less => "lt", FieldTest.LessOrEqual => "lte", FieldTest.Greater => "gt", _ => "gte",
    };

    public static JsonObject Prefix(string field, string value) => new() { ["prefix"] = new JsonObject { [field] = new JsonObject { ["value"] = value } } };

    private static JsonObject Compare(FieldFilter filter, string text, string name, string folded)
    {
        var (field, value) = IsNumber(filter.Value, out var number) ? ("numbers", SortableNumber.ToText(number)) : (text, folded);
        var bounds = new JsonObject { [Operator(filter.Test)] = name + value };
        // The other side is where the field's terms begin or end: '>' is the byte after '='.
        if (filter.Test is FieldTest.Less or FieldTest.LessOrEqual) bounds["gte"] = name;
        else bounds["lt"] = name[..^1] + ">";
        return new JsonObject { ["range"] = new JsonObject { [field] = bounds } };
    }
}
