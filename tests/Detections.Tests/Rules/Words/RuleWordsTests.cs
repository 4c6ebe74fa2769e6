using Beacon.Detections.Rules.Words;
using Beacon.Detections.Sigma;
using Beacon.Detections.Tests.Corpora;

namespace Beacon.Detections.Tests.Rules.Words;

public sealed class RuleWordsTests
{
    [Theory]
    [InlineData("selection: { Image|endswith: '\\powershell.exe', CommandLine|contains: [' -enc', ' -EncodedCommand'] }\n  filter: { ParentImage: 'C:\\svc.exe' }", "selection and not filter",
        "A started process whose Image ends with '\\powershell.exe' and whose CommandLine contains ' -enc' or ' -EncodedCommand', unless it is one whose ParentImage is 'C:\\svc.exe'.",
        "新启动的进程，其中：Image 以“\\powershell.exe”结尾，且 CommandLine 包含“ -enc”或“ -EncodedCommand”；但 ParentImage 为“C:\\svc.exe” 的除外。")]
    [InlineData("a: [{ Image|endswith: 'a' }, { OriginalFileName: 'b' }]\n  c: { CommandLine|contains|all: [x, y, z] }", "a and c",
        "A started process (whose Image ends with 'a' or whose OriginalFileName is 'b') and whose CommandLine contains all of 'x', 'y', 'z'.",
        "新启动的进程，其中：（Image 以“a”结尾，或 OriginalFileName 为“b”），且 CommandLine 包含全部“x”、“y”、“z”。")]
    [InlineData("a: { Image: a }\n  b: { Image: b }", "a or b",
        "A started process either whose Image is 'a'; or whose Image is 'b'.",
        "新启动的进程，其中：Image 为“a”；或 Image 为“b”。")]
    [InlineData("a: { Image: a }\n  f1: { User: x }\n  f2: { User: null }\n  f3: { User: '' }", "a and not 1 of f*",
        "A started process whose Image is 'a'. Left out is one whose User is 'x'; one whose User is absent or without a value; one whose User is empty.",
        "新启动的进程，其中：Image 为“a”。以下情况除外：User 为“x”；User 不存在或没有值；User 为空。")]
    [InlineData("a: { Image|startswith: a, User|exists: false, ProcessId|gte: 5, ProcessId|lt: 9 }", "a",
        "A started process whose Image begins with 'a' and whose User is absent and whose ProcessId is at least 5 and whose ProcessId is below 9.",
        "新启动的进程，其中：Image 以“a”开头，且 User 不存在，且 ProcessId 不小于 5，且 ProcessId 小于 9。")]
    [InlineData("a: { CommandLine|re|i: 'a.+b', Image: 'x*y?', User|fieldref: Owner }", "a",
        "A started process whose CommandLine matches the regular expression /a.+b/i and whose Image is of the form 'x*y?' and whose User equals the field Owner.",
        "新启动的进程，其中：CommandLine 匹配正则表达式 /a.+b/i，且 Image 形如“x*y?”，且 User 与字段 Owner 的值相同。")]
    [InlineData("a: { CommandLine|contains|windash: ' -x' }\n  k: [one, two]", "a and k",
        "A started process whose CommandLine contains ' -x' (with any kind of dash) and with 'one' or 'two' anywhere in it.",
        "新启动的进程，其中：CommandLine 包含“ -x”（任意形式的连字符），且 任一字段含有“one”或“two”。")]
    [InlineData("a: { Image: a }\n  b: { User: [x, y], Company: z }", "a or not b",
        "A started process either whose Image is 'a'; or whose User is none of 'x', 'y'; or whose Company is not 'z'.",
        "新启动的进程，其中：Image 为“a”；或 User 不为“x”、“y”中的任何一个；或 Company 不为“z”。")]
    [InlineData("a: { Image: a }\n  b: [{ User: x, Company: z }, { User: y }]", "not (not a) and b",
        "A started process whose Image is 'a' and ((whose User is 'x' and whose Company is 'z') or whose User is 'y').",
        "新启动的进程，其中：Image 为“a”，且 （（User 为“x”，且 Company 为“z”），或 User 为“y”）。")]
    [InlineData("a: { DestinationIp|cidr: 10.0.0.0/8, Image|cased: A }", "not a",
        "A started process, unless it is one whose DestinationIp lies in 10.0.0.0/8 and whose Image is 'A' (case counts).",
        "新启动的进程；但 DestinationIp 属于网段 10.0.0.0/8，且 Image 为“A”（区分大小写） 的除外。")]
    public void Of_Condition_SaysItInBothLanguages(string selections, string condition, string english, string chinese)
    {
        var rule = Rule(selections, condition);
        Assert.Equal(english, RuleWords.Of(rule));
        Assert.Equal(chinese, RuleWords.Of(rule, "zh-Hans"));
    }

    [Theory]
    [InlineData("{ product: aws, service: cloudtrail }", "An event of AWS cloudtrail ", "AWS cloudtrail 的事件")]
    [InlineData("{ category: webserver }", "A request to a web server ", "对 Web 服务器的请求")]
    public void Of_LogSource_GivesTheSubject(string source, string english, string chinese)
    {
        var rule = Rule("a: { x: 1 }", "a", source);
        Assert.StartsWith(english, RuleWords.Of(rule), StringComparison.Ordinal);
        Assert.StartsWith(chinese, RuleWords.Of(rule, "zh-CN"), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_LongRule_IsBounded()
    {
        var many = string.Join("\n  ", Enumerable.Range(0, 200).Select(static i => $"s{i}: {{ F{i}|contains: [{string.Join(", ", Enumerable.Range(0, 30).Select(v => $"'{new string('v', 100)}{v}'"))}] }}"));
        foreach (var language in RuleWords.Languages)
        {
            var text = RuleWords.Of(Rule(many, "all of s*"), language);
            Assert.InRange(text.Length, 1_000, RuleWords.MaxLength + 1);
        }
        var clauses = RuleWords.Of(Rule(string.Join("\n  ", Enumerable.Range(0, 60).Select(static i => $"s{i}: {{ F: {i} }}")), "all of s*"));
        Assert.EndsWith(" and further conditions.", clauses, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_EveryRuleOfTheCorpus_IsSaidInBothLanguages()
    {
        Shared.Find("corpora/sigma");
        foreach (var rule in SigmaCorpus.Files.SelectMany(static f => f.Rules))
        {
            var (english, chinese) = (RuleWords.Of(rule), RuleWords.Of(rule, "zh-Hans"));
            Assert.True(english.EndsWith('.') || english.EndsWith('…'), english);
            Assert.True(chinese.EndsWith('。') || chinese.EndsWith('…'), chinese);
            Assert.True(english.Length > 20 && chinese.Length > 6);
        }
    }

    private static SigmaRule Rule(string selections, string condition, string source = "{ category: process_creation, product: windows }")
    {
        var read = SigmaReader.Read("r.yml", $"title: T\nid: 6f0c3c2e-52d5-4f3b-9d8e-0d6a0c8f3a11\nlogsource: {source}\ndetection:\n  {selections}\n  condition: {condition}\nlevel: low\n");
        Assert.DoesNotContain(read.Faults, static f => f.Severity == FaultSeverity.Error);
        return read.Rules[0];
    }
}
