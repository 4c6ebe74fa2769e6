using Beacon.Web.Commands.Scan;

namespace Beacon.Web.Tests.Commands.Scan;

public sealed class MatchSorterTests
{
    private static readonly DateTimeOffset Time = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 10)]
    [InlineData(9, 10)]
    [InlineData(10, 10)]
    // More runs than are merged at once, so that merged ones are merged again.
    [InlineData(5_003, 7)]
    public void Sorted_MatchesBeyondTheCeiling_ComeBackInOrder(int count, int most)
    {
        var random = new Random(count);
        var matches = Enumerable.Range(0, count).Select(i => ScanTestRules.Match(Time.AddSeconds(random.Next(count / 3 + 1)), $"f#{i}é", random.Next(2) == 0 ? ScanTestRules.High : ScanTestRules.Low, $"h{i % 5}")).ToList();
        using var sorter = new MatchSorter(most);
        foreach (var match in matches) sorter.Add(match);

        var sorted = sorter.Sorted().ToList();

        Assert.Equal(matches.OrderBy(static m => m.Time).Select(static m => (m.Time, m.Event, m.Host, m.Rule.Id)), sorted.Select(static m => (m.Time, m.Event, m.Host, m.Rule.Id)));
        Assert.Equal(count < most ? 0 : count, sorter.Spilled);
    }

    [Fact]
    public void Dispose_AfterSpilling_LeavesNoFile()
    {
        var before = Directory.EnumerateFiles(Path.GetTempPath(), "beacon-scan-*").Count();
        using (var sorter = new MatchSorter(2))
        {
            for (var i = 0; i < 9; i++) sorter.Add(ScanTestRules.Match(Time));
            Assert.NotEmpty(sorter.Sorted());
        }
        Assert.Equal(before, Directory.EnumerateFiles(Path.GetTempPath(), "beacon-scan-*").Count());
    }
}
