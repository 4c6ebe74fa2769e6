using Beacon.Detections.Rules;
using Beacon.Detections.Tests.Corpora;

namespace Beacon.Detections.Tests.Rules;

public sealed class RuleCheckTests(ITestOutputHelper output)
{
    [Fact]
    public void Run_AllRulesOfTheCorpus_FindsNoErrorAndFewWarnings()
    {
        var check = RuleCheck.Run(Directory.EnumerateFiles(Shared.Find("corpora/sigma"), "*.yml", SearchOption.AllDirectories).Order(StringComparer.Ordinal), cancellation: TestContext.Current.CancellationToken);
        foreach (var code in check.Findings.CountBy(static f => $"{f.Severity} {f.Code}")) output.WriteLine($"{code.Value,5} {code.Key}");
        Assert.False(check.HasErrors);
        Assert.Equal(SigmaCorpus.Files.Count, check.Rules);
        // Its own collectors check it: what is found beyond a handful would be our fault.
        Assert.InRange(check.Findings.Count(static f => f.Severity == Detections.Sigma.FaultSeverity.Warning), 0, 40);
    }
}
