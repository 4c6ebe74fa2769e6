using Beacon.Detections.Matching;
using Beacon.Detections.Sigma;

namespace Beacon.Detections.Tests.Corpora;

public sealed class SigmaCorpusTests(ITestOutputHelper output)
{
    [Fact]
    public void Read_AllRulesOfTheCorpus_NoneIsRefused()
    {
        Shared.Find("corpora/sigma");
        var errors = SigmaCorpus.Files.SelectMany(static f => f.Faults).Where(static f => f.Severity == FaultSeverity.Error).ToArray();
        Assert.True(errors.Length == 0, string.Join('\n', errors.Take(30)));
        Assert.Equal(SigmaCorpus.Files.Count, SigmaCorpus.Rules.Rules.Count);
    }

    [Fact]
    public void Compile_AllRulesOfTheCorpus_FewAreBlindAndSayWhy()
    {
        Shared.Find("corpora/sigma");
        var blind = SigmaCorpus.Rules.Rules.Where(static r => r.BlindReason is not null).ToArray();
        foreach (var group in blind.GroupBy(static r => r.BlindReason).OrderByDescending(static g => g.Count())) output.WriteLine($"{group.Count(),5} {group.Key}");
        output.WriteLine($"{blind.Length} blind of {SigmaCorpus.Rules.Rules.Count}; {SigmaCorpus.Rules.AlwaysEvaluated} without a needle");
        Assert.InRange(blind.Length, 0, 17);
        // The reason names what is missing: the log source, the field, or the placeholder.
        Assert.All(blind, static r => Assert.True(
            r.BlindReason!.ToString().Contains(r.Rule.LogSource.ToString(), StringComparison.Ordinal) || (r.Rule.LogSource.Category.Length > 0 && r.BlindReason.ToString().Contains(r.Rule.LogSource.Category, StringComparison.Ordinal))
            || r.BlindReason.ToString().Contains("the placeholder %", StringComparison.Ordinal), r.Rule.Title + ": " + r.BlindReason));
    }

    [Fact]
    public void Match_AllRulesOnTheEventsOfTheCorpora_GivesExactlyTheKnownPairs()
    {
        var events = Shared.Find("peers/events.ndjson.xz");
        var known = File.ReadLines(Shared.Find("corpora/sigma-matches.tsv")).Where(static l => l.Length > 0 && l[0] != '#')
            .Select(static l => l.Split('\t')).Select(static l => (Record: l[0][(l[0].LastIndexOf('#') + 1)..].Split('~')[0], Rule: l[1])).Order().ToArray();
        var found = new List<(string Record, string Rule)>();
        var matches = new List<CompiledRule>();
        foreach (var line in Shared.XzLines(events))
        {
            var e = FlatWindowsEvents.Read(line);
            matches.Clear();
            SigmaCorpus.Rules.Match(e, matches);
            var record = e.GetText("winlog.record_id")!;
            foreach (var rule in matches)
            {
                found.Add((record, rule.Rule.Id));
                Assert.NotEmpty(rule.Rule.Title);
            }
        }
        found.Sort();
        var missing = Difference(known, found);
        var extra = Difference(found, known);
        foreach (var pair in missing) output.WriteLine($"missing {pair}");
        foreach (var pair in extra) output.WriteLine($"extra {pair}");
        Assert.Equal(known.Length, found.Count);
        Assert.Empty(missing);
        Assert.Empty(extra);
    }

    private static List<(string, string)> Difference(IReadOnlyList<(string, string)> from, IReadOnlyList<(string, string)> taken)
    {
        var counts = taken.CountBy(static t => t).ToDictionary();
        var left = new List<(string, string)>();
        foreach (var pair in from)
        {
            if (counts.GetValueOrDefault(pair) > 0) counts[pair]--;
            else left.Add(pair);
        }
        return left;
    }
}
