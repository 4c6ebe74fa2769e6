using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.LogSources;

namespace Beacon.Detections.Matching;

/// <summary>Makes a tree of tests of a rule, with its fields bound to those of events.</summary>
internal sealed class RuleCompiler(LogSourceBinding binding, FieldSlots slots)
{
    private readonly Dictionary<string, FieldReader> _fields = new(StringComparer.Ordinal);

    /// <summary>The first field of the rule that no event carries, or null.</summary>
    public string? BlindField { get; private set; }

    public RuleNode Compile(SigmaCondition condition) => condition switch
    {
        SelectionCondition selection => new SelectionNode(selection.Selection.Name, Compile(selection.Selection.Item)),
        NotCondition not => new NotNode(Compile(not.Part)),
        AndCondition and => new AndNode([.. and.Parts.Select(Compile)]),
        OrCondition or => new OrNode([.. or.Parts.Select(Compile)]),
        _ => throw new InvalidOperationException($"no such condition: {condition.GetType().Name}"),
    };

    private RuleNode Compile(SigmaItem item) => item switch
    {
        AllItems all => new AndNode([.. all.Parts.Select(Compile)]),
        AnyItem any => new OrNode([.. any.Parts.Select(Compile)]),
        FieldItem { Negated: true } field => new NotNode(Field(field)),
        FieldItem field => Field(field),
        _ => throw new InvalidOperationException($"no such item: {item.GetType().Name}"),
    };

    private RuleNode Field(FieldItem item)
    {
        if (item.Field is null) return new KeywordNode([.. item.Values.Select(v => Test(Anywhere(v), item.Cased))], item.All);
        var field = Reader(item.Field);
        if (item.Values is [ExistsValue exists]) return new ExistsNode(field, exists.Present);
        var tests = item.Values.Where(static v => v is not NullValue).Select(v => Test(v, item.Cased)).ToArray();
        return new FieldNode(field, tests, item.All, orNull: tests.Length < item.Values.Length);
    }

    /// <summary>A keyword stands anywhere in a value.</summary>
    private static SigmaValue Anywhere(SigmaValue value) => value switch
    {
        PatternValue text => new PatternValue(text.Pattern.AnyBefore().AnyAfter()),
        NumberValue number => new PatternValue(SigmaPattern.Literal(number.Text).AnyBefore().AnyAfter()),
        BooleanValue flag => new PatternValue(SigmaPattern.Literal(flag.Value ? "true" : "false").AnyBefore().AnyAfter()),
        _ => value,
    };

    private ValueTest Test(SigmaValue value, bool cased) => value switch
    {
        PatternValue text => TextTest.Of(text.Pattern, cased),
        NumberValue number => TextTest.Of(SigmaPattern.Literal(number.Text), cased),
        BooleanValue flag => TextTest.Of(SigmaPattern.Literal(flag.Value ? "true" : "false"), cased: false),
        RegexValue regex => new RegexTest(regex.Pattern, regex.Options),
        CidrValue cidr => new CidrTest(cidr.Network),
        CompareValue compare => new CompareTest(compare.Operator, compare.Number),
        FieldReferenceValue reference => new FieldReferenceTest(Reader(reference.Field), reference.Position, cased),
        TimePartValue part => new TimePartTest(part.Part, part.Operator, part.Number),
        _ => throw new InvalidOperationException($"no such value: {value.GetType().Name}"),
    };

    private FieldReader Reader(string name)
    {
        if (_fields.TryGetValue(name, out var reader)) return reader;
        var names = binding.Fields(name);
        if (names.Count == 0)
        {
            BlindField ??= name;
            names = ["sigma." + name];
        }
        return _fields[name] = new FieldReader(names, slots);
    }
}
