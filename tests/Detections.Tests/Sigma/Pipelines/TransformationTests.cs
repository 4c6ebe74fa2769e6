using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Tests.Sigma.Pipelines;

public sealed class TransformationTests
{
    [Theory]
    // field_name_mapping: one, several that count as one field, keywords, references; what is not named stays.
    [InlineData("- {type: field_name_mapping, mapping: {Image: proc.path}}", "selection: {Image|endswith: a.exe}; condition: selection", "proc.path=C:\\a.exe", "Image=C:\\a.exe")]
    [InlineData("- {type: field_name_mapping, mapping: {Image: [proc.path, exe]}}", "selection: {Image: a}; condition: selection", "exe=a", "exe=b;proc.path=c")]
    [InlineData("- {type: field_name_mapping, mapping: {Image: [proc.path, exe]}}", "selection: {Image|contains|all: [a, b]}; condition: selection", "exe=a;proc.path=b", "exe=a")]
    [InlineData("- {type: field_name_mapping, mapping: {Image: [proc.path, exe]}}", "selection: {Image: null}; condition: selection", "other=x", "exe=a")]
    [InlineData("- {type: field_name_mapping, mapping: {Image: [proc.path, exe]}}", "selection: {Image|neq: a}; condition: selection", "exe=b", "exe=b;proc.path=a")]
    [InlineData("- {type: field_name_mapping, mapping: {~: text}}", "words: [evil]; condition: words", "text=an evil thing", "other=an evil thing")]
    [InlineData("- {type: field_name_mapping, mapping: {B: renamed}}", "selection: {A|fieldref: B}; condition: selection", "A=x;renamed=x", "A=x;B=x")]
    [InlineData("- {type: field_name_mapping, template: true, mapping: {A: '$product.a'}}", "selection: {A: x}; condition: selection", "acme.a=x", "A=x")]
    // Mapped again by a later step, one name of several among them.
    [InlineData("- {type: field_name_mapping, mapping: {A: [B, C]}}\n- {type: field_name_mapping, mapping: {B: D}}", "selection: {A: x}; condition: selection", "D=x", "B=x")]
    [InlineData("- {type: field_name_prefix_mapping, mapping: {win.: [windows., w.]}}", "selection: {win.proc: x}; condition: selection", "w.proc=x", "win.proc=x")]
    [InlineData("- {type: field_name_prefix, prefix: x.}", "selection: {A: 1}; condition: selection", "x.A=1", "A=1")]
    [InlineData("- {type: field_name_suffix, suffix: .keyword}", "selection: {A: 1}; condition: selection", "A.keyword=1", "A=1")]
    [InlineData("- {type: field_name_transform, transform_func: snake_case}", "selection: {ParentEventID: 1}; condition: selection", "parent_event_id=1", "ParentEventID=1")]
    [InlineData("- {type: field_name_transform, transform_func: lower, mapping: {B: kept}}", "selection: {AB: 1, B: 2}; condition: selection", "ab=1;kept=2", "ab=1;b=2")]
    [InlineData("- {type: field_name_transform, transform_func: upper}", "selection: {ab: 1}; condition: selection", "AB=1", "ab=1")]
    [InlineData("- {type: field_name_transform, transform_func: title}", "selection: {aB.cD: 1}; condition: selection", "Ab.Cd=1", "aB.cD=1")]
    // drop_detection_item: the rest of its selection stays; a selection of which nothing is left drops out.
    [InlineData("- {type: drop_detection_item, field_name_conditions: [{type: include_fields, fields: B}]}", "selection: {A: 1, B: 2}; condition: selection", "A=1", "B=2")]
    [InlineData("- {type: drop_detection_item, field_name_conditions: [{type: include_fields, fields: B}]}", "s1: {A: 1}; s2: {B: 2}; condition: s1 and s2", "A=1", "A=2")]
    [InlineData("- {type: drop_detection_item, field_name_conditions: [{type: include_fields, fields: B}]}", "s1: {A: 1}; s2: {B: 2}; condition: s1 and not s2", "A=1;B=2", "A=2")]
    // add_condition: a map, a list of maps, modifiers, negated, a template.
    [InlineData("- {type: add_condition, conditions: {Zone|startswith: plant}}", "selection: {A: 1}; condition: selection", "A=1;Zone=plant-7", "A=1;Zone=office")]
    [InlineData("- {type: add_condition, conditions: [{Zone: a}, {Zone: b, C|exists: true}]}", "selection: {A: 1}; condition: selection", "A=1;Zone=b;C=x", "A=1;Zone=b")]
    [InlineData("- {type: add_condition, negated: true, conditions: {Zone: test}}", "selection: {A: 1}; condition: selection", "A=1;Zone=live", "A=1;Zone=test")]
    [InlineData("- {type: add_condition, template: true, conditions: {kind: 'x-$product-${category}'}}", "selection: {A: 1}; condition: selection", "A=1;kind=x-acme-", "A=1;kind=x-$product-")]
    // The added condition holds for the whole of an or.
    [InlineData("- {type: add_condition, conditions: {Zone: a}}", "s1: {A: 1}; s2: {B: 1}; condition: s1 or s2", "B=1;Zone=a", "B=1")]
    // An added condition's fields are mapped by what follows.
    [InlineData("- {type: add_condition, conditions: {Zone: a}}\n- {type: field_name_mapping, mapping: {Zone: zone.name}}", "selection: {A: 1}; condition: selection", "A=1;zone.name=a", "A=1;Zone=a")]
    // replace_string: on the whole text with its wildcards, on what stands between them, groups, and numbers.
    [InlineData("- {type: replace_string, regex: '^\\*\\\\', replacement: 'C:\\'}", "selection: {A|endswith: '\\x.exe'}; condition: selection", "A=C:\\x.exe", "A=D:\\x.exe")]
    [InlineData("- {type: replace_string, regex: '\\\\', replacement: '/'}", "selection: {A|contains: '\\a\\b'}; condition: selection", "A=x/a/b/y", "A=x\\a\\b\\y")]
    [InlineData("- {type: replace_string, regex: '(?P<n>[0-9]+)', replacement: '<\\g<n>>\\1'}", "selection: {A: x12}; condition: selection", "A=x<12>12", "A=x12")]
    [InlineData("- {type: replace_string, regex: '^5$', replacement: five}", "selection: {A: 5}; condition: selection", "A=five", "A=5")]
    [InlineData("- {type: replace_string, skip_special: true, regex: '\\*', replacement: star}", "selection: {A: 'a*c'}; condition: selection", "A=abc", "A=abstar")]
    [InlineData("- {type: replace_string, skip_special: true, regex: b, replacement: '*'}", "selection: {A: abc}; condition: selection", "A=a*c", "A=axc")]
    [InlineData("- {type: replace_string, skip_special: true, interpret_special: true, regex: b, replacement: '*'}", "selection: {A: abc}; condition: selection", "A=axxc", "A=axxd")]
    // What the expression does not touch stays what it was, escapes and backslashes before wildcards too.
    [InlineData("- {type: replace_string, regex: zzz, replacement: ''}", "selection: {A: 'a\\*b'}; condition: selection", "A=a*b", "A=axb")]
    [InlineData("- {type: replace_string, regex: zzz, replacement: ''}", "selection: {A: 'C:\\\\*'}; condition: selection", "A=C:\\any", "A=C:*")]
    [InlineData("- {type: replace_string, regex: zzz, replacement: ''}", "selection: {A: '\\\\\\\\host\\\\*'}; condition: selection", "A=\\\\host\\share", "A=\\host\\share")]
    [InlineData("- {type: map_string, mapping: {admin: [root, Administrator], x: y}}", "selection: {A: admin}; condition: selection", "A=administrator", "A=admin")]
    [InlineData("- {type: regex, method: plain}", "selection: {A|startswith: Ab}; condition: selection", "A=Abc", "A=abc")]
    [InlineData("- {type: regex}", "selection: {A|startswith: 'a.?c'}; condition: selection", "A=A.xC\nnext", "A=Abxc")]
    [InlineData("- {type: regex, method: ignore_case_flag}", "selection: {A: 'a+b'}; condition: selection", "A=A+B", "A=xa+b")]
    [InlineData("- {type: case, method: upper}", "selection: {A|cased: ab}; condition: selection", "A=AB", "A=ab")]
    [InlineData("- {type: case}", "selection: {A|cased: AB}; condition: selection", "A=ab", "A=AB")]
    [InlineData("- {type: case, method: snake_case}", "selection: {A|cased: FileCreated}; condition: selection", "A=file_created", "A=FileCreated")]
    [InlineData("- {type: set_value, value: 7}", "selection: {A: [1, 2]}; condition: selection", "A=#7", "A=#1")]
    [InlineData("- {type: set_value, value: 'x*', force_type: str}", "selection: {A: 1}; condition: selection", "A=xyz", "A=1")]
    [InlineData("- {type: set_value, value: null}", "selection: {A: 1}; condition: selection", "B=1", "A=1")]
    [InlineData("- {type: convert_type, target_type: str}\n- {type: replace_string, skip_special: true, regex: '^true$', replacement: 'yes'}", "selection: {A: true}; condition: selection", "A=yes", "A=true")]
    [InlineData("- {type: convert_type, target_type: num}\n- {type: add_condition, conditions: {ok: 1}, rule_conditions: [{type: contains_detection_item, field: A, value: 5}]}", "selection: {A: '5'}; condition: selection", "A=5;ok=1", "A=5")]
    [InlineData("- {type: hashes_fields, valid_hash_algos: [MD5, SHA1], field_prefix: File, field_name_conditions: [{type: include_fields, fields: Hashes}]}",
        "selection: {Hashes|contains: ['SHA1=5F1CBC3D99558307BC1250D084FA968521482025', 'md5=987B65CD9B9F4E9A1AFD8F8B48CF64A7']}; condition: selection", "FileSHA1=5f1cbc3d99558307bc1250d084fa968521482025", "Hashes=SHA1=5F1CBC3D99558307BC1250D084FA968521482025")]
    [InlineData("- {type: hashes_fields, valid_hash_algos: MD5, field_prefix: hash, drop_algo_prefix: true, field_name_conditions: [{type: include_fields, fields: Hashes}]}",
        "selection: {Hashes: 987B65CD9B9F4E9A1AFD8F8B48CF64A7}; condition: selection", "hash=987B65CD9B9F4E9A1AFD8F8B48CF64A7", "hashMD5=987B65CD9B9F4E9A1AFD8F8B48CF64A7")]
    [InlineData("- {type: hashes_fields, valid_hash_algos: [MD5]}", "selection: {A: word}; condition: selection", "A=word", "A=other")]
    [InlineData("- {type: wildcard_placeholders}", "selection: {A|expand: 'C:\\%dir%\\x'}; condition: selection", "A=C:\\any\\x", "A=C:\\any\\y")]
    [InlineData("- {type: wildcard_placeholders, include: dir}", "selection: {A|contains|expand: 'b%dir%c'}; condition: selection", "A=xbacx", "A=xbx")]
    [InlineData("- {type: value_placeholders}", "selection: {A|expand: '%hosts%.%zone%'}; condition: selection", "A=b.plant", "A=c.plant")]
    [InlineData("- {type: value_placeholders, exclude: zone}\n- {type: wildcard_placeholders}", "selection: {A|expand: '%hosts%.%zone%'}; condition: selection", "A=a.anything", "A=c.plant")]
    [InlineData("- {type: value_placeholders}", "selection: {A|expand|endswith: '%zone%'}; condition: selection", "A=the plant", "A=the plant's")]
    // nest: under its conditions, in order.
    [InlineData("- {type: nest, rule_conditions: [{type: logsource, product: acme}], items: [{type: field_name_mapping, mapping: {A: B}}, {type: nest, items: [{type: field_name_mapping, mapping: {B: C}}]}]}",
        "selection: {A: 1}; condition: selection", "C=1", "B=1")]
    [InlineData("- {type: nest, rule_conditions: [{type: logsource, product: other}], items: [{type: field_name_mapping, mapping: {A: B}}]}", "selection: {A: 1}; condition: selection", "A=1", "B=1")]
    // change_logsource: the built-in pipelines see the new one, here with its fields and its events.
    [InlineData("- {type: change_logsource, product: linux, service: sshd}\n- {type: add_condition, conditions: {log.syslog.appname: sshd}}", "selection: {User: root}; condition: selection", "log.syslog.appname=sshd;user.name=root", "user.name=root")]
    // States and attributes.
    [InlineData("- {type: set_state, key: site, val: 7}\n- {type: field_name_mapping, mapping: {A: B}, rule_conditions: [{type: processing_state, key: site, val: 5, op: gt}]}", "selection: {A: 1}; condition: selection", "B=1", "A=1")]
    [InlineData("- {type: set_custom_attribute, attribute: team, value: red}\n- {type: field_name_mapping, mapping: {A: B}, rule_conditions: [{type: rule_attribute, attribute: team, value: red}]}", "selection: {A: 1}; condition: selection", "B=1", "A=1")]
    public void Apply_Transformation_ChangesWhatMatches(string transformations, string detection, string matching, string other)
    {
        var pipelines = Bench.Pipelines(transformations, "vars: {hosts: [a, b], zone: plant}\n");
        var rule = Bench.Rule(detection);
        Assert.True(Bench.Match(pipelines, rule, matching));
        Assert.False(Bench.Match(pipelines, rule, other));
    }

    [Theory]
    [InlineData("- {type: rule_failure, message: 'not on this plant'}", "selection: {A: 1}; condition: selection", "not on this plant")]
    [InlineData("- {type: detection_item_failure, message: 'B is not kept', field_name_conditions: [{type: include_fields, fields: B}]}", "selection: {A: 1, B: 1}; condition: selection", "B is not kept")]
    [InlineData("- {type: field_name_mapping, mapping: {A: a}}\n- {type: strict_field_mapping_failure}", "selection: {A: 1, B: 1}; condition: selection", "no pipeline maps the fields B")]
    [InlineData("- {type: drop_detection_item}", "selection: {A: 1}; condition: selection", "pipelines dropped every condition")]
    [InlineData("- {type: convert_type, target_type: num}", "selection: {A: word}; condition: selection", "the value 'word' is no number")]
    [InlineData("- {type: hashes_fields, valid_hash_algos: [MD5]}", "selection: {Hashes: word}; condition: selection", "no hash of MD5")]
    [InlineData("- {type: value_placeholders}", "selection: {A|expand: '%unknown%'}; condition: selection", "%unknown%")]
    [InlineData("- {type: value_placeholders}", "selection: {A|expand: '%many%%many%%many%'}; condition: selection", "more than 5000 values")]
    [InlineData("- {type: replace_string, regex: '^(a+)+$(?<=b)', replacement: x}", "selection: {A: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac'}; condition: selection", "took too long")]
    [InlineData("- {type: change_logsource, product: nobody}", "selection: {process.name: 1}; condition: selection", "no parser of this version reads logs of nobody")]
    public void Apply_WhatCannotBeRun_IsBlindWithTheReason(string transformations, string detection, string reason)
    {
        var many = string.Join(", ", Enumerable.Range(0, 40).Select(static i => "v" + i));
        Assert.Contains(reason, Bench.Blind(Bench.Pipelines(transformations, $"vars: {{many: [{many}]}}\n"), Bench.Rule(detection)) ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_ValuesThatMultiply_StopAtTheCeiling()
    {
        var values = string.Join(", ", Enumerable.Range(0, 100).Select(static i => "v" + i));
        var more = string.Join(", ", Enumerable.Range(0, 100).Select(i => $"v{i}: [{values}]"));
        Assert.Contains("more than 5000 values", Bench.Blind(Bench.Pipelines($"- {{type: map_string, mapping: {{{more}}}}}"), Bench.Rule($"selection: {{A: [{values}]}}; condition: selection")), StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_SlowExpression_IsTriedAFewTimesOnly()
    {
        var pipelines = Bench.Pipelines("- {type: replace_string, regex: '^(a+)+$(?<=b)', replacement: x}");
        var rule = Bench.Rule("selection: {A: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac'}; condition: selection");
        var expression = new BoundedRegex(new System.Text.RegularExpressions.Regex("^(a+)+$(?<=b)", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromMilliseconds(1)));
        for (var i = 0; i < BoundedRegex.MaxTimeouts; i++) Assert.Throws<System.Text.RegularExpressions.RegexMatchTimeoutException>(() => expression.MatchesAtStart(new string('a', 60) + "c"));
        // It is no longer asked, whatever the text.
        Assert.Throws<System.Text.RegularExpressions.RegexMatchTimeoutException>(() => expression.MatchesAtStart(""));
        Assert.Contains("took too long", Bench.Blind(pipelines, rule), StringComparison.Ordinal);
    }

    [Fact]
    public void EveryTransformation_IsInTheTables()
    {
        var used = typeof(TransformationTests).GetMethods().SelectMany(static m => m.GetCustomAttributesData()).SelectMany(static a => a.ConstructorArguments)
            .SelectMany(static a => a.Value is IEnumerable<System.Reflection.CustomAttributeTypedArgument> list ? list.Select(static v => v.Value as string) : [a.Value as string]).OfType<string>().ToArray();
        var left = StepList.Transformations.Keys.Where(t => !used.Any(u => u.Contains("type: " + t, StringComparison.Ordinal))).Except(["add_field", "remove_field", "set_field"]).ToArray();
        Assert.Empty(left);
    }
}
