using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Beacon.Events;

namespace Beacon.Storage.DuckDb;

/// <summary>An <see cref="EventFilter"/> as a condition over the event table. Each condition is true or false, never NULL, so that NOT means not.</summary>
internal static class FilterSql
{
    public const int MaxDepth = 64;
    public const int MaxConditions = 1_000;

    public static string Where(EventFilter filter, TimeRange range) =>
        $"ts >= {Sql.Time(range.From)} AND ts < {Sql.Time(range.To)} AND {Condition(filter)}";

    public static string Condition(EventFilter filter)
    {
        var count = 0;
        return Compile(filter, 0, ref count);
    }

    private static string Compile(EventFilter filter, int depth, ref int count)
    {
        if (depth > MaxDepth) throw new EventQueryException($"the query is nested deeper than {MaxDepth}");
        if (++count > MaxConditions) throw new EventQueryException($"the query has more than {MaxConditions} conditions");
        switch (filter)
        {
            case AllFilter: return "true";
            case AndFilter and: return Join(and.Parts, " AND ", "true", depth, ref count);
            case OrFilter or: return Join(or.Parts, " OR ", "false", depth, ref count);
            case NotFilter not: return $"(NOT {Compile(not.Part, depth + 1, ref count)})";
            case TextFilter text: return Anywhere(text.Text);
            case FieldFilter field: return $"coalesce({Test(field)}, false)";
            default: throw new EventQueryException($"a filter of kind {filter.GetType().Name} is not known to this store");
        }
    }

    private static string Join(IReadOnlyList<EventFilter> parts, string with, string empty, int depth, ref int count)
    {
        if (parts.Count == 0) return empty;
        var sql = new StringBuilder("(");
        for (var i = 0; i < parts.Count; i++)
        {
            if (i > 0) sql.Append(with);
            sql.Append(Compile(parts[i], depth + 1, ref count));
        }
        return sql.Append(')').ToString();
    }

    private static string Test(FieldFilter filter)
    {
        switch (filter.Field)
        {
            case "@timestamp": return Compare("ts", filter, Instant(filter));
            case "event.ingested": return Compare("received", filter, Instant(filter));
            case "beacon.source": return TextTest("source", filter);
            case "event.id": return SecurityEventId.TryParse(filter.Value, out var id) ? $"id = {Sql.Text(id.ToString())}::UUID" : "false";
        }
        if (EcsFields.ColumnOf(filter.Field) is not { } column) return InJson("rest", filter);
        var name = Sql.Name(column.Name);
        var test = (column.Type, filter.Test) switch
        {
            (_, FieldTest.Exists) => $"{name} IS NOT NULL",
            (ColumnType.Ip, FieldTest.Cidr) => Network(column, filter),
            (_, FieldTest.Cidr) => throw new EventQueryException($"'{filter.Field}' is not an IP field: a network can't be searched in it"),
            (ColumnType.Integer, FieldTest.Equals) => long.TryParse(filter.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? $"{name} = {Sql.Number(n)}" : "false",
            (ColumnType.Integer, FieldTest.Less or FieldTest.LessOrEqual or FieldTest.Greater or FieldTest.GreaterOrEqual) => Compare(name, filter, NumberOf(filter)),
            (ColumnType.Integer, _) => TextTest($"{name}::VARCHAR", filter),
            _ => TextTest(name, filter),
        };
        // A column holds one value of its type; more values, or others, stand in "multi".
        return filter.Test == FieldTest.Cidr ? test : $"(coalesce({test}, false) OR (multi IS NOT NULL AND {InJson("multi", filter)}))";
    }

    private static string InJson(string json, FieldFilter filter)
    {
        if (filter.Test == FieldTest.Cidr) throw new EventQueryException($"'{filter.Field}' is not kept as an IP address: a network can't be searched in it");
        var pointer = Sql.Pointer(filter.Field);
        var present = $"contains({json}, {Sql.MemberMark(filter.Field)})";
        if (filter.Test == FieldTest.Exists) return $"({present} AND coalesce(json_type({json}, {pointer}), 'NULL') <> 'NULL')";
        return $"CASE WHEN NOT {present} THEN false " +
               $"WHEN json_type({json}, {pointer}) = 'ARRAY' THEN len(list_filter(json_extract_string(json_extract({json}, {pointer}), '$[*]'), lambda v: coalesce({TextTest("v", filter)}, false))) > 0 " +
               $"ELSE coalesce({TextTest($"json_extract_string({json}, {pointer})", filter)}, false) END";
    }

    private static string TextTest(string value, FieldFilter filter)
    {
        var folded = Sql.Text(filter.Value.ToLowerInvariant());
        return filter.Test switch
        {
            FieldTest.Equals => $"lower({value}) = {folded}",
            FieldTest.Contains => $"contains(lower({value}), {folded})",
            FieldTest.StartsWith => $"starts_with(lower({value}), {folded})",
            FieldTest.EndsWith => $"ends_with(lower({value}), {folded})",
            FieldTest.Wildcard => $"lower({value}) LIKE {Sql.Text(Like(filter.Value.ToLowerInvariant()))} ESCAPE '\\'",
            FieldTest.Exists => $"{value} IS NOT NULL",
            _ when double.TryParse(filter.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                => Compare($"TRY_CAST({value} AS DOUBLE)", filter, Sql.Number(number)),
            _ => Compare($"lower({value})", filter, folded),
        };
    }

    private static string Compare(string value, FieldFilter filter, string with) => filter.Test switch
    {
        FieldTest.Equals => $"{value} = {with}",
        FieldTest.Less => $"{value} < {with}",
        FieldTest.LessOrEqual => $"{value} <= {with}",
        FieldTest.Greater => $"{value} > {with}",
        FieldTest.GreaterOrEqual => $"{value} >= {with}",
        FieldTest.Exists => $"{value} IS NOT NULL",
        _ => throw new EventQueryException($"'{filter.Field}' can't be compared by '{filter.Test}'"),
    };

    private static string Instant(FieldFilter filter)
    {
        if (filter.Test == FieldTest.Exists) return "NULL";
        return DateTimeOffset.TryParse(filter.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? Sql.Time(time)
            : throw new EventQueryException($"'{filter.Value}' is not a time; write it as 2026-11-24T14:05:00Z");
    }

    private static string NumberOf(FieldFilter filter) =>
        double.TryParse(filter.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && double.IsFinite(n)
            ? Sql.Number(n)
            : throw new EventQueryException($"'{filter.Value}' is not a number, and '{filter.Field}' holds numbers");

    private static string Network(EcsColumn column, FieldFilter filter)
    {
        Span<byte> low = stackalloc byte[16], high = stackalloc byte[16];
        if (!IPNetwork.TryParse(filter.Value, out var network))
            throw new EventQueryException($"'{filter.Value}' is not a network; write it as 10.0.0.0/8 or 2001:db8::/32");
        Addresses.Sortable(network.BaseAddress, low);
        low.CopyTo(high);
        var prefix = network.PrefixLength + (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 96 : 0);
        for (var bit = prefix; bit < 128; bit++) high[bit / 8] |= (byte)(0x80 >> (bit % 8));
        var name = Sql.Name(Addresses.SortColumn(column));
        return $"{name} BETWEEN {Sql.Blob(low)} AND {Sql.Blob(high)}";
    }

    /// <summary>'%' and '_' are LIKE's own wildcards; '\' escapes in both.</summary>
    private static string Like(string wildcard)
    {
        var like = new StringBuilder(wildcard.Length + 4);
        for (var i = 0; i < wildcard.Length; i++)
        {
            var c = wildcard[i];
            if (c == '\\' && i + 1 < wildcard.Length && wildcard[i + 1] is '*' or '?' or '\\') like.Append(wildcard[++i] == '\\' ? "\\\\" : wildcard[i].ToString());
            else if (c == '*') like.Append('%');
            else if (c == '?') like.Append('_');
            else if (c is '%' or '_' or '\\') like.Append('\\').Append(c);
            else like.Append(c);
        }
        return like.ToString();
    }

    private static string Anywhere(string text)
    {
        if (text.Length == 0) return "true";
        var folded = text.ToLowerInvariant();
        var needle = Sql.Text(folded);
        var sql = new StringBuilder($"(coalesce(contains(lower(message), {needle}), false)");
        foreach (var column in EcsFields.Columns)
        {
            if (column.Type == ColumnType.Text && column.Name != "message") sql.Append(CultureInfo.InvariantCulture, $" OR coalesce(contains(lower({Sql.Name(column.Name)}), {needle}), false)");
            else if (column.Type == ColumnType.Ip) sql.Append(CultureInfo.InvariantCulture, $" OR coalesce(contains({Sql.Name(column.Name)}, {needle}), false)");
        }
        var inJson = Sql.Text(Sql.Json(folded)[1..^1]);
        foreach (var json in new[] { "rest", "multi" })
            sql.Append(CultureInfo.InvariantCulture, $" OR CASE WHEN {json} IS NULL OR NOT contains(lower({json}), {inJson}) THEN false ELSE len(list_filter(json_extract_string({json}, '$.*'), lambda v: contains(lower(v), {needle}) OR (starts_with(v, '[') AND contains(lower(v), {inJson})))) > 0 END");
        return sql.Append(')').ToString();
    }
}
