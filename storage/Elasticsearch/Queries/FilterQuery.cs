using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Beacon.Events;
using Beacon.Storage.Elasticsearch.Documents;

namespace Beacon.Storage.Elasticsearch.Queries;

/// <summary>An <see cref="EventFilter"/> in the server's query language. Values are JSON strings, never parts of an expression.</summary>
internal static class FilterQuery
{
    public const int MaxDepth = 64;
    public const int MaxConditions = 1_000;

    /// <summary>All that a question about events is asked of: those committed, those within the range, those that pass the filter.</summary>
    public static JsonObject Create(EventFilter filter, TimeRange? range, long committed, IEnumerable<JsonObject>? also = null)
    {
        var must = new JsonArray { Range("beacon.sequence", "lte", committed) };
        if (range is { } span) TimeQuery.Add(must, span);
        foreach (var condition in also ?? []) must.Add(condition);
        if (filter is not AllFilter) must.Add(Of(filter));
        return new JsonObject { ["bool"] = new JsonObject { ["filter"] = must } };
    }

    /// <summary>The filter alone.</summary>
    public static JsonObject Of(EventFilter filter)
    {
        var count = 0;
        return filter is AllFilter ? Everything : Compile(filter, 0, ref count);
    }

    public static JsonObject Term(string field, string value) => new() { ["term"] = new JsonObject { [field] = new JsonObject { ["value"] = value } } };
    public static JsonObject Range(string field, string test, JsonNode value) => new() { ["range"] = new JsonObject { [field] = new JsonObject { [test] = value } } };
    public static JsonObject Exists(string field) => new() { ["exists"] = new JsonObject { ["field"] = field } };
    public static JsonObject None => new() { ["match_none"] = new JsonObject() };
    public static JsonObject Everything => new() { ["match_all"] = new JsonObject() };

    public static JsonObject Any(params IReadOnlyList<JsonObject> parts) => parts.Count switch
    {
        0 => None,
        1 => parts[0],
        _ => new JsonObject { ["bool"] = new JsonObject { ["should"] = new JsonArray([.. parts]), ["minimum_should_match"] = 1 } },
    };

    /// <summary>Events that have a value of the field.</summary>
    public static JsonObject Has(string name) => Field(new FieldFilter(name, FieldTest.Exists, ""));

    /// <summary>Events with a value in a column's own field. What the server does not count is named beside the source; in indices of before it counted it.</summary>
    public static JsonObject Counted(EventColumn column) =>
        column.IsCounted ? Exists(column.ValueField) : Any(Exists(column.ValueField), Term("beacon.search", FieldTerm.Prefix("has") + column.Name));

    private static JsonObject Compile(EventFilter filter, int depth, ref int count)
    {
        if (depth > MaxDepth) throw new EventQueryException($"the query is nested deeper than {MaxDepth}");
        if (++count > MaxConditions) throw new EventQueryException($"the query has more than {MaxConditions} conditions");
        switch (filter)
        {
            case AllFilter: return Everything;
            case AndFilter and: return new JsonObject { ["bool"] = new JsonObject { ["filter"] = new JsonArray([.. Parts(and.Parts, depth, ref count)]) } };
            case OrFilter or: return Any([.. Parts(or.Parts, depth, ref count)]);
            case NotFilter not: return new JsonObject { ["bool"] = new JsonObject { ["must_not"] = Compile(not.Part, depth + 1, ref count) } };
            case TextFilter text: return Anywhere(text.Text);
            case FieldNameFilter name: return NameQuery.Of(name.Pattern);
            case FieldFilter field: return Field(field);
            default: throw new EventQueryException($"a filter of kind {filter.GetType().Name} is not known to this store");
        }
    }

    private static List<JsonObject> Parts(IReadOnlyList<EventFilter> parts, int depth, ref int count)
    {
        var compiled = new List<JsonObject>(parts.Count);
        foreach (var part in parts) compiled.Add(Compile(part, depth + 1, ref count));
        return compiled;
    }

    private static JsonObject Field(FieldFilter filter)
    {
        switch (filter.Field)
        {
            case "@timestamp": return TimeQuery.Event(filter);
            case "event.ingested": return TimeQuery.Ingested(filter);
            case "beacon.sequence": return IntegerQuery.Sequence(filter);
            case "beacon.source": return Any(TermQuery.On(filter, "beacon.search"));
            case "event.id": return SecurityEventId.TryParse(filter.Value, out var id) ? Ids([id]) : None;
        }
        if (EventColumn.Find(filter.Field) is not { } column)
        {
            return filter.Test == FieldTest.Cidr
                ? throw new EventQueryException($"'{filter.Field}' is not kept as an IP address: a network can't be searched in it")
                : Any(TermQuery.On(filter));
        }
        return (column.Type, filter.Test) switch
        {
            (ColumnType.Ip, FieldTest.Cidr) => Networks(column, Network(filter)),
            (_, FieldTest.Cidr) => throw new EventQueryException($"'{filter.Field}' is not an IP field: a network can't be searched in it"),
            // Where the text of every event is another, its own field tells sooner than all its terms; one that does not fit there is named in "multi", and stood in "rest" before it was.
            (_, FieldTest.Exists) => Any([Counted(column), Term("multi", column.Name), TermQuery.Prefix("rest", FieldTerm.Prefix(column.Name)), .. LongText.On(filter)]),
            (ColumnType.Integer, FieldTest.Equals) => Any([.. IntegerQuery.Equal(column.Name, filter), .. TermQuery.On(filter)]),
            (ColumnType.Integer, FieldTest.Less or FieldTest.LessOrEqual or FieldTest.Greater or FieldTest.GreaterOrEqual) => Any([IntegerQuery.Compare(column.Name, filter), .. TermQuery.On(filter)]),
            _ => Any(TermQuery.On(filter)),
        };
    }

    public static JsonObject Ids(IEnumerable<SecurityEventId> ids) =>
        new() { ["ids"] = new JsonObject { ["values"] = new JsonArray([.. ids.Select(i => (JsonNode)EventId.ToText(i))]) } };

    private static JsonObject Networks(EventColumn column, string network) => Any([.. column.AddressFields.Select(f => Term(f, network))]);

    private static string Network(FieldFilter filter) => IPNetwork.TryParse(filter.Value, out var network)
        ? string.Create(CultureInfo.InvariantCulture, $"{network.BaseAddress}/{network.PrefixLength}")
        : throw new EventQueryException($"'{filter.Value}' is not a network; write it as 10.0.0.0/8 or 2001:db8::/32");

    private static JsonObject Anywhere(string text)
    {
        if (text.Length == 0) return Everything;
        var pattern = $"*{Pattern.Escape(FoldedText.Of(text))}*";
        // Behind the first '=': within a value, not within its name.
        var parts = new List<JsonObject> { Pattern.Query(TermQuery.Fields, $"*=*{pattern[1..]}") };
        if (LongText.Fits(text)) parts.Add(Pattern.Query("pieces", $"*=*{pattern[1..]}"));
        return Any(parts);
    }
}
