using Beacon.Detections.Sigma.Pipelines;
using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Tests.Sigma.Pipelines;

public sealed class ConditionTests
{
    private const string Header = "status: test\nauthor: Ada\ntags: [attack.t1059.001, detection.threat-hunting]\n";

    [Theory]
    [InlineData("[{type: logsource, product: acme}]", true)]
    [InlineData("[{type: logsource, product: acme, category: process_creation}]", false)]
    [InlineData("[{type: logsource, product: [other, acme], service: ''}]", true)]
    [InlineData("[{type: logsource, product: '*', service: '*'}]", false)]
    [InlineData("[{type: contains_field, field: A}]", true)]
    [InlineData("[{type: contains_field, field: X}]", false)]
    [InlineData("[{type: contains_detection_item, field: A, value: one}]", true)]
    [InlineData("[{type: contains_detection_item, field: A, value: One}]", false)]
    [InlineData("[{type: contains_detection_item, field: N, value: 5}]", true)]
    [InlineData("[{type: contains_detection_item, field: N, value: '5'}]", false)]
    [InlineData("[{type: contains_detection_item, field: F, value: true}]", true)]
    [InlineData("[{type: contains_wildcard}]", true)]
    [InlineData("[{type: is_sigma_rule}]", true)]
    [InlineData("[{type: is_sigma_correlation_rule}]", false)]
    [InlineData("[{type: tag, tag: attack.t1059.001}]", true)]
    [InlineData("[{type: tag, tag: attack.t1059}]", false)]
    [InlineData("[{type: rule_attribute, attribute: title, value: T}]", true)]
    [InlineData("[{type: rule_attribute, attribute: title, value: T, op: ne}]", false)]
    [InlineData("[{type: rule_attribute, attribute: author, value: Ada}]", true)]
    [InlineData("[{type: rule_attribute, attribute: level, value: medium, op: gte}]", true)]
    [InlineData("[{type: rule_attribute, attribute: level, value: critical, op: gte}]", false)]
    [InlineData("[{type: rule_attribute, attribute: status, value: experimental, op: gt}]", true)]
    [InlineData("[{type: rule_attribute, attribute: status, value: test, op: lt}]", false)]
    [InlineData("[{type: rule_attribute, attribute: tags, value: detection.threat-hunting, op: in}]", true)]
    [InlineData("[{type: rule_attribute, attribute: tags, value: x, op: not_in}]", true)]
    [InlineData("[{type: rule_attribute, attribute: tags, value: x}]", false)]
    [InlineData("[{type: rule_attribute, attribute: id, value: 5d3c3f5e-2b0e-4b58-8f9e-0f6f1b2a3c4d}]", true)]
    [InlineData("[{type: processing_item_applied, processing_item_id: site}]", true)]
    [InlineData("[{type: processing_item_applied, processing_item_id: absent}]", false)]
    [InlineData("[{type: processing_state, key: site, val: north}]", true)]
    [InlineData("[{type: processing_state, key: site, val: south, op: ne}]", true)]
    [InlineData("[{type: processing_state, key: number, val: 10, op: lt}]", true)]
    [InlineData("[{type: processing_state, key: absent, val: 1, op: ne}]", false)]
    [InlineData("[{type: contains_field, field: A}, {type: contains_field, field: X}]", false)]
    [InlineData("[{type: contains_field, field: A}, {type: contains_field, field: X}], rule_cond_op: or", true)]
    [InlineData("[{type: contains_field, field: X}], rule_cond_not: true", true)]
    [InlineData("{a: {type: contains_field, field: A}, x: {type: contains_field, field: X}}, rule_cond_expr: a and not x", true)]
    [InlineData("{a: {type: contains_field, field: A}, x: {type: contains_field, field: X}}, rule_cond_expr: not (a and not x) or x", false)]
    [InlineData("{a: {type: contains_field, field: A}, x: {type: contains_field, field: X}}, rule_cond_expression: x or a and a", true)]
    public void RuleCondition_Holds_OrNot(string conditions, bool holds)
    {
        var pipelines = With("{type: field_name_mapping, mapping: {A: mapped}, rule_conditions: " + conditions + "}");
        var rule = Bench.Rule("selection: {A: one, N: 5, F: true, W: 'x*'}; condition: selection", header: Header);
        Assert.Equal(holds, Bench.Match(pipelines, rule, "mapped=one;N=#5;F=true;W=xy"));
        Assert.Equal(!holds, Bench.Match(pipelines, rule, "A=one;N=#5;F=true;W=xy"));
    }

    [Theory]
    [InlineData("[{type: match_string, cond: any, pattern: 'on'}]", "A")]
    [InlineData("[{type: match_string, cond: any, pattern: 'ne'}]", "")]
    [InlineData("[{type: match_string, cond: all, pattern: 'x', negate: true}]", "A N Z")]
    [InlineData("[{type: match_string, cond: all, pattern: '.*\\*$'}]", "W")]
    [InlineData("[{type: match_value, cond: any, value: 5}]", "N")]
    [InlineData("[{type: match_value, cond: any, value: one}]", "A")]
    [InlineData("[{type: contains_wildcard, cond: any}]", "W")]
    [InlineData("[{type: is_null, cond: any}]", "Z")]
    [InlineData("[{type: processing_item_applied, processing_item_id: first}]", "N")]
    [InlineData("[{type: processing_state, key: site, val: north}]", "A N W Z")]
    [InlineData("[{type: is_null, cond: any}, {type: contains_wildcard, cond: any}], detection_item_cond_op: or", "W Z")]
    [InlineData("[{type: is_null, cond: any}, {type: contains_wildcard, cond: any}], detection_item_cond_op: or, detection_item_cond_not: true", "A N")]
    [InlineData("{n: {type: is_null, cond: all}, w: {type: contains_wildcard, cond: all}}, detection_item_cond_expr: not n and not w", "A N")]
    public void ItemCondition_Holds_ForTheseFields(string conditions, string fields) => AssertMapped(
        With("{type: field_name_suffix, suffix: .m, detection_item_conditions: " + conditions + "}", mark: true), fields);

    [Theory]
    [InlineData("[{type: include_fields, fields: [A, W]}]", "A W")]
    [InlineData("[{type: include_fields, fields: '[AW]', mode: re}]", "A W")]
    [InlineData("[{type: include_fields, fields: [A, Wi], mode: prefix}]", "A")]
    [InlineData("[{type: exclude_fields, fields: [A, W]}]", "N Z")]
    [InlineData("[{type: exclude_fields, fields: ['A', 'N.*'], mode: re}]", "W Z")]
    [InlineData("[{type: processing_item_applied, processing_item_id: first}]", "N")]
    [InlineData("[{type: processing_state, key: number, val: 7, op: gte}]", "A N W Z")]
    [InlineData("[{type: include_fields, fields: A}, {type: include_fields, fields: Z}], field_name_cond_op: or", "A Z")]
    [InlineData("[{type: include_fields, fields: A}], field_name_cond_not: true", "N W Z")]
    [InlineData("{a: {type: include_fields, fields: A}, n: {type: include_fields, fields: [A, N]}}, field_name_cond_expr: n and not a", "N")]
    public void FieldCondition_Holds_ForTheseFields(string conditions, string fields) =>
        AssertMapped(With("{type: field_name_suffix, suffix: .m, field_name_conditions: " + conditions + "}", mark: true), fields);

    [Fact]
    public void EveryCondition_IsInTheTables()
    {
        var used = typeof(ConditionTests).GetMethods().SelectMany(static m => m.GetCustomAttributesData()).SelectMany(static a => a.ConstructorArguments)
            .SelectMany(static a => a.Value is IEnumerable<System.Reflection.CustomAttributeTypedArgument> list ? list.Select(static v => v.Value as string) : [a.Value as string]).OfType<string>().ToArray();
        Assert.All(StepList.RuleTests.Keys.Concat(StepList.ItemTests.Keys).Concat(StepList.FieldTests.Keys), t => Assert.Contains(used, u => u.Contains("type: " + t, StringComparison.Ordinal)));
    }

    private static SigmaPipelines With(string step, bool mark = false) => Bench.Pipelines(
        "- {id: site, type: set_state, key: site, val: north}\n- {type: set_state, key: number, val: 7}\n"
        + (mark ? "- {id: first, type: field_name_mapping, mapping: {M: N}}\n" : "") + "- " + step);

    /// <summary>Exactly these of the rule's four fields got the suffix.</summary>
    private static void AssertMapped(SigmaPipelines pipelines, string fields)
    {
        var mapped = fields.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        var rule = Bench.Rule("selection: {A: one, M: 5, W: 'x*', Z: null}; condition: selection");
        string Name(string field) => mapped.Contains(field) ? field + ".m" : field;
        Assert.True(Bench.Match(pipelines, rule, $"{Name("A")}=one;{Name("N")}=#5;{Name("W")}=xy"));
        Assert.False(Bench.Match(pipelines, rule, $"{Name("A")}=one;{Name("N")}=#5;{Name("W")}=xy;{Name("Z")}=there"));
    }
}
