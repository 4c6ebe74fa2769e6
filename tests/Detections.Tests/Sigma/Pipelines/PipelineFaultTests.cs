using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Pipelines;
using CsCheck;

namespace Beacon.Detections.Tests.Sigma.Pipelines;

public sealed class PipelineFaultTests
{
    private static IReadOnlyList<SigmaFault> Faults(string text) => SigmaPipelines.ReadText("p.yml", text).Faults;

    [Theory]
    [InlineData("name: a\ntransforms: []\n", "2:1", FaultCodes.Unknown, "transforms")]
    [InlineData("- a\n", "1:1", FaultCodes.Structure, "map")]
    [InlineData("", "1:1", FaultCodes.Missing, "no pipeline")]
    [InlineData("name: [\n", "2:1", FaultCodes.Yaml, "YAML")]
    [InlineData("priority: high\n", "1:11", FaultCodes.Value, "whole number")]
    [InlineData("transformations: {}\n", "1:18", FaultCodes.Structure, "list")]
    [InlineData("transformations:\n  - text\n", "2:5", FaultCodes.Structure, "map")]
    [InlineData("transformations:\n  - {id: a}\n", "2:5", FaultCodes.Missing, "type")]
    [InlineData("transformations:\n  - {type: field_mapping}\n", "2:12", FaultCodes.Unknown, "field_mapping")]
    [InlineData("transformations:\n  - {type: query_expression_placeholders, expression: x}\n", "2:12", FaultCodes.Unsupported, "query_expression_placeholders")]
    [InlineData("transformations:\n  - {type: http_placeholders, url: 'http://x'}\n", "2:12", FaultCodes.Unsupported, "http_placeholders")]
    [InlineData("postprocessing:\n  - {type: embed, prefix: x}\n", "2:3", FaultCodes.Unsupported, "postprocessing")]
    [InlineData("finalizers:\n  - {type: concat}\n", "2:3", FaultCodes.Unsupported, "finalizers")]
    [InlineData("transformations:\n  - type: field_name_mapping\n    mapping: {A: B}\n    maping: {}\n", "4:5", FaultCodes.Unknown, "maping")]
    [InlineData("transformations:\n  - {type: field_name_mapping}\n", "2:5", FaultCodes.Missing, "mapping")]
    [InlineData("transformations:\n  - {type: field_name_mapping, mapping: {A: []}}\n", "2:45", FaultCodes.Value, "1 to 32 names")]
    [InlineData("transformations:\n  - {type: field_name_mapping, mapping: {A: {}}}\n", "2:45", FaultCodes.Structure, "text")]
    [InlineData("transformations:\n  - {type: field_name_prefix_mapping, mapping: {~: x}}\n", "2:49", FaultCodes.Value, "keywords")]
    [InlineData("transformations:\n  - {type: replace_string, regex: '(', replacement: x}\n", "2:35", FaultCodes.Value, "regular expression")]
    [InlineData("transformations:\n  - {type: replace_string, regex: x}\n", "2:5", FaultCodes.Missing, "replacement")]
    [InlineData("transformations:\n  - {type: replace_string, regex: x, replacement: y, interpret_special: true}\n", "2:73", FaultCodes.Value, "skip_special")]
    [InlineData("transformations:\n  - {type: add_condition, conditions: {A|what: 1}}\n", "2:40", FaultCodes.Modifier, "what")]
    [InlineData("transformations:\n  - {type: add_condition}\n", "2:5", FaultCodes.Missing, "conditions")]
    [InlineData("transformations:\n  - {type: change_logsource}\n", "2:12", FaultCodes.Missing, "category")]
    [InlineData("transformations:\n  - {type: convert_type, target_type: date}\n", "2:39", FaultCodes.Value, "date")]
    [InlineData("transformations:\n  - {type: set_value, value: x, force_type: num}\n", "2:30", FaultCodes.Value, "number")]
    [InlineData("transformations:\n  - {type: set_state, key: a, val: [1]}\n", "2:36", FaultCodes.Unsupported, "val")]
    [InlineData("transformations:\n  - {type: field_name_transform, transform_func: reverse}\n", "2:50", FaultCodes.Value, "reverse")]
    [InlineData("transformations:\n  - {type: value_placeholders, include: a, exclude: b}\n", "2:53", FaultCodes.Value, "exclude")]
    [InlineData("transformations:\n  - {type: nest}\n", "2:5", FaultCodes.Missing, "items")]
    [InlineData("transformations:\n  - {id: a, type: wildcard_placeholders}\n  - {id: a, type: wildcard_placeholders}\n", "3:10", FaultCodes.Duplicate, "'a'")]
    [InlineData("transformations:\n  - {type: set_state, key: a, val: 1, field_name_conditions: [{type: include_fields, fields: A}]}\n", "2:5", FaultCodes.Condition, "whole rule")]
    [InlineData("transformations:\n  - {type: wildcard_placeholders, rule_conditions: [{type: logsources}]}\n", "2:60", FaultCodes.Unknown, "logsources")]
    [InlineData("transformations:\n  - {type: wildcard_placeholders, rule_conditions: [{type: logsource}]}\n", "2:60", FaultCodes.Missing, "category")]
    [InlineData("transformations:\n  - {type: wildcard_placeholders, rule_conditions: [{type: tag, tag: loose}]}\n", "2:70", FaultCodes.Value, "namespace")]
    [InlineData("transformations:\n  - {type: wildcard_placeholders, rule_conditions: [{type: rule_attribute, attribute: colour, value: x}]}\n", "2:53", FaultCodes.Unknown, "colour")]
    [InlineData("transformations:\n  - {type: wildcard_placeholders, rule_conditions: [{type: rule_attribute, attribute: level, value: worst}]}\n", "2:101", FaultCodes.Value, "worst")]
    [InlineData("transformations:\n  - {type: wildcard_placeholders, rule_conditions: [{type: rule_attribute, attribute: title, value: x, op: gt}]}\n", "2:108", FaultCodes.Value, "eq and ne")]
    [InlineData("transformations:\n  - {type: wildcard_placeholders, detection_item_conditions: [{type: is_null}]}\n", "2:63", FaultCodes.Missing, "cond")]
    [InlineData("transformations:\n  - {type: wildcard_placeholders, rule_conditions: {a: {type: is_sigma_rule}}, rule_cond_expr: a and b}\n", "2:96", FaultCodes.Condition, "'b'")]
    [InlineData("transformations:\n  - {type: wildcard_placeholders, rule_conditions: {a: {type: is_sigma_rule}, b: {type: is_sigma_rule}}, rule_cond_expr: a}\n", "2:122", FaultCodes.Condition, "'b'")]
    [InlineData("transformations:\n  - {type: wildcard_placeholders, rule_conditions: {a: {type: is_sigma_rule}}, rule_cond_expr: a, rule_cond_op: or}\n", "2:96", FaultCodes.Condition, "exclude")]
    [InlineData("transformations:\n  - {type: wildcard_placeholders, rule_conditions: [{type: is_sigma_rule}], rule_cond_expr: a}\n", "2:93", FaultCodes.Condition, "names")]
    [InlineData("transformations:\n  - {type: wildcard_placeholders, rule_conditions: {a: {type: is_sigma_rule}}, rule_cond_expr: (a}\n", "2:96", FaultCodes.Condition, "')'")]
    public void Read_Fault_NamesItsPlace(string text, string place, string code, string word)
    {
        var (pipelines, faults) = SigmaPipelines.ReadText("p.yml", text);
        var fault = Assert.Single(faults);
        Assert.Equal((place, code, FaultSeverity.Error, "p.yml"), ($"{fault.Line}:{fault.Column}", fault.Code, fault.Severity, fault.File));
        Assert.Contains(word, $"{fault.Message}{fault.Hint}", StringComparison.Ordinal);
        Assert.Empty(pipelines.Names);
    }

    [Fact]
    public void Read_SeveralFaults_AllAtOnce()
    {
        var faults = Faults("nme: x\ntransformations:\n  - {type: nothing}\n  - {type: replace_string, regex: '[', replacement: a, colour: red}\nfinalizers: [{type: json}]\n");
        Assert.Equal(["1:1", "3:12", "4:35", "4:56", "5:13"], faults.Select(static f => $"{f.Line}:{f.Column}"));
    }

    [Theory]
    [InlineData("transformations: [{type: add_field, field: a}]\n", "add_field")]
    [InlineData("transformations: [{type: remove_field, field: [a, b]}]\n", "remove_field")]
    [InlineData("transformations: [{type: set_field, fields: [a]}]\n", "set_field")]
    [InlineData("allowed_backends: [splunk]\ntransformations: []\n", "splunk")]
    public void Read_WhatHasNoEffect_IsAWarningAndThePipelineRuns(string text, string word)
    {
        var (pipelines, faults) = SigmaPipelines.ReadText("p.yml", text);
        Assert.Equal(FaultSeverity.Warning, Assert.Single(faults).Severity);
        Assert.Contains(word, faults[0].Message.ToString(), StringComparison.Ordinal);
        Assert.Equal(["p"], pipelines.Names);
    }

    [Fact]
    public void Read_DeepOrMany_IsRefused()
    {
        var deep = string.Concat(Enumerable.Repeat("{type: nest, items: [", 10)) + "{type: wildcard_placeholders}" + string.Concat(Enumerable.Repeat("]}", 10));
        Assert.Contains(Faults($"transformations: [{deep}]\n"), static f => f.Code == FaultCodes.TooLarge);
        Assert.Contains(Faults("transformations:\n" + string.Concat(Enumerable.Repeat("  - {type: wildcard_placeholders}\n", 5_001))), static f => f.Code == FaultCodes.TooLarge);
        Assert.NotEmpty(Faults("transformations: [{type: wildcard_placeholders, rule_conditions: [" + string.Join(", ", Enumerable.Repeat("{type: is_sigma_rule}", 501)) + "]}]\n"));
        Assert.NotEmpty(Faults("transformations: [{type: wildcard_placeholders, rule_conditions: {a: {type: is_sigma_rule}}, rule_cond_expr: " + new string('(', 200) + "a}]\n"));
    }

    [Fact]
    public void Read_PiecesOfPipelinesAtRandom_AnswersWithFaultsAndNeverThrows()
    {
        string[] pieces =
        [
            "name: x\n", "priority: 3\n", "vars: {a: [b]}\n", "transformations:\n", "  - type: ", "field_name_mapping\n", "replace_string\n", "add_condition\n", "nest\n", "    mapping: {A: B}\n", "    regex: '(a'\n",
            "    conditions: {A: b}\n", "    items:\n", "      - {type: set_state, key: a, val: 1}\n", "    rule_conditions:\n", "      - {type: logsource, product: windows}\n", "    rule_cond_expr: a and\n", "---\n", "&a [*a]\n", "? [x]\n", "\t", "{", "]", "'", ": ", "~", "\0", "é",
        ];
        var rule = Bench.Rule("selection: {A: b}; condition: selection");
        Gen.Int[0, pieces.Length - 1].Array[0, 25].Select(p => string.Concat(p.Select(i => pieces[i]))).Sample(text =>
        {
            var (pipelines, faults) = SigmaPipelines.ReadText("p.yml", text);
            pipelines.Bind(rule);
            Assert.All(faults, static f => Assert.True(f is { Line: > 0, Column: > 0, Message.IsEmpty: false }));
        }, iter: 4_000);
    }

    [Fact]
    public void Bind_SoundStepsAtRandom_EveryRuleOfTheirsIsBoundOrBlind()
    {
        string[] steps =
        [
            "{type: field_name_mapping, mapping: {A: [B, C], B: A, ~: K}}", "{type: field_name_prefix, prefix: p.}", "{type: field_name_suffix, suffix: .s}", "{type: field_name_transform, transform_func: snake_case}",
            "{type: field_name_prefix_mapping, mapping: {p: [q, r]}}", "{type: drop_detection_item, field_name_conditions: [{type: include_fields, fields: '.*C', mode: re}]}", "{type: add_condition, conditions: {A|contains: x}}",
            "{type: add_condition, negated: true, conditions: [{B: 1}, {C|endswith: y}]}", "{type: change_logsource, product: windows, category: process_creation}", "{type: change_logsource, product: nobody}",
            "{type: replace_string, regex: '[ab]+', replacement: '*\\\\'}", "{type: regex}", "{type: case, method: upper}", "{type: set_value, value: 5, field_name_conditions: [{type: include_fields, fields: A}]}",
            "{type: convert_type, target_type: str}", "{type: wildcard_placeholders}", "{type: hashes_fields, valid_hash_algos: MD5, field_name_conditions: [{type: include_fields, fields: H}]}", "{type: map_string, mapping: {a: [b, c]}}",
        ];
        SigmaRule[] rules =
        [
            Bench.Rule("selection: {A: [a, b*], B|contains: c, H: x}; condition: selection"), Bench.Rule("s1: {A|fieldref: B}; s2: [word, other]; condition: s1 or not s2"),
            Bench.Rule("s1: {A|expand: 'x%y%'}; s2: {C|neq: 1, B: null}; condition: all of s*", "{product: windows, category: process_creation}"), Bench.Rule("selection: {A|re: 'a+', C|gt: 5}; condition: selection", "{product: linux}"),
        ];
        Gen.Int[0, steps.Length - 1].Array[1, 8].Sample(chosen =>
        {
            var (pipelines, faults) = SigmaPipelines.ReadText("p.yml", "transformations:\n" + string.Concat(chosen.Select(i => "  - " + steps[i] + "\n")));
            Assert.Empty(faults);
            var set = Beacon.Detections.Matching.RuleSet.Compile(rules, pipelines);
            Assert.All(set.Rules, static r => Assert.True(r.BlindReason is null or { IsEmpty: false }));
            Bench.Match(set, Bench.Event("A=ab;B=c;C=#6;winlog.channel=Microsoft-Windows-Sysmon/Operational;winlog.event_id=#1;host.os.type=linux"));
        }, iter: 1_500);
    }
}
