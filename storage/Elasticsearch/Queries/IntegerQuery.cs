using System.Globalization;
using System.Text.Json.Nodes;
using Beacon.Events;

namespace Beacon.Storage.Elasticsearch.Queries;

/// <summary>Tests of a column of whole numbers.</summary>
internal static class IntegerQuery
{
    public static IReadOnlyList<JsonObject> Equal(string column, FieldFilter filter) =>
        long.TryParse(filter.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n)
            ? [new JsonObject { ["term"] = new JsonObject { [column] = n } }]
            : [];

    /// <summary>Tests of the place of an event's frame in the spool.</summary>
    public static JsonObject Sequence(FieldFilter filter)
    {
        const string field = "beacon.sequence";
        if (filter.Test == FieldTest.Exists) return FilterQuery.Everything;
        if (!long.TryParse(filter.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n)) throw new EventQueryException($"'{filter.Value}' is not a whole number, and '{filter.Field}' holds them");
        return filter.Test switch
        {
            FieldTest.Equals => new JsonObject { ["term"] = new JsonObject { [field] = n } },
            FieldTest.Less or FieldTest.LessOrEqual or FieldTest.Greater or FieldTest.GreaterOrEqual => FilterQuery.Range(field, TermQuery.Operator(filter.Test), n),
            _ => throw new EventQueryException($"'{filter.Field}' can't be compared by '{filter.Test}'"),
        };
    }

    public static JsonObject Compare(string column, FieldFilter filter)
    {
        if (!TermQuery.IsNumber(filter.Value, out var number)) throw new EventQueryException($"'{filter.Value}' is not a number, and '{filter.Field}' holds numbers");
        // The whole number nearest within the span: the server would have to guess what half a number means.
        var bound = filter.Test switch
        {
            FieldTest.Less or FieldTest.GreaterOrEqual => Math.Ceiling(number),
            _ => Math.Floor(number),
        };
        var above = filter.Test is FieldTest.Greater or FieldTest.GreaterOrEqual;
        if (bound >= 9.2233720368547758e18) return above ? FilterQuery.None : FilterQuery.Exists(column);
        if (bound < -9.2233720368547758e18) return above ? FilterQuery.Exists(column) : FilterQuery.None;
        return FilterQuery.Range(column, TermQuery.Operator(filter.Test), (long)bound);
    }
}
