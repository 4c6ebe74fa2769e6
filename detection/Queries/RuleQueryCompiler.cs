using Beacon.Detections.Matching;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.LogSources;
using Beacon.Events;

namespace Beacon.Detections.Queries;

/// <summary>
/// Makes an <see cref="EventFilter"/> of a rule. Each test has a filter that passes whenever it holds and one that passes only where it
/// holds; under a negation the second is taken, so that the whole never passes too little.
/// </summary>
internal sealed class RuleQueryCompiler(LogSourceBinding binding)
{
    /// <summary>Conditions of a filter, below what stores take; a longer list of values becomes "the field has a value".</summary>
    private const int MaxConditions = 900;

    /// <summary>Names under which a field of Windows event data may stand as well: see <see cref="FieldAliases"/>.</summary>
    private static readonly EventFilter Aliased = new OrFilter([new FieldNameFilter("winlog.user_data.*"), new FieldNameFilter("winlog.event_data.* *")]);

    private const string AliasedFields = "winlog.event_data.";

    private bool _exact = true;
    private bool _aliases;
    private int _conditions;

    public (EventFilter Filter, bool IsExact) Compile(SigmaCondition condition)
    {
        var source = Source();
        var tree = Condition(condition, positive: true);
        if (_aliases)
        {
            // Such events are few, and the names of their fields are the stream's to sort out.
            _exact = false;
            tree = Or([tree, Aliased]);
        }
        return (EventFilter.And(source, tree), _exact);
    }

    /// <summary>What the log source alone asks.</summary>
    public EventFilter Source() => Or([.. binding.Alternatives.Select(alternative => EventFilter.And([.. alternative.Select(Source)]))]);

    private EventFilter Source(SourceTest test)
    {
        _conditions += Math.Max(1, test.Values.Length);
        return test.Kind switch
        {
            SourceTestKind.Present => new FieldNameFilter(test.Field),
            SourceTestKind.Absent => new NotFilter(new FieldNameFilter(test.Field)),
            _ => Or([.. test.Values.Select(v => Text(test.Field, test.Kind == SourceTestKind.EndsWith ? SigmaPattern.Literal(v).AnyBefore() : SigmaPattern.Literal(v)) ?? Inexact(new FieldFilter(test.Field, FieldTest.Exists, ""), positive: true))]),
        };
    }

    private EventFilter Condition(SigmaCondition condition, bool positive) => condition switch
    {
        SelectionCondition selection => Item(selection.Selection.Item, positive),
        NotCondition not => new NotFilter(Condition(not.Part, !positive)),
        AndCondition and => EventFilter.And([.. and.Parts.Select(p => Condition(p, positive))]),
        OrCondition or => Or([.. or.Parts.Select(p => Condition(p, positive))]),
        _ => throw new InvalidOperationException($"no such condition: {condition.GetType().Name}"),
    };

    private EventFilter Item(SigmaItem item, bool positive) => item switch
    {
        AllItems all => EventFilter.And([.. all.Parts.Select(p => Item(p, positive))]),
        AnyItem any => Or([.. any.Parts.Select(p => Item(p, positive))]),
        FieldItem { Negated: true } field => new NotFilter(Field(field, !positive)),
        FieldItem field => Field(field, positive),
        _ => throw new InvalidOperationException($"no such item: {item.GetType().Name}"),
    };

    private EventFilter Field(FieldItem item, bool positive)
    {
        if (item.Field is null) return Keywords(item, positive);
        var names = binding.Fields(item.Field);
        _aliases |= names.Any(static n => n.StartsWith(AliasedFields, StringComparison.Ordinal));
        if (names.Contains(FieldReader.TimestampName)) return Inexact(EventFilter.All, positive);
        if (item.Values is [ExistsValue exists])
        {
            _conditions += names.Count;
            var carried = Or([.. names.Select(static n => (EventFilter)new FieldNameFilter(n))]);
            return exists.Present ? carried : new NotFilter(carried);
        }
        var values = item.Values.Where(static v => v is not NullValue).ToArray();
        var hasNull = values.Length < item.Values.Length;
        EventFilter HasValue() => Or([.. names.Select(static n => (EventFilter)new FieldFilter(n, FieldTest.Exists, ""))]);
        _conditions += values.Length * names.Count;
        if (_conditions > MaxConditions)
        {
            _conditions -= (values.Length * names.Count) - names.Count;
            return hasNull ? Inexact(EventFilter.All, positive) : Inexact(HasValue(), positive);
        }
        var tests = values.Select(v => Or([.. names.Select(n => Value(n, v, item.Cased, positive))])).ToList();
        if (!hasNull) return item.All ? EventFilter.And(tests) : Or(tests);
        _conditions += names.Count;
        var isNull = new NotFilter(HasValue());
        return item.All ? EventFilter.And([isNull, .. tests]) : Or([isNull, .. tests]);
    }

    private EventFilter Value(string field, SigmaValue value, bool cased, bool positive)
    {
        var hasValue = new FieldFilter(field, FieldTest.Exists, "");
        switch (value)
        {
            case PatternValue text:
                var test = Text(field, text.Pattern);
                if (test is null) return Inexact(hasValue, positive);
                return cased ? Inexact(test, positive) : test;
            case NumberValue number: return Text(field, SigmaPattern.Literal(number.Text)) is { } same ? cased ? Inexact(same, positive) : same : Inexact(hasValue, positive);
            case BooleanValue flag: return Text(field, SigmaPattern.Literal(flag.Value ? "true" : "false"))!;
            case RegexValue regex:
                var must = RegexLiterals.Longest(regex.Pattern);
                return Inexact(must.Length > 0 && SameInStores(SigmaPattern.Literal(must)) ? new FieldFilter(field, FieldTest.Contains, must) : hasValue, positive);
            case FieldReferenceValue other:
                return Inexact(EventFilter.And(hasValue, Or([.. binding.Fields(other.Field).Select(static n => (EventFilter)new FieldFilter(n, FieldTest.Exists, ""))])), positive);
            // Networks, numbers and times are read more strictly in stream than stores read them.
            default: return Inexact(hasValue, positive);
        }
    }

    /// <summary>A keyword may stand in any value.</summary>
    private EventFilter Keywords(FieldItem item, bool positive)
    {
        _conditions += item.Values.Length;
        if (_conditions > MaxConditions)
        {
            _conditions -= item.Values.Length;
            return Inexact(EventFilter.All, positive);
        }
        var words = item.Values.Select(v => Inexact(Anywhere(v switch
        {
            PatternValue text => Longest(text.Pattern),
            RegexValue regex => RegexLiterals.Longest(regex.Pattern),
            _ => "",
        }), positive)).ToList();
        return item.All ? EventFilter.And(words) : Or(words);

        static EventFilter Anywhere(string text) => text.Length > 0 && SameInStores(SigmaPattern.Literal(text).AnyBefore()) ? new TextFilter(text) : EventFilter.All;
    }

    /// <summary>A pattern as a filter, or null where stores may see another text than the stream: they write some numbers anew.</summary>
    private static FieldFilter? Text(string field, SigmaPattern pattern)
    {
        var parts = pattern.Parts;
        if (!SameInStores(pattern)) return null;
        var before = parts.Length > 0 && parts[0].Kind == PatternPartKind.Any;
        var after = parts.Length > 1 && parts[^1].Kind == PatternPartKind.Any;
        var inner = parts.Skip(before ? 1 : 0).SkipLast(after ? 1 : 0).ToArray();
        if (parts is [{ Kind: PatternPartKind.Any }]) return new FieldFilter(field, FieldTest.Exists, "");
        if (inner.Length > 1 || inner is [{ Kind: PatternPartKind.One }]) return new FieldFilter(field, FieldTest.Wildcard, pattern.ToString());
        var text = inner.Length == 0 ? "" : inner[0].Text;
        var integer = EcsFields.ColumnOf(field) is { Type: ColumnType.Integer };
        return (before, after) switch
        {
            (true, true) => new FieldFilter(field, FieldTest.Contains, text),
            (true, false) => new FieldFilter(field, FieldTest.EndsWith, text),
            (false, true) => new FieldFilter(field, FieldTest.StartsWith, text),
            // A column of numbers compares by number, a rule by text.
            _ when integer && !IsPlainInteger(text) => new FieldFilter(field, FieldTest.Wildcard, pattern.ToString()),
            _ => new FieldFilter(field, FieldTest.Equals, text),
        };
    }

    /// <summary>False for what might be part of a number that a store writes in another way, such as 2.50 or 1e3.</summary>
    private static bool SameInStores(SigmaPattern pattern)
    {
        if (pattern.Parts is [{ Kind: PatternPartKind.Any }] or []) return true;
        if (!pattern.HasWildcards && IsPlainInteger(pattern.Text)) return true;
        return !pattern.Parts.All(static p => p.Text.All(static c => char.IsAsciiDigit(c) || c is '.' or '-' or '+' or 'e' or 'E'));
    }

    private static bool IsPlainInteger(string text) =>
        text.Length is > 0 and <= 18 && text.All(char.IsAsciiDigit) && text[0] != '0';

    private static string Longest(SigmaPattern pattern) =>
        pattern.Parts.Where(static p => p.Kind == PatternPartKind.Literal).Select(static p => p.Text).MaxBy(static t => t.Length) ?? "";

    private EventFilter Inexact(EventFilter filter, bool positive)
    {
        _exact = false;
        return positive ? filter : None;
    }

    private static readonly EventFilter None = new OrFilter([]);

    private static EventFilter Or(List<EventFilter> parts)
    {
        if (parts.Any(static p => p is AllFilter)) return EventFilter.All;
        return parts.Count == 1 ? parts[0] : new OrFilter(parts);
    }
}
