using System.Globalization;
using System.Text;
using Beacon.Collectors;
using Beacon.Collectors.Files;
using Beacon.Detections.Correlation;
using Beacon.Detections.Rules;
using Beacon.Detections.Sigma;
using Beacon.Events;
using Beacon.Web.Commands.Scan;

namespace Beacon.Web.Tests.Commands.Scan;

public sealed class ScanEngineTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-scan-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Run_BigFileOnSeveralThreads_GivesEachMatchOnceInTheOrderOfTheFile()
    {
        Write("big.ndjson", 20_000);
        Write("small.ndjson", 3);
        var expected = Run(1, ScanFilter.All, out var one);
        var actual = Run(4, ScanFilter.All, out var four);
        Assert.Equal(20_003, one.Events);
        Assert.Equal(one, four);
        Assert.Equal(expected, actual);
        // Every tenth is root's, and matches both rules, the more severe first.
        Assert.Equal(22_004, actual.Count);
        Assert.Equal(("big.ndjson#1", ScanTestRules.HighId), (actual[0].Event, actual[0].Rule));
        Assert.Equal("big.ndjson#2", actual[2].Event);
        Assert.EndsWith("#3", actual[^1].Event, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_TimeRange_IsFromInclusiveToExclusive()
    {
        Write("a.ndjson", 100);
        var found = Run(2, new ScanFilter(Start.AddSeconds(10), Start.AddSeconds(12), Severity.Informational), out var totals);
        Assert.Equal(["a.ndjson#11", "a.ndjson#12"], found.Select(static f => f.Event).Distinct());
        Assert.Equal((100, 98), (totals.Events, totals.Outside));
    }

    [Fact]
    public void Run_LeastLevel_LeavesLowerRulesOut()
    {
        Write("a.ndjson", 20);
        Assert.Equal([ScanTestRules.HighId], Run(2, ScanFilter.All with { Least = Severity.Medium }, out _).Select(static f => f.Rule).Distinct());
    }

    [Fact]
    public void Run_OutputThatFails_EndsWithItsReason()
    {
        Write("a.ndjson", 20_000);
        var engine = new ScanEngine(ScanTestRules.Set, CorrelationSet.Empty, CollectorsModule.CreateParsers(), "auto", ScanFilter.All, explain: false);
        Assert.Throws<IOException>(() => engine.Run(Files(), 4, static _ => throw new IOException("full"), static _ => { }, cancellation: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Run_Cancelled_Stops()
    {
        Write("a.ndjson", 20_000);
        using var stop = new CancellationTokenSource();
        var engine = new ScanEngine(ScanTestRules.Set, CorrelationSet.Empty, CollectorsModule.CreateParsers(), "auto", ScanFilter.All, explain: false);
        Assert.ThrowsAny<OperationCanceledException>(() => engine.Run(Files(), 4, _ => stop.Cancel(), static _ => { }, cancellation: stop.Token));
    }

    [Fact]
    public void Run_Explain_SaysWhereEachRuleMatched()
    {
        Write("a.ndjson", 1);
        var engine = new ScanEngine(ScanTestRules.Set, CorrelationSet.Empty, CollectorsModule.CreateParsers(), "auto", ScanFilter.All, explain: true);
        var matches = new List<ScanMatch>();
        engine.Run(Files(), 1, matches.Add, static _ => { }, cancellation: TestContext.Current.CancellationToken);
        var field = Assert.Single(matches[0].Matched);
        Assert.Equal(("selection", "user.name", "root"), (field.Selection, field.Field, field.Value));
    }

    [Fact]
    public void Run_BrokenLines_AreFaultsInTheirOrder()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "a.ndjson"), "{\"a\":1}\n{\"broken\n{\"b\":1}\n{\"broken\n");
        var faults = new List<EventFileFault>();
        var engine = new ScanEngine(ScanTestRules.Set, CorrelationSet.Empty, CollectorsModule.CreateParsers(), "auto", ScanFilter.All, explain: false);
        var totals = engine.Run(Files(), 2, static _ => { }, faults.Add, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(["line 2", "line 4"], faults.Select(static f => f.Place));
        Assert.Equal(2, totals.Faults);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Run_Correlation_CountsOverAllFilesInOrderOfTimeAndSilencesItsRule(int threads)
    {
        Write("a.ndjson", 20_000);
        var rules = Path.Combine(_folder.FullName, "many.yml");
        File.WriteAllText(rules,
            "title: Root Signed In Often\nid: 9b7f6f0e-7a39-4df5-9f66-0e2f6b6f9d13\ncorrelation:\n  type: event_count\n  rules: [root]\n  group-by: [host.name]\n  timespan: 15s\n  condition: { gte: 2 }\nlevel: high\n---\n"
            + "title: Root Signed In\nname: root\nid: 9b7f6f0e-7a39-4df5-9f66-0e2f6b6f9d11\nlogsource: { product: linux, service: sshd }\ndetection:\n  selection: { user.name: root }\n  condition: selection\nlevel: low\n");
        var load = RuleLoad.From([rules]);
        Assert.DoesNotContain(load.Faults, static f => f.Severity == FaultSeverity.Error);
        var found = new List<ScanMatch>();
        var totals = new ScanEngine(load.Set, load.Correlations, CollectorsModule.CreateParsers(), "auto", ScanFilter.All, explain: false)
            .Run([(Path.Combine(_folder.FullName, "a.ndjson"), "a.ndjson")], threads, found.Add, static f => Assert.Fail(f.Reason.ToString()), cancellation: TestContext.Current.CancellationToken);
        Assert.NotEmpty(found);
        Assert.All(found, static m => Assert.Equal("Root Signed In Often", m.Rule.Title));
        Assert.Equal(("a.ndjson#11", "bas-01"), (found[0].Event, found[0].Host));
        Assert.Equal(found.OrderBy(static m => m.Time), found);
        Assert.Equal((found.Count, 0L), (totals.Matches, totals.Forgotten));
    }

    private List<(string Event, string Rule)> Run(int threads, ScanFilter filter, out ScanTotals totals)
    {
        var found = new List<(string, string)>();
        totals = new ScanEngine(ScanTestRules.Set, CorrelationSet.Empty, CollectorsModule.CreateParsers(), "auto", filter, explain: false)
            .Run(Files(), threads, m => found.Add((m.Event, m.Rule.Id)), static f => Assert.Fail(f.Reason.ToString()), cancellation: TestContext.Current.CancellationToken);
        return found;
    }

    private IEnumerable<(string, string)> Files() => EventFileReader.EnumerateFiles(_folder.FullName).Select(static f => (f, Path.GetFileName(f)));

    private void Write(string name, int events)
    {
        var text = new StringBuilder();
        for (var i = 0; i < events; i++)
            text.Append(CultureInfo.InvariantCulture, $"{{\"@timestamp\":\"{Start.AddSeconds(i):yyyy-MM-dd'T'HH:mm:ss'Z'}\",\"event.module\":\"sshd\",\"host.name\":\"bas-01\",\"user.name\":\"{(i % 10 == 0 ? "root" : "ann")}\"}}\n");
        File.WriteAllText(Path.Combine(_folder.FullName, name), text.ToString());
    }
}
