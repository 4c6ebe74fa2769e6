using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Beacon.Events;

namespace Beacon.Storage.DuckDb;

/// <summary>
/// An <see cref="EventFilter"/> as a condition over the event table. A condition that does not hold is false or NULL; only below a NOT it is
/// made false, since a function around a condition keeps the database from leaving out what need not be evaluated.
/// What stands in JSON is read once for a row, however many tests there are of it.
/// </summary>
internal sealed class FilterSql
{
    public const int MaxDepth = 64;
    public const int MaxConditions = 1_000;

    private readonly JsonMembers _members;
    private int _count;

    private FilterSql(JsonMembers members) => _members = members;

    public static string Where(EventFilter filter, TimeRange range) =>
        $"ts >= {Sql.Time(range.From)} AND ts < {Sql.Time(range.To)} AND {Condition(filter)}";

    public static string Condition(EventFilter filter)
    {
        var parts = (filter is AndFilter and ? and.Parts.SelectMany(static p => p is AndFilter inner ? inner.Parts : [p]) : [filter]).ToLookup(Cost);
        var sql = new FilterSql(new JsonMembers());
        // Each kind is compiled by itself: members of the JSON are for those that ask for them, and text is looked for in columns as they are.
        var (columns, members, text) = (sql.Together(parts[0]), sql.Together(parts[1]), sql.Together(parts[2]));
        string[] dear = [.. new[] { members, text }.OfType<string>()];
        if (dear.Length == 0) return columns ?? "true";
        var guarded = dear.Length == 2 ? Then(dear[0], dear[1]) : dear[0];
        // Parts that ask columns alone stand outside too: the database orders them, and skips blocks of rows by them.
        return columns is null ? guarded : $"({columns} AND {Then(columns, guarded)})";
    }

    private string? Together(IEnumerable<EventFilter> parts)
    {
        EventFilter[] all = [.. parts];
        if (all.Length == 0) return null;
        var one = new FilterSql(new JsonMembers()) { _count = _count };
        var condition = one.AllOf(all, 0);
        _count = one._count;
        if (one._members.IsEmpty) return $"({condition})";
        return one._members.Around(condition, new FilterSql(new JsonMembers(isAbsent: true)).AllOf(all, 0), JsonHints.Of(new AndFilter(all)));
    }

    /// <summary>What evaluating takes: 0 a column, 1 a member of the JSON, 2 all text.</summary>
    private static int Cost(EventFilter filter) => filter switch
    {
        AndFilter and => and.Parts.Select(Cost).DefaultIfEmpty().Max(),
        OrFilter or => or.Parts.Select(Cost).DefaultIfEmpty().Max(),
        NotFilter not => Cost(not.Part),
        FieldFilter field => IsInRest(field.Field) ? 1 : 0,
        FieldNameFilter => 1,
        TextFilter => 2,
        _ => 0,
    };

    /// <summary>The second is evaluated only where the first holds; of a plain conjunction the database would evaluate both for each row.</summary>
    private static string Then(string first, string second) => $"CASE WHEN {first} THEN {second} ELSE false END";

    private string AllOf(IReadOnlyList<EventFilter> parts, int depth) =>
        parts.Count == 0 ? "true" : parts.GroupBy(Cost).OrderByDescending(static g => g.Key).Select(g => "(" + string.Join(" AND ", g.Select(p => Compile(p, depth + 1))) + ")").Aggregate(static (dearer, cheaper) => Then(cheaper, dearer));

    private string Compile(EventFilter filter, int depth)
    {
        if (depth > MaxDepth) throw new EventQueryException($"the query is nested deeper than {MaxDepth}");
        if (++_count > MaxConditions) throw new EventQueryException($"the query has more than {MaxConditions} conditions");
        switch (filter)
        {
            case AllFilter: return "true";
            case AndFilter and: return AllOf(and.Parts, depth);
            case OrFilter or: return AnyOf(or, depth);
            case NotFilter not: return $"(NOT coalesce({Compile(not.Part, depth + 1)}, false))";
            case TextFilter text: return AnywhereSql.Of(text.Text);
            case FieldNameFilter name: return AnywhereSql.Named(name.Pattern);
            case FieldFilter field: return Test(field);
            default: throw new EventQueryException($"a filter of kind {filter.GetType().Name} is not known to this store");
        }
    }

    /// <summary>Tests of one JSON field become one look at its values.</summary>
    private string AnyOf(OrFilter or, int depth)
    {
        var parts = new List<string>();
        foreach (var group in Flat(or).GroupBy(static p => p is FieldFilter { Test: not (FieldTest.Exists or FieldTest.Cidr) } f && IsInRest(f.Field) ? f.Field : null))
        {
            if (group.Key is null) parts.AddRange(group.Select(p => Compile(p, depth + 1)));
            else
            {
                var tests = group.Cast<FieldFilter>().ToList();
                _count += tests.Count;
                parts.Add(_members.AnyValue(group.Key, string.Join(" OR ", tests.Select(static t => TextTest("v", t, isFolded: true)))));
            }
        }
        if (_count > MaxConditions) throw new EventQueryException($"the query has more than {MaxConditions} conditions");
        return parts.Count == 0 ? "false" : "(" + string.Join(" OR ", parts) + ")";
    }

    private static IEnumerable<EventFilter> Flat(OrFilter or) => or.Parts.SelectMany(static p => p is OrFilter inner ? Flat(inner) : [p]);

    public static bool IsInRest(string field) => field is not ("@timestamp" or "event.ingested" or "beacon.source" or "beacon.sequence" or "event.id") && EcsFields.ColumnOf(field) is null;

    private string Test(FieldFilter filter)
    {
        switch (filter.Field)
        {
            case "@timestamp": return Compare("ts", filter, Instant(filter));
            case "event.ingested": return Compare("received", filter, Instant(filter));
            case "beacon.source": return TextTest("source", filter);
            case "beacon.sequence": return Compare("sequence", filter, filter.Test == FieldTest.Exists ? "0" : long.TryParse(filter.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var place) ? Sql.Number(place) : throw new EventQueryException($"'{filter.Value}' is not a whole number, and 'beacon.sequence' holds them"));
            case "event.id": return SecurityEventId.TryParse(filter.Value, out var id) ? $"id = {Sql.Text(id.ToString())}::UUID" : "false";
        }
        if (EcsFields.ColumnOf(filter.Field) is not { } column) return InRest(filter);
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
        return $"({test} OR (multi IS NOT NULL AND {InMulti(filter)}))";
    }

    private string InRest(FieldFilter filter)
    {
        if (filter.Test == FieldTest.Cidr) throw new EventQueryException($"'{filter.Field}' is not kept as an IP address: a network can't be searched in it");
        return _members.AnyValue(filter.Field, TextTest("v", filter, isFolded: true));
    }

    /// <summary>Few rows have it: it is read where it stands, so that tests of columns need no JSON for the others.</summary>
    private static string InMulti(FieldFilter filter)
    {
        var (low, high) = filter.Test == FieldTest.Cidr ? Bounds(filter) : ([], []);
        var (member, test) = filter.Test switch
        {
            FieldTest.Exists => (filter.Field, "v IS NOT NULL"),
            FieldTest.Cidr => (Addresses.ListMember(filter.Field), $"v BETWEEN {Sql.Text(Addresses.Text(low))} AND {Sql.Text(Addresses.Text(high))}"),
            _ => (filter.Field, TextTest("v", filter)),
        };
        return $"contains(multi, {Sql.MemberMark(member)}) AND len(list_filter({JsonMembers.Values($"json_extract(multi, {Sql.Pointer(member)})")}, lambda v: {test})) > 0";
    }

    /// <param name="isFolded">The value is one that <see cref="Folding.Whole"/> gave.</param>
    private static string TextTest(string value, FieldFilter filter, bool isFolded = false)
    {
        var folded = Folding.Of(filter.Value);
        return filter.Test switch
        {
            FieldTest.Equals => Test(static (v, p) => $"{v} = {Sql.Text(p)}"),
            FieldTest.Contains => Test(static (v, p) => $"contains({v}, {Sql.Text(p)})", within: true),
            FieldTest.StartsWith => Test(static (v, p) => $"starts_with({v}, {Sql.Text(p)})"),
            FieldTest.EndsWith => Test(static (v, p) => $"ends_with({v}, {Sql.Text(p)})"),
            FieldTest.Wildcard => Test(static (v, p) => $"{v} LIKE {Sql.Text(Like(p))} ESCAPE '\\'"),
            FieldTest.Exists => $"{value} IS NOT NULL",
            _ when double.TryParse(filter.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                => Compare($"TRY_CAST({value} AS DOUBLE)", filter, Sql.Number(number)),
            _ => Compare(isFolded ? value : $"lower({value})", filter, Sql.Text(folded)),
        };

        string Test(Func<string, string, string> test, bool within = false) => isFolded ? test(value, Folding.InWhole(folded)) : within ? Folding.TestWithin(value, folded, test) : Folding.Test(value, folded, test);
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
        var (low, high) = Bounds(filter);
        return $"{Sql.Name(Addresses.SortColumn(column))} BETWEEN {Sql.Blob(low)} AND {Sql.Blob(high)}";
    }

    private static (byte[] Low, byte[] High) Bounds(FieldFilter filter)
    {
        if (!IPNetwork.TryParse(filter.Value, out var network)) throw new EventQueryException($"'{filter.Value}' is not a network; write it as 10.0.0.0/8 or 2001:db8::/32");
        var low = new byte[16];
        Addresses.Sortable(network.BaseAddress, low);
        var high = low.ToArray();
        var prefix = network.PrefixLength + (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 96 : 0);
        for (var bit = prefix; bit < 128; bit++) high[bit / 8] |= (byte)(0x80 >> (bit % 8));
        return (low, high);
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
}
