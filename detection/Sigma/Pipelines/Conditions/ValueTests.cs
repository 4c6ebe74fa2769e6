using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Conditions;

/// <summary>A condition on the values of an item, of which any or all must pass ('cond').</summary>
internal abstract class ValuesTest(bool all) : IItemTest
{
    public bool Test(DraftItem item, RuleDraft rule) => all ? item.Values.TrueForAll(Test) : item.Values.Exists(Test);

    protected abstract bool Test(SigmaValue value);

    protected static bool? ReadAll(Arguments arguments) => arguments.Choice("cond", null, "any", "all") is { } cond ? cond == "all" : null;
}

/// <summary>'match_string': the text, wildcards as '*' and '?', is matched from its start by a regular expression.</summary>
internal sealed class MatchStringTest(bool all, BoundedRegex pattern, bool negate) : ValuesTest(all)
{
    public static MatchStringTest? Read(Arguments arguments)
    {
        var (all, pattern, negate) = (ReadAll(arguments), PipelineRegex.Read(arguments, "pattern"), arguments.Flag("negate"));
        return all is null || pattern is null ? null : new MatchStringTest(all.Value, pattern, negate);
    }

    protected override bool Test(SigmaValue value) => (value is PatternValue text && pattern.MatchesAtStart(ValueText.Plain(text.Pattern))) != negate;
}

/// <summary>'match_value': the value is the one given, of the same type.</summary>
internal sealed class MatchValueTest(bool all, Constant wanted) : ValuesTest(all)
{
    public static MatchValueTest? Read(Arguments arguments)
    {
        var (all, value) = (ReadAll(arguments), arguments.Constant("value"));
        return all is null || value is null ? null : new MatchValueTest(all.Value, value);
    }

    protected override bool Test(SigmaValue value) => ValueText.Is(value, wanted);
}

/// <summary>'contains_wildcard': the text has a wildcard.</summary>
internal sealed class WildcardTest(bool all) : ValuesTest(all)
{
    public static WildcardTest? Read(Arguments arguments) => ReadAll(arguments) is { } all ? new WildcardTest(all) : null;

    protected override bool Test(SigmaValue value) => value is PatternValue { Pattern.HasWildcards: true };
}

/// <summary>'is_null': the item asks for no value.</summary>
internal sealed class NullTest(bool all) : ValuesTest(all)
{
    public static NullTest? Read(Arguments arguments) => ReadAll(arguments) is { } all ? new NullTest(all) : null;

    protected override bool Test(SigmaValue value) => value is NullValue;
}
