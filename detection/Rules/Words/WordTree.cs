using System.Globalization;
using Beacon.Detections.Sigma;

namespace Beacon.Detections.Rules.Words;

/// <summary>Turns a rule's condition into clauses.</summary>
internal static class WordTree
{
    private static readonly string[] Dashes = ["/", "–", "—", "―"];

    /// <summary>What must hold, and what must not: each of the latter lets an event pass by itself.</summary>
    public static (WordNode? Wanted, IReadOnlyList<WordNode> Unless) Of(SigmaCondition condition)
    {
        var parts = (condition is AndCondition and ? Flat(and) : [condition]).Select(Plain).ToList();
        var wanted = parts.Where(static p => p is not NotCondition).Select(static p => Node(p, negated: false)).ToList();
        var unless = parts.OfType<NotCondition>().Select(static p => Node(p.Part, negated: false)).SelectMany(static n => n is OneOf one ? one.Parts : [n]).ToList();
        return (wanted.Count == 0 ? null : Join(all: true, wanted), unless);
    }

    /// <summary>Without double negation.</summary>
    private static SigmaCondition Plain(SigmaCondition condition) => condition is NotCondition { Part: NotCondition inner } ? Plain(inner.Part) : condition;

    private static IEnumerable<SigmaCondition> Flat(AndCondition and) => and.Parts.SelectMany(static p => p is AndCondition inner ? Flat(inner) : [p]);

    private static WordNode Node(SigmaCondition condition, bool negated) => condition switch
    {
        SelectionCondition selection => Node(selection.Selection.Item, negated),
        NotCondition not => Node(not.Part, !negated),
        AndCondition and => Join(!negated, [.. and.Parts.Select(p => Node(p, negated))]),
        OrCondition or => Join(negated, [.. or.Parts.Select(p => Node(p, negated))]),
        _ => throw new InvalidOperationException($"no such condition: {condition.GetType().Name}"),
    };

    private static WordNode Node(SigmaItem item, bool negated) => item switch
    {
        AllItems all => Join(!negated, [.. all.Parts.Select(p => Node(p, negated))]),
        AnyItem any => Join(negated, [.. any.Parts.Select(p => Node(p, negated))]),
        FieldItem field => Clauses(field, negated != field.Negated),
        _ => throw new InvalidOperationException($"no such item: {item.GetType().Name}"),
    };

    private static WordNode Join(bool all, IReadOnlyList<WordNode> parts)
    {
        WordNode[] flat = [.. parts.SelectMany(p => (p, all) switch { (AllOf inner, true) => inner.Parts, (OneOf inner, false) => inner.Parts, _ => [p] })];
        return flat.Length == 1 ? flat[0] : all ? new AllOf(flat) : new OneOf(flat);
    }

    /// <summary>A clause for each kind of value.</summary>
    private static WordNode Clauses(FieldItem item, bool negated)
    {
        var groups = new List<(Predicate Predicate, List<string> Values)>();
        foreach (var value in item.Values)
        {
            var (predicate, text) = Say(value, keyword: item.Field is null);
            var group = groups.Find(g => g.Predicate == predicate);
            if (group.Values is null) groups.Add(group = (predicate, []));
            if (text is not null) group.Values.Add(text);
        }
        return Join(item.All != negated, [.. groups.Select(g =>
        {
            var values = OneDash(g.Values);
            return (WordNode)new Clause(item.Field, g.Predicate, values, item.All, item.Cased, AnyDash: values.Count < g.Values.Count, Negates(item, g.Predicate, negated));
        })]);
    }

    private static bool Negates(FieldItem item, Predicate predicate, bool negated) =>
        predicate == Predicate.Exists && item.Values is [ExistsValue { Present: false }] ? !negated : negated;

    /// <summary>Of values that differ in the kind of dash, that with '-'.</summary>
    private static List<string> OneDash(List<string> values)
    {
        var plain = values.Where(static v => !Dashes.Any(d => v.Contains(d, StringComparison.Ordinal))).ToHashSet(StringComparer.Ordinal);
        return plain.Count == 0 ? values : [.. values.Where(v => plain.Contains(v) || !plain.Contains(Dashes.Aggregate(v, static (t, d) => t.Replace(d, "-", StringComparison.Ordinal))))];
    }

    private static (Predicate, string?) Say(SigmaValue value, bool keyword) => value switch
    {
        PatternValue text => Say(text.Pattern, keyword),
        NumberValue number => (keyword ? Predicate.Contains : Predicate.Is, number.Text),
        BooleanValue flag => (keyword ? Predicate.Contains : Predicate.Is, flag.Value ? "true" : "false"),
        NullValue => (Predicate.Null, null),
        RegexValue regex => (Predicate.Regex, SigmaText.Of(regex)),
        CidrValue cidr => (Predicate.Network, cidr.Network.ToString()),
        CompareValue compare => (compare.Operator switch { Comparison.Less => Predicate.Less, Comparison.LessOrEqual => Predicate.LessOrEqual, Comparison.Greater => Predicate.Greater, _ => Predicate.GreaterOrEqual }, compare.Number.ToString(CultureInfo.InvariantCulture)),
        ExistsValue => (Predicate.Exists, null),
        FieldReferenceValue reference => (reference.Position switch { TextPosition.Start => Predicate.BeginsWithField, TextPosition.End => Predicate.EndsWithField, TextPosition.Anywhere => Predicate.ContainsField, _ => Predicate.SameAs }, reference.Field),
        TimePartValue part => (Predicate.Minute + (int)part.Part, (part.Operator is { } op ? SigmaText.Sign(op) + " " : "") + part.Number.ToString(CultureInfo.InvariantCulture)),
        BytesValue bytes => (Predicate.Contains, Convert.ToHexStringLower(bytes.Bytes)),
        UnresolvedValue placeholder => (Predicate.Listed, "%" + placeholder.Placeholder + "%"),
        _ => (Predicate.Is, SigmaText.Of(value)),
    };

    private static (Predicate, string?) Say(SigmaPattern pattern, bool keyword) => pattern.Parts switch
    {
        [] => (Predicate.Empty, null),
        [{ Kind: PatternPartKind.Literal } text] => (keyword ? Predicate.Contains : Predicate.Is, text.Text),
        [{ Kind: PatternPartKind.Any }] => (Predicate.HasAny, null),
        [{ Kind: PatternPartKind.Any }, { Kind: PatternPartKind.Literal } text] => (keyword ? Predicate.Contains : Predicate.EndsWith, text.Text),
        [{ Kind: PatternPartKind.Literal } text, { Kind: PatternPartKind.Any }] => (keyword ? Predicate.Contains : Predicate.BeginsWith, text.Text),
        [{ Kind: PatternPartKind.Any }, { Kind: PatternPartKind.Literal } text, { Kind: PatternPartKind.Any }] => (Predicate.Contains, text.Text),
        _ => (Predicate.Like, pattern.ToString()),
    };
}
