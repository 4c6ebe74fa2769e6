using System.Diagnostics;
using System.Text;
using Beacon.Detections.Sigma;
using Beacon.Events;
using CsCheck;

namespace Beacon.Detections.Tests.Sigma;

public sealed class SigmaReaderTests
{
    private const string Head = "title: T\nid: 11111111-1111-4111-8111-111111111111\nlevel: low\nlogsource:\n  product: windows\n";

    [Theory]
    [InlineData("  sel:\n    A|nope: 1\n  condition: sel", FaultCodes.Modifier, 8, 5)]
    [InlineData("  sel:\n    A|re|contains: x\n  condition: sel", FaultCodes.Modifier, 8, 5)]
    [InlineData("  sel:\n    A|contains|re: x\n  condition: sel", FaultCodes.Modifier, 8, 5)]
    [InlineData("  sel:\n    A|contains|contains: x\n  condition: sel", FaultCodes.Modifier, 8, 5)]
    [InlineData("  sel:\n    A|i: x\n  condition: sel", FaultCodes.Modifier, 8, 5)]
    [InlineData("  sel:\n    A|utf16: x\n  condition: sel", FaultCodes.Modifier, 8, 5)]
    [InlineData("  sel:\n    A|base64: 'x*'\n  condition: sel", FaultCodes.Modifier, 8, 5)]
    [InlineData("  sel:\n    A|contains: null\n  condition: sel", FaultCodes.Modifier, 8, 5)]
    [InlineData("  sel:\n    A|contains|exists: true\n  condition: sel", FaultCodes.Modifier, 8, 5)]
    [InlineData("  sel:\n    A|exists: maybe\n  condition: sel", FaultCodes.Value, 8, 5)]
    [InlineData("  sel:\n    A|gt: many\n  condition: sel", FaultCodes.Value, 8, 5)]
    [InlineData("  sel:\n    A|hour: 24\n  condition: sel", FaultCodes.Value, 8, 5)]
    [InlineData("  sel:\n    A|cidr: 10.0.0.1/8\n  condition: sel", FaultCodes.Value, 8, 5)]
    [InlineData("  sel:\n    A|re: '('\n  condition: sel", FaultCodes.Value, 8, 5)]
    [InlineData("  sel:\n    A|windash|contains: ' -a -b -c -d -e -f'\n  condition: sel", FaultCodes.TooLarge, 8, 5)]
    [InlineData("  sel:\n    A:\n      b: 1\n  condition: sel", FaultCodes.Structure, 9, 7)]
    [InlineData("  sel: {}\n  condition: sel", FaultCodes.Structure, 7, 8)]
    [InlineData("  sel:\n    A: 1\n    A: 2\n  condition: sel", FaultCodes.Duplicate, 9, 5)]
    [InlineData("  sel:\n    A: 1\n", FaultCodes.Missing, 7, 3)]
    [InlineData("  sel:\n    A: 1\n  condition: sel and other", FaultCodes.Condition, 9, 22)]
    [InlineData("  sel:\n    A: 1\n  condition: sel and", FaultCodes.Condition, 9, 21)]
    [InlineData("  sel:\n    A: 1\n  condition: (sel", FaultCodes.Condition, 9, 18)]
    [InlineData("  sel:\n    A: 1\n  condition: 2 of sel*", FaultCodes.Condition, 9, 14)]
    [InlineData("  sel:\n    A: 1\n  condition: 1 of other*", FaultCodes.Condition, 9, 19)]
    [InlineData("  sel:\n    A: 1\n  condition: sel sel", FaultCodes.Condition, 9, 18)]
    [InlineData("  sel:\n    A: 1\n  condition: sel | count() by B > 5", FaultCodes.Deprecated, 9, 14)]
    [InlineData("  sel:\n    A: 1\n  condition: near sel", FaultCodes.Deprecated, 9, 14)]
    [InlineData("  sel:\n    A: 1\n  timeframe: 5m\n  condition: sel", FaultCodes.Deprecated, 9, 3)]
    public void Read_FaultyDetection_NamesItsPlaceAndCode(string detection, string code, int line, int column)
    {
        var result = SigmaReader.Read("f.yml", Head + "detection:\n" + detection + "\n");
        Assert.Empty(result.Rules);
        var fault = Assert.Single(result.Faults, static f => f.Severity == FaultSeverity.Error);
        Assert.Equal((code, line, column), (fault.Code, fault.Line, fault.Column));
    }

    [Theory]
    [InlineData("action: global\n", FaultCodes.Deprecated)]
    public void Read_DocumentOfAnotherKind_IsRefusedByNameWithAHint(string document, string code)
    {
        var fault = Assert.Single(SigmaReader.Read("f.yml", "title: T\n" + document).Faults);
        Assert.Equal(code, fault.Code);
        Assert.False(fault.Hint.IsEmpty);
    }

    [Fact]
    public void Read_SeveralFaults_AreReportedAtOnce()
    {
        var faults = SigmaReader.Read("f.yml", "id: 7\nlevel: loud\nlogsource: x\ndetection:\n  a:\n    F|nope: 1\n  b:\n    F|gt: x\n  condition: a and c\n").Faults;
        Assert.Equal(7, faults.Count(static f => f.Severity == FaultSeverity.Error));
    }

    [Fact]
    public void Read_SeveralDocuments_AFaultyOneDoesNotTouchItsNeighbours()
    {
        var good = Head + "detection:\n  sel:\n    A: 1\n  condition: sel\n";
        var result = SigmaReader.Read("f.yml", good + "---\ntitle: broken\n---\n" + good.Replace("11111111", "22222222", StringComparison.Ordinal));
        Assert.Equal(2, result.Rules.Count);
        Assert.True(result.HasErrors);
        Assert.StartsWith("title: T", result.Rules[1].Source, StringComparison.Ordinal);
        Assert.DoesNotContain("broken", result.Rules[1].Source, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Rule_KeepsWhatItSays()
    {
        var rule = Assert.Single(SigmaReader.Read("f.yml", Head.Replace("low", "critical", StringComparison.Ordinal) + "description: D\ntags: [attack.t1110]\nfalsepositives:\n  - None\ndetection:\n  sel: &x\n    A: 1\n  two: *x\n  condition: 1 of sel or two\n").Rules);
        Assert.Equal(("T", "11111111-1111-4111-8111-111111111111", Severity.Critical, "D", "windows"), (rule.Title, rule.Id, rule.Level, rule.Description, rule.LogSource.ToString()));
        Assert.Equal(["attack.t1110"], rule.Tags);
        Assert.Equal(["None"], rule.FalsePositives);
    }

    [Fact]
    public void Read_PlaceholderWithValues_TakesThem()
    {
        var text = Head + "detection:\n  sel:\n    A|expand: '%admins%'\n  condition: sel\n";
        Assert.Equal(["admins"], Assert.Single(SigmaReader.Read("f.yml", text).Rules).UnresolvedPlaceholders);
        var options = new SigmaReaderOptions { Placeholders = new Dictionary<string, IReadOnlyList<string>> { ["admins"] = ["alice", "bob"] } };
        Assert.Empty(Assert.Single(SigmaReader.Read("f.yml", text, options).Rules).UnresolvedPlaceholders);
    }

    [Fact]
    public void Read_Bombs_AreRefusedWithinBoundedTime()
    {
        var clock = Stopwatch.StartNew();
        var aliases = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (var i = 1; i < 20; i++) aliases.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat("*a" + (i - 1), 10))}]\n");
        Assert.Contains(SigmaReader.Read("f.yml", aliases.ToString()).Faults, static f => f.Code == FaultCodes.TooLarge);
        Assert.Contains(SigmaReader.Read("f.yml", new string('[', 900_000)).Faults, static f => f.Severity == FaultSeverity.Error);
        Assert.Contains(SigmaReader.Read("f.yml", "a: &a [*a]").Faults, static f => f.Code == FaultCodes.TooLarge);
        Assert.Contains(SigmaReader.Read("f.yml", new string('x', 2_000_000)).Faults, static f => f.Code == FaultCodes.TooLarge);
        Assert.Contains(SigmaReader.Read("f.yml", Head + "detection:\n  s:\n    A: 1\n  condition: " + new string('(', 10_000) + "s\n").Faults, static f => f.Code == FaultCodes.Condition);
        Assert.Contains(SigmaReader.Read("f.yml", Head + "detection:\n  s:\n    A|re: '" + new string('a', 20_000) + "'\n  condition: s\n").Faults, static f => f.Code == FaultCodes.Value);
        // Generous: only something that grows without bound reaches it.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void ReadFile_OfAHundredMegabytes_IsRefusedUnread()
    {
        using var folder = new TestFolder();
        var path = folder.Write("big.yml", Head);
        // Sparse: it has the length and takes no disk.
        using (var file = File.OpenWrite(path)) file.SetLength(100_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = SigmaReader.ReadFile(path);
        Assert.Equal((FaultCodes.TooLarge, path), (Assert.Single(read.Faults).Code, read.Faults[0].File));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Fact]
    public void Read_RandomText_NeverThrows() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["abc:-|{}[]&*!#'\"\\ \n\t0"], 0, 200].Select(static s => Head + "detection:\n  " + s), Gen.String[Gen.Char["()*?, andorthemf1"], 0, 60].Select(static s => Head + "detection:\n  s:\n    A: 1\n  condition: " + s))
            .Sample(static text => Assert.NotNull(SigmaReader.Read("f.yml", text)), iter: 3_000);
}
