using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Conditions;

/// <summary>'contains_field': an item of the rule has the field.</summary>
internal sealed class ContainsFieldTest(string field) : IRuleTest
{
    public static ContainsFieldTest? Read(Arguments arguments) => arguments.Text("field", required: true) is { } field ? new ContainsFieldTest(field) : null;

    public bool Test(RuleDraft rule) => rule.Items.Any(i => i.Fields.Contains(field));
}

/// <summary>'contains_detection_item': an item of the rule has the field and the value, of the same type.</summary>
internal sealed class ContainsItemTest(string field, Constant value) : IRuleTest
{
    public static ContainsItemTest? Read(Arguments arguments)
    {
        var (field, value) = (arguments.Text("field", required: true), arguments.Constant("value"));
        return field is null || value is null ? null : new ContainsItemTest(field, value);
    }

    public bool Test(RuleDraft rule) => rule.Items.Any(i => i.Fields.Contains(field) && i.Values.Exists(v => ValueText.Is(v, value)));
}

/// <summary>'contains_wildcard' of a rule: a value of it has a wildcard.</summary>
internal sealed class RuleWildcardTest : IRuleTest
{
    public static RuleWildcardTest Read(Arguments arguments) => new();

    public bool Test(RuleDraft rule) => rule.Items.Any(static i => i.Values.Exists(static v => v is PatternValue { Pattern.HasWildcards: true }));
}

/// <summary>'is_sigma_rule' and 'is_sigma_correlation_rule': pipelines see a correlation through the rules that it joins, so each is one answer.</summary>
internal sealed class KindTest(bool isRule) : IRuleTest
{
    public bool Test(RuleDraft rule) => isRule;
}

/// <summary>'tag': the rule has the tag.</summary>
internal sealed class TagTest(string tag) : IRuleTest
{
    public static TagTest? Read(Arguments arguments)
    {
        if (arguments.Text("tag", required: true) is not { } tag) return null;
        if (tag.Contains('.', StringComparison.Ordinal)) return new TagTest(tag);
        arguments.Error("tag", FaultCodes.Value, "a tag is written with its namespace", "attack.t1059, for example");
        return null;
    }

    public bool Test(RuleDraft rule) => rule.Rule.Tags.Contains(tag, StringComparer.OrdinalIgnoreCase);
}
