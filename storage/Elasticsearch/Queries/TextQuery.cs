using System.Globalization;
using System.Text.Json.Nodes;
using Beacon.Events;
using Beacon.Storage.Elasticsearch.Documents;

namespace Beacon.Storage.Elasticsearch.Queries;

/// <summary>Tests of a column's folded text.</summary>
internal static class TextQuery
{
    public static IReadOnlyList<JsonObject> On(EventColumn column, FieldFilter filter)
    {
        var folded = filter.Value.ToLowerInvariant();
        return filter.Test switch
        {
            FieldTest.Exists => [FilterQuery.Exists(column.ValueField)],
            FieldTest.Equals => Each(column, f => FilterQuery.Term(f, folded)),
            FieldTest.StartsWith => Each(column, f => TermQuery.Prefix(f, folded)),
            FieldTest.Contains => Each(column, f => Pattern.Query(f, $"*{Pattern.Escape(folded)}*")),
            FieldTest.EndsWith => Each(column, f => Pattern.Query(f, $"*{Pattern.Escape(folded)}")),
            FieldTest.Wildcard => Each(column, f => Pattern.Query(f, Pattern.FromWildcard(folded))),
            // A number compares with what reads as a number, wherever that stands: TermQuery asks for it.
            FieldTest.Less or FieldTest.LessOrEqual or FieldTest.Greater or FieldTest.GreaterOrEqual => IsNumber(filter.Value, out _) ? [] : Compare(column, filter.Test, folded),
            _ => throw new EventQueryException($"'{filter.Field}' can't be compared by '{filter.Test}'"),
        };
    }

    // A text with upper case in it stands in both fields. Where it passes one of these tests as it is, its folded form does too: the folded value holds none.
    private static IReadOnlyList<JsonObject> Each(EventColumn column, Func<string, JsonObject> test) => [.. column.SearchFields.Select(test)];

    /// <summary>Order, unlike the other tests, may hold for the text as it is written and not for its folded form: that counts only where there is no other.</summary>
    private static IReadOnlyList<JsonObject> Compare(EventColumn column, FieldTest test, string folded)
    {
        var inFolded = FilterQuery.Range(column.FoldedField, Operator(test), folded);
        if (column.IsLong) return [inFolded];
        var same = new JsonObject { ["bool"] = new JsonObject { ["filter"] = FilterQuery.Range(column.Name, Operator(test), folded), ["must_not"] = FilterQuery.Exists(column.FoldedField) } };
        return [inFolded, same];
    }

    public static bool IsNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    public static string Operator(FieldTest test) => test switch
    {
        FieldTest.Less => "lt", FieldTest.LessOrEqual => "lte", FieldTest.Greater => "gt", _ => "gte",
    };
}
