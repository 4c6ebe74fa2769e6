using System.Globalization;
using System.Text.Json.Nodes;
using Beacon.Events;
using Beacon.Storage.Elasticsearch.Documents;

namespace Beacon.Storage.Elasticsearch.Queries;

/// <summary>Tests of a column's folded text.</summary>
internal static class TextQuery
{
    public static IReadOnlyList<JsonObject> On(string column, FieldFilter filter)
    {
        var field = $"{column}.{IndexTemplate.Folded}";
        var folded = filter.Value.ToLowerInvariant();
        return filter.Test switch
        {
            FieldTest.Exists => [new JsonObject { ["exists"] = new JsonObject { ["field"] = column } }],
            FieldTest.Equals => [FilterQuery.Term(field, folded)],
            FieldTest.StartsWith => [new JsonObject { ["prefix"] = new JsonObject { [field] = new JsonObject { ["value"] = folded } } }],
            FieldTest.Contains => [Pattern.Query(field, $"*{Pattern.Escape(folded)}*")],
            FieldTest.EndsWith => [Pattern.Query(field, $"*{Pattern.Escape(folded)}")],
            FieldTest.Wildcard => [Pattern.Query(field, Pattern.FromWildcard(folded))],
            // A number compares with what reads as a number, wherever that stands: TermQuery asks for it.
            FieldTest.Less or FieldTest.LessOrEqual or FieldTest.Greater or FieldTest.GreaterOrEqual =>
                IsNumber(filter.Value, out _) ? [] : [FilterQuery.Range(field, Operator(filter.Test), folded)],
            _ => throw new EventQueryException($"'{filter.Field}' can't be compared by '{filter.Test}'"),
        };
    }

    public static bool IsNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    public static string Operator(FieldTest test) => test switch
    {
        FieldTest.Less => "lt", FieldTest.LessOrEqual => "lte", FieldTest.Greater => "gt", _ => "gte",
    };
}
