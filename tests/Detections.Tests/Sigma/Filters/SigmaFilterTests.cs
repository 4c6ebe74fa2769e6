using Beacon.Detections.Matching;
using Beacon.Detections.Rules;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Filters;
using Beacon.Detections.Tests.Correlation;
using Beacon.Events;

namespace Beacon.Detections.Tests.Sigma.Filters;

public sealed class SigmaFilterTests
{
    private const string Rules = "title: One\nname: one\nid: 00000000-0000-4000-8000-000000000001\nlevel: low\nlogsource:\n  product: linux\n  service: sshd\ndetection:\n  selection:\n    event.action: a\n  condition: selection\n"
        + "---\ntitle: Two\nid: 00000000-0000-4000-8000-000000000002\nlevel: low\nlogsource:\n  product: linux\n  service: sudo\ndetection:\n  selection:\n    event.action: a\n  other:\n    event.action: b\n  condition: 1 of them\n";

    private const string Head = "---\ntitle: Our backup\nid: 00000000-0000-4000-8000-00000000000f\nlogsource:\n  product: linux\n";

    [Theory]
    [InlineData("filter:\n  rules: [one]\n  selection:\n    user.name: backup\n  condition: not selection\n", true, false)]
    [InlineData("filter:\n  rules: [00000000-0000-4000-8000-000000000001]\n  selection:\n    user.name: backup\n  condition: not selection\n", true, false)]
    [InlineData("filter:\n  rules: any\n  selection:\n    user.name: backup\n  condition: not selection\n", true, true)]
    [InlineData("filter:\n  rules: ANY\n  selection:\n    user.name: backup\n  condition: not 1 of sel*\n", true, true)]
    [InlineData("filter:\n  rules:\n    - one\n    - 00000000-0000-4000-8000-000000000002\n  selection:\n    user.name: nobody\n  condition: selection\n", true, true)]
    public void Apply_Filter_IsAddedToTheConditionsOfItsRules(string filter, bool one, bool two)
    {
        var rules = Applied(Rules + Head + filter, out var faults);
        Assert.Empty(faults);
        Assert.Equal([one ? "Our backup" : "", two ? "Our backup" : ""], rules.Select(static r => string.Join(',', r.Filters)));
        Assert.Equal((!one, !two), (Matches(rules[0], "sshd", "backup"), Matches(rules[1], "sudo", "backup")));
        // The rule's text stays what was written.
        Assert.DoesNotContain("backup", rules[0].Source, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_ConditionThatSelects_KeepsOnlyWhatItSelects()
    {
        // The filter's condition and the rule's must both hold, as they are written.
        var rules = Applied(Rules + Head + "filter:\n  rules: [one]\n  selection:\n    user.name: backup\n  condition: selection\n", out _);
        Assert.True(Matches(rules[0], "sshd", "backup"));
        Assert.False(Matches(rules[0], "sshd", "root"));
    }

    [Fact]
    public void Apply_SameNamesOfSelections_DoNotClash()
    {
        var rules = Applied(Rules + Head + "filter:\n  rules: any\n  selection:\n    user.name: backup\n  other:\n    user.name: restore\n  condition: not (selection or other)\n", out _);
        Assert.Equal([true, false, false], new[] { "root", "backup", "restore" }.Select(u => Matches(rules[0], "sshd", u)));
        Assert.Equal([true, false, false], new[] { "root", "backup", "restore" }.Select(u => Matches(rules[1], "sudo", u)));
        var kept = Applied(Rules + Head + "filter:\n  rules: any\n  selection:\n    user.name: root\n  condition: selection\n", out _);
        var set = RuleSet.Compile(kept);
        Assert.Contains(set.Explain(Event("sshd", "root"), set.Rules[0]), static m => m.Selection == "Our backup: selection");
    }

    [Fact]
    public void Apply_TwoFilters_BothCount()
    {
        var second = Head.Replace("Our backup", "Our scanner", StringComparison.Ordinal).Replace("00000000000f", "00000000000e", StringComparison.Ordinal);
        var rules = Applied(Rules + Head + "filter:\n  rules: [one]\n  s:\n    user.name: backup\n  condition: not s\n" + second + "filter:\n  rules: [one]\n  s:\n    user.name: scan\n  condition: not s\n", out _);
        Assert.Equal(["Our backup", "Our scanner"], rules[0].Filters);
        Assert.Equal([true, false, false], new[] { "root", "backup", "scan" }.Select(u => Matches(rules[0], "sshd", u)));
    }

    [Fact]
    public void Apply_UnknownRule_IsAnErrorAtItsPlace()
    {
        Applied(Rules + Head + "filter:\n  rules: [one, nobody]\n  s:\n    user.name: x\n  condition: not s\n", out var faults);
        var fault = Assert.Single(faults);
        Assert.Equal((FaultCodes.Unknown, FaultSeverity.Error, 31, 16), (fault.Code, fault.Severity, fault.Line, fault.Column));
    }

    [Fact]
    public void Apply_LogSourceDoesNotFit_IsAWarningAndNotApplied()
    {
        var rules = Applied(Rules + Head.Replace("product: linux", "product: linux\n  service: sudo", StringComparison.Ordinal) + "filter:\n  rules: [one]\n  s:\n    user.name: backup\n  condition: not s\n", out var faults);
        Assert.Equal((FaultCodes.LogSource, FaultSeverity.Warning), (Assert.Single(faults).Code, faults[0].Severity));
        Assert.Empty(rules[0].Filters);
        Applied(Rules + Head.Replace("linux", "windows", StringComparison.Ordinal) + "filter:\n  rules: any\n  s:\n    user.name: backup\n  condition: not s\n", out faults);
        Assert.Contains("no rule is of the filter's log source", Assert.Single(faults).Message.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("filter:\n  s:\n    A: 1\n  condition: not s\n", FaultCodes.Missing)]
    [InlineData("filter:\n  rules: []\n  s:\n    A: 1\n  condition: not s\n", FaultCodes.Missing)]
    [InlineData("filter:\n  rules: any\n  s:\n    A: 1\n", FaultCodes.Missing)]
    [InlineData("filter:\n  rules: any\n  s:\n    A: 1\n  condition: not t\n", FaultCodes.Condition)]
    [InlineData("filter:\n  rules: any\n  s:\n    A: 1\n  condition: [not s]\n", FaultCodes.Structure)]
    [InlineData("filter:\n  rules: any\n  s:\n    A|nope: 1\n  condition: not s\n", FaultCodes.Modifier)]
    [InlineData("filter:\n  rules: {a: b}\n  s:\n    A: 1\n  condition: not s\n", FaultCodes.Structure)]
    [InlineData("filter: any\n", FaultCodes.Structure)]
    public void Read_FaultyFilter_IsRefused(string filter, string code)
    {
        var read = SigmaReader.Read("f.yml", Head + filter);
        Assert.Empty(read.Filters);
        Assert.Equal(code, Assert.Single(read.Faults, static f => f.Severity == FaultSeverity.Error).Code);
    }

    [Fact]
    public void Read_FilterWithoutLogSource_IsRefused() =>
        Assert.Contains(SigmaReader.Read("f.yml", "title: F\nid: 00000000-0000-4000-8000-00000000000f\nfilter:\n  rules: any\n  s:\n    A: 1\n  condition: not s\n").Faults, static f => f is { Code: FaultCodes.Missing, Severity: FaultSeverity.Error });

    [Fact]
    public void Load_FilterInAFileOfItsOwn_CountsForRulesAndCorrelations()
    {
        var folder = Directory.CreateTempSubdirectory("beacon-filter");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "rules.yml"), Timeline.Rules("a") + Timeline.Rule("event_count", "[a]", "{gte: 1}", groupBy: "[user.name]"));
            File.WriteAllText(Path.Combine(folder.FullName, "filter.yml"), Head + "filter:\n  rules: [a]\n  s:\n    user.name: backup\n  condition: not s\n");
            var load = RuleLoad.From(Directory.GetFiles(folder.FullName));
            Assert.Empty(load.Faults);
            Assert.Equal(["Our backup"], load.Rules.Single().Filters);
            var run = new Beacon.Detections.Correlation.CorrelationRun(load.Correlations);
            foreach (var user in new[] { "backup", "root" })
            {
                var matches = new List<CompiledRule>();
                var e = Event("sshd", user);
                load.Set.Match(e, matches);
                foreach (var rule in matches) run.Observe(rule, e, user);
            }
            Assert.Equal("root", Assert.Single(run.Finish()).Group[0].Value);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IReadOnlyList<SigmaRule> Applied(string text, out List<SigmaFault> faults)
    {
        var read = SigmaReader.Read("f.yml", text);
        Assert.DoesNotContain(read.Faults, static f => f.Severity == FaultSeverity.Error);
        faults = [];
        return SigmaFilters.Apply(read.Rules, read.Filters, faults);
    }

    private static bool Matches(SigmaRule rule, string module, string user)
    {
        var matches = new List<CompiledRule>();
        RuleSet.Compile([rule]).Match(Event(module, user), matches);
        return matches.Count > 0;
    }

    private static SecurityEvent Event(string module, string user)
    {
        var e = new SecurityEvent { Timestamp = Timeline.Start };
        e.Add("event.module", module);
        e.Add("event.action", "a");
        e.Add("user.name", user);
        return e;
    }
}
