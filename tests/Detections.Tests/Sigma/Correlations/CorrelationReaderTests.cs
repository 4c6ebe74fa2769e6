using System.Diagnostics;
using Beacon.Detections.Correlation;
using Beacon.Detections.Matching;
using Beacon.Detections.Rules;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Correlations;
using Beacon.Detections.Tests.Correlation;
using Beacon.Events;
using CsCheck;

namespace Beacon.Detections.Tests.Sigma.Correlations;

public sealed class CorrelationReaderTests
{
    private const string Head = "title: T\nid: 11111111-1111-4111-8111-111111111111\nlevel: low\ncorrelation:\n";
    private const string Good = "  type: event_count\n  rules: [a]\n  group-by: [user.name]\n  timespan: 5m\n  condition: {gte: 3}\n";

    [Fact]
    public void Read_Correlation_KeepsWhatItSays()
    {
        var read = SigmaReader.Read("f.yml", Head.Replace("title: T", "title: T\nname: top\ndescription: D\nstatus: test\nauthor: A\ntags: [attack.t1110]\nfalsepositives: [None]\nreferences: [https://example.org]", StringComparison.Ordinal)
            + "  type: value_count\n  rules:\n    - a\n    - 00000000-0000-4000-8000-00000000000b\n  group-by:\n    - who\n  timespan: 90m\n  condition:\n    field: [user.name, host.name]\n    gt: 5\n    lte: 9\n  aliases:\n    who:\n      a: user.name\n  generate: true\n");
        Assert.Empty(read.Faults);
        var c = Assert.Single(read.Correlations);
        Assert.Equal(("T", "top", "11111111-1111-4111-8111-111111111111", Severity.Low, "D", "test", "A", true), (c.Title, c.Name, c.Id, c.Level, c.Description, c.Status, c.Author, c.Generate));
        Assert.Equal((SigmaCorrelationType.ValueCount, TimeSpan.FromMinutes(90)), (c.Type, c.Timespan));
        Assert.Equal(["a", "00000000-0000-4000-8000-00000000000b"], c.Rules);
        Assert.Equal(["who"], c.GroupBy);
        Assert.Equal("user.name", Assert.Single(c.Aliases).Fields["a"]);
        Assert.Equal("> 5 and <= 9", c.Condition.ToString());
        Assert.Equal(["user.name", "host.name"], c.Condition.Fields);
        Assert.Equal(["attack.t1110"], c.Tags);
        Assert.StartsWith("title: T", c.Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("  rules: [a]\n  group-by: [b]\n  timespan: 5m\n  condition: {gte: 3}\n", FaultCodes.Missing, 5, 3)]
    [InlineData("  type: count\n  rules: [a]\n  group-by: [b]\n  timespan: 5m\n  condition: {gte: 3}\n", FaultCodes.Unknown, 5, 9)]
    [InlineData("  type: event_count\n  group-by: [b]\n  timespan: 5m\n  condition: {gte: 3}\n", FaultCodes.Missing, 5, 3)]
    [InlineData("  type: event_count\n  rules: [a]\n  timespan: 5m\n  condition: {gte: 3}\n", FaultCodes.Missing, 5, 3)]
    [InlineData("  type: event_count\n  rules: [a]\n  group-by: [b]\n  condition: {gte: 3}\n", FaultCodes.Missing, 5, 3)]
    [InlineData("  type: event_count\n  rules: [a]\n  group-by: [b]\n  timespan: 5m\n", FaultCodes.Missing, 5, 3)]
    [InlineData("  type: event_count\n  rules: [a, A]\n  group-by: [b]\n  timespan: 5m\n  condition: {gte: 3}\n", FaultCodes.Duplicate, 6, 14)]
    [InlineData("  type: event_count\n  rules: [a]\n  group-by: [b]\n  timespan: 5 m\n  condition: {gte: 3}\n", FaultCodes.Value, 8, 13)]
    [InlineData("  type: event_count\n  rules: [a]\n  group-by: [b]\n  timespan: 0s\n  condition: {gte: 3}\n", FaultCodes.Value, 8, 13)]
    [InlineData("  type: event_count\n  rules: [a]\n  group-by: [b]\n  timespan: 13M\n  condition: {gte: 3}\n", FaultCodes.Value, 8, 13)]
    [InlineData("  type: event_count\n  rules: [a]\n  group-by: [b]\n  timespan: 5m\n  condition: {gte: many}\n", FaultCodes.Value, 9, 20)]
    [InlineData("  type: event_count\n  rules: [a]\n  group-by: [b]\n  timespan: 5m\n  condition: {gte: 1.5}\n", FaultCodes.Value, 9, 20)]
    [InlineData("  type: event_count\n  rules: [a]\n  group-by: [b]\n  timespan: 5m\n  condition: {gte: 50001}\n", FaultCodes.TooLarge, 9, 20)]
    [InlineData("  type: event_count\n  rules: [a]\n  group-by: [b]\n  timespan: 5m\n  condition: {min: 1}\n", FaultCodes.Unknown, 9, 15)]
    [InlineData("  type: event_count\n  rules: [a]\n  group-by: [b]\n  timespan: 5m\n  condition: {}\n", FaultCodes.Missing, 9, 14)]
    [InlineData("  type: event_count\n  rules: [a]\n  group-by: [b]\n  timespan: 5m\n  condition: {gte: 3, field: c}\n", FaultCodes.Condition, 9, 30)]
    [InlineData("  type: temporal\n  rules: [a, b]\n  group-by: [b]\n  timespan: 5m\n  condition: {gte: 2, field: c}\n", FaultCodes.Condition, 9, 30)]
    [InlineData("  type: value_count\n  rules: [a]\n  group-by: [b]\n  timespan: 5m\n  condition: {gte: 3}\n", FaultCodes.Missing, 9, 14)]
    [InlineData("  type: value_sum\n  rules: [a]\n  group-by: [b]\n  timespan: 5m\n  condition: {gte: 3, field: [c, d]}\n", FaultCodes.Condition, 9, 30)]
    [InlineData("  type: value_sum\n  rules: [a]\n  group-by: [b]\n  timespan: 5m\n  condition: {gte: 3, field: c, percentile: 5}\n", FaultCodes.Condition, 9, 45)]
    [InlineData("  type: value_percentile\n  rules: [a]\n  group-by: [b]\n  timespan: 5m\n  condition: {gte: 3, field: c, percentile: 101}\n", FaultCodes.Value, 9, 45)]
    [InlineData("  type: event_count\n  rules: [a]\n  group-by: [b]\n  timespan: 5m\n  condition: {gt: 5, lt: 6}\n", FaultCodes.Condition, 9, 14)]
    [InlineData("  type: event_count\n  rules: [a]\n  group-by: [b]\n  timespan: 5m\n  condition: {lt: 1}\n", FaultCodes.Condition, 9, 14)]
    [InlineData("  type: temporal\n  rules: [a, b]\n  group-by: [b]\n  timespan: 5m\n  condition: {gte: 3}\n", FaultCodes.Condition, 9, 14)]
    [InlineData("  type: event_count\n  rules: [a]\n  group-by: [b]\n  timespan: 5m\n  condition: a and b\n", FaultCodes.Condition, 9, 14)]
    [InlineData("  type: temporal\n  rules: [a, b]\n  group-by: [b]\n  timespan: 5m\n  condition: a\n", FaultCodes.Condition, 6, 14)]
    [InlineData("  type: temporal\n  rules: [a, b]\n  group-by: [b]\n  timespan: 5m\n  condition: a and b and c\n", FaultCodes.Condition, 9, 26)]
    [InlineData("  type: temporal\n  rules: [a, b]\n  group-by: [b]\n  timespan: 5m\n  condition: a and (b\n", FaultCodes.Condition, 9, 22)]
    [InlineData("  type: temporal\n  rules: [a, b]\n  group-by: [b]\n  timespan: 5m\n  condition: not a and not b\n", FaultCodes.Condition, 9, 29)]
    [InlineData("  type: temporal_ordered\n  rules: [a, b, c, d, e, f, g, h, i, j, k]\n  group-by: [b]\n  timespan: 5m\n", FaultCodes.TooLarge, 6, 10)]
    [InlineData("  type: event_count\n  rules: [a]\n  group-by: [b]\n  timespan: 5m\n  condition: {gte: 3}\n  aliases:\n    b:\n      other: c\n", FaultCodes.Unknown, 12, 7)]
    [InlineData("  type: event_count\n  rules: [a]\n  group-by: [b]\n  timespan: 5m\n  condition: {gte: 3}\n  generate: often\n", FaultCodes.Value, 10, 13)]
    [InlineData("  type: event_count\n  rules: [a]\n  group-by: [b]\n  timespan: 5m\n  condition: {gte: 3}\n  groupby: [c]\n", FaultCodes.Unknown, 10, 3)]
    public void Read_FaultyCorrelation_NamesItsPlaceAndCode(string correlation, string code, int line, int column)
    {
        var result = SigmaReader.Read("f.yml", Head + correlation);
        Assert.Empty(result.Correlations);
        var fault = Assert.Single(result.Faults, static f => f.Severity == FaultSeverity.Error);
        Assert.Equal((code, line, column), (fault.Code, fault.Line, fault.Column));
    }

    [Fact]
    public void Read_SeveralFaults_AreReportedAtOnce()
    {
        var faults = SigmaReader.Read("f.yml", "id: 7\nlevel: loud\ncorrelation:\n  type: x\n  rules: [{}]\n  timespan: 9z\n  condition: {gt: x}\n  aliases: []\n  extra: 1\n").Faults;
        Assert.Equal(10, faults.Count(static f => f.Severity == FaultSeverity.Error));
    }

    [Theory]
    [InlineData("30s", 30)]
    [InlineData("5m", 300)]
    [InlineData("2h", 7_200)]
    [InlineData("1d", 86_400)]
    [InlineData("1w", 604_800)]
    [InlineData("1M", 2_629_746)]
    [InlineData("1y", 31_556_952)]
    public void Read_Timespan_KnowsEveryUnit(string text, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), SigmaTimespan.Read(text));

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("5")]
    [InlineData("-5m")]
    [InlineData("5M5s")]
    [InlineData("5.5m")]
    [InlineData("99999999s")]
    [InlineData("999999999y")]
    public void Read_NoTimespan_IsNull(string text) => Assert.Null(SigmaTimespan.Read(text));

    [Theory]
    [InlineData("sel | count() by source.ip > 5", "event_count", "{gt: 5}")]
    [InlineData("sel | count(user.name) by source.ip >= 5", "value_count", "{field: user.name, gte: 5}")]
    [InlineData("sel | sum(bytes) by source.ip > 1000", "value_sum", "{field: bytes, gt: 1000}")]
    [InlineData("sel | count() < 5", "event_count", "{lt: 5}")]
    public void Read_OldAggregation_GetsTheDocumentThatReplacesIt(string condition, string type, string bound)
    {
        var text = $"title: T\nid: 11111111-1111-4111-8111-111111111111\nlevel: low\nlogsource: {{product: linux}}\ndetection:\n  sel:\n    A: 1\n  timeframe: 10m\n  condition: {condition}\n";
        var fault = Assert.Single(SigmaReader.Read("f.yml", text).Faults, static f => f.Message.Contains('|', StringComparison.Ordinal));
        var document = fault.Hint[fault.Hint.IndexOf('{', StringComparison.Ordinal)..];
        Assert.Contains(bound, document, StringComparison.Ordinal);
        var correlation = Assert.Single(SigmaReader.Read("f.yml", document).Correlations);
        Assert.Equal((type, TimeSpan.FromMinutes(10)), (correlation.Type.Name(), correlation.Timespan));
    }

    [Fact]
    public void Read_OldNear_GetsATemporalCorrelation()
    {
        var fault = Assert.Single(SigmaReader.Read("f.yml", "title: T\nlevel: low\nid: 11111111-1111-4111-8111-111111111111\nlogsource: {product: linux}\ndetection:\n  a:\n    A: 1\n  b:\n    B: 1\n  condition: a | near b\n").Faults);
        var correlation = Assert.Single(SigmaReader.Read("f.yml", fault.Hint[fault.Hint.IndexOf('{', StringComparison.Ordinal)..]).Correlations);
        Assert.Equal(["a", "b"], correlation.Rules);
    }

    [Fact]
    public void Compile_UnknownReference_IsAFaultAtItsPlaceAndBlind()
    {
        var read = SigmaReader.Read("f.yml", Timeline.Rules("a") + "---\n" + Head + Good.Replace("[a]", "\n    - a\n    - nobody", StringComparison.Ordinal));
        var set = Compile(read);
        var fault = Assert.Single(set.Faults);
        Assert.Equal((FaultCodes.Unknown, 21, 7), (fault.Code, fault.Line, fault.Column));
        Assert.Contains("'nobody'", set.Correlations[0].BlindReason?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_NameOfTwoRules_IsAFault()
    {
        var text = Timeline.Rules("a") + Timeline.Rules("b").Replace("name: b", "name: a", StringComparison.Ordinal) + "---\n" + Head + Good;
        Assert.Contains("several rules", Assert.Single(Compile(SigmaReader.Read("f.yml", text)).Faults).Message.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_Circle_IsRefusedByName()
    {
        var text = Timeline.Rules("a") + Timeline.Rule("temporal", "[a, second]", "", name: "first", id: 1) + Timeline.Rule("temporal", "[a, first]", "", name: "second", id: 2);
        var set = Compile(SigmaReader.Read("f.yml", text));
        Assert.Contains("'first' → 'second' → 'first'", Assert.Single(set.Faults).Message.ToString(), StringComparison.Ordinal);
        Assert.All(set.Correlations, static c => Assert.NotNull(c.BlindReason));
    }

    [Fact]
    public void Compile_TooManyAboveEachOther_IsRefused()
    {
        var text = Timeline.Rules("a");
        for (var i = 1; i <= 20; i++) text += Timeline.Rule("event_count", i == 1 ? "[a]" : $"[c{i - 1}]", "{gte: 2}", name: $"c{i}", id: i);
        var set = Compile(SigmaReader.Read("f.yml", text));
        Assert.NotEmpty(set.Faults);
        Assert.Equal(CorrelationLimits.MaxDepth, set.Correlations.Count(static c => c.BlindReason is null));
    }

    [Fact]
    public void Compile_LevelNotGiven_IsTheHighestOfItsRules()
    {
        var text = Timeline.Rules("a", "b").Replace("name: b\n", "name: b\nstatus: test\n", StringComparison.Ordinal) + "---\n" + Head.Replace("level: low\n", "", StringComparison.Ordinal) + Good.Replace("[a]", "[a, b]", StringComparison.Ordinal);
        Assert.Equal(Severity.Low, Assert.Single(Compile(SigmaReader.Read("f.yml", text)).Correlations).Level);
        text = text.Replace("status: test\nid: 00000000-0000-4000-8000-00000000000b\nlevel: low", "status: test\nid: 00000000-0000-4000-8000-00000000000b\nlevel: critical", StringComparison.Ordinal);
        Assert.Equal(Severity.Critical, Assert.Single(Compile(SigmaReader.Read("f.yml", text)).Correlations).Level);
    }

    [Fact]
    public void Compile_RuleBlindOrOff_IsBlindWithItsName()
    {
        var blind = Timeline.Rules("a").Replace("product: linux\n  service: sshd", "product: nothing", StringComparison.Ordinal) + "---\n" + Head + Good;
        Assert.Contains("'Rule a' is blind", Compile(SigmaReader.Read("f.yml", blind)).Correlations[0].BlindReason?.ToString(), StringComparison.Ordinal);
        var read = SigmaReader.Read("f.yml", Timeline.Rules("a") + "---\n" + Head + Good);
        Assert.Contains("'Rule a' is switched off", CorrelationSet.Compile(RuleSet.Empty, read.Rules, read.Correlations).Correlations[0].BlindReason?.ToString(), StringComparison.Ordinal);
        var field = SigmaReader.Read("f.yml", Timeline.Rules("a") + "---\n" + Head + Good.Replace("user.name", "NoSuchField", StringComparison.Ordinal));
        Assert.Contains("NoSuchField", Compile(field).Correlations[0].BlindReason?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_Generate_SilencesRulesOfTheSameFileOnly()
    {
        var text = Timeline.Rules("a") + "---\n" + Head + Good;
        var id = "00000000-0000-4000-8000-00000000000a";
        Assert.True(Compile(SigmaReader.Read("f.yml", text)).IsSilent(id));
        Assert.False(Compile(SigmaReader.Read("f.yml", text + "  generate: true\n")).IsSilent(id));
        Assert.False(Compile(SigmaReader.Read("f.yml", text + "generate: true\n")).IsSilent(id));
        var (rules, correlations) = (SigmaReader.Read("rules.yml", Timeline.Rules("a")).Rules, SigmaReader.Read("own.yml", Head + Good).Correlations);
        Assert.False(CorrelationSet.Compile(RuleSet.Compile(rules), rules, correlations).IsSilent(id));
    }

    [Fact]
    public void Load_FilesInAnyOrder_ResolvesAcrossThem()
    {
        var folder = Directory.CreateTempSubdirectory("beacon-correlation");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "1.yml"), Head + Good);
            File.WriteAllText(Path.Combine(folder.FullName, "2.yml"), Timeline.Rules("a"));
            var load = RuleLoad.From([.. Directory.GetFiles(folder.FullName).Order(StringComparer.Ordinal)]);
            Assert.Empty(load.Faults);
            Assert.Null(Assert.Single(load.Correlations.Correlations).BlindReason);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Read_MutatedDocuments_NeverThrow()
    {
        var clock = Stopwatch.StartNew();
        string[] seeds =
        [
            Timeline.Rules("a", "b") + "---\n" + Head + Good,
            Timeline.Rules("a", "b") + Timeline.Rule("temporal_ordered", "[a, b]", "a and not (b or a)", more: "  aliases:\n    x:\n      a: b\n") + Timeline.Rule("value_percentile", "[top]", "{field: a, percentile: 5, lt: 5}", name: "up", id: 2),
            Timeline.Rules("a") + "---\ntitle: F\nlogsource:\n  product: linux\nfilter:\n  rules: [a]\n  selection:\n    user.name: root\n  condition: not selection\n",
        ];
        Gen.Select(Gen.Int[0, seeds.Length - 1], Gen.Select(Gen.Int[0, 5_000], Gen.Int[0, 3], Gen.Char["abgn:-|{}[]&*!#'\"() \n\t05,~"]).Array[1, 8]).Sample((seed, changes) =>
        {
            var text = seeds[seed].ToList();
            foreach (var (place, kind, c) in changes)
            {
                var at = place % text.Count;
                if (kind == 0) text.Insert(at, c);
                else if (kind == 1) text[at] = c;
                else if (kind == 2) text.RemoveAt(at);
                else text.InsertRange(at, text.GetRange(at, Math.Min(20, text.Count - at)));
            }
            var read = SigmaReader.Read("f.yml", new string([.. text]));
            Assert.NotNull(Compile(read));
            Assert.NotNull(RuleLinks.Faults(LoadedRule.Of(read, isUser: true)));
        }, iter: 5_000);
        // Generous: only something that grows without bound reaches it.
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void Read_Huge_IsRefusedWithinBoundedTime()
    {
        var clock = Stopwatch.StartNew();
        var names = string.Join(", ", Enumerable.Range(0, 20_000).Select(static i => "r" + i));
        Assert.Contains(SigmaReader.Read("f.yml", Head + Good.Replace("[a]", $"[{names}]", StringComparison.Ordinal)).Faults, static f => f.Code == FaultCodes.TooLarge);
        Assert.Contains(SigmaReader.Read("f.yml", Head + $"  type: temporal\n  group-by: [b]\n  timespan: 5m\n  condition: {new string('(', 1_900)}\n").Faults, static f => f.Code == FaultCodes.Condition);
        Assert.Contains(SigmaReader.Read("f.yml", Head + $"  type: temporal\n  group-by: [b]\n  timespan: 5m\n  condition: {names.Replace(",", " and", StringComparison.Ordinal)}\n").Faults, static f => f.Code == FaultCodes.TooLarge);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60));
    }

    private static CorrelationSet Compile(SigmaReadResult read) => CorrelationSet.Compile(RuleSet.Compile(read.Rules), read.Rules, read.Correlations);
}
