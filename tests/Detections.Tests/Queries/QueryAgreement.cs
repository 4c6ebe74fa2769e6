using Beacon.Collectors;
using Beacon.Collectors.Files;
using Beacon.Detections.Matching;
using Beacon.Detections.Queries;
using Beacon.Detections.Sigma;
using Beacon.Detections.Tests.Corpora;
using Beacon.Detections.Tests.Matching;
using Beacon.Events;
using CsCheck;

namespace Beacon.Detections.Tests.Queries;

/// <summary>What every store must answer to rules as queries: exactly the events that match in stream. A store's class says how to open an empty one.</summary>
public abstract class QueryAgreement(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static CancellationToken None => TestContext.Current.CancellationToken;

    protected IEventStore Store { get; private set; } = null!;

    protected abstract Task<IEventStore> OpenEmptyAsync();
    protected abstract ValueTask CloseAsync();

    public async ValueTask InitializeAsync() => Store = await OpenEmptyAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Hunt_EveryRuleOfTheCorpusOnAllEventsOfTheCorpora_FindsWhatMatchesInStream()
    {
        var rules = SigmaCorpus.Files.SelectMany(static f => f.Rules).ToList();
        var events = CorporaEvents();
        var expected = await StoreAsync(events, SigmaCorpus.Rules);
        var exact = 0;
        long candidates = 0, hits = 0;
        var wrong = new List<string>();
        await Parallel.ForEachAsync(rules, new ParallelOptions { MaxDegreeOfParallelism = 3, CancellationToken = None }, async (rule, stop) =>
        {
            var hunt = new RuleHunt(Store, rule);
            var found = new List<long>();
            await foreach (var batch in hunt.FindAsync(TimeRange.Unbounded, stop)) found.AddRange(batch.Select(static e => e.Sequence));
            Interlocked.Add(ref candidates, hunt.Candidates);
            Interlocked.Add(ref hits, found.Count);
            if (hunt.Query.IsExact) Interlocked.Increment(ref exact);
            if (expected.GetValueOrDefault(rule.Id, []).SequenceEqual(found.Order())) return;
            lock (wrong) wrong.Add($"{rule.Id} {rule.Title}: expected {string.Join(',', expected.GetValueOrDefault(rule.Id, []).Take(9))}, found {string.Join(',', found.Order().Take(9))}, exact {hunt.Query.IsExact}");
        });
        output.WriteLine($"{rules.Count} rules, {exact} exact; {events.Count} events; {candidates} candidates, {hits} hits");
        Assert.True(wrong.Count == 0, $"{wrong.Count} rules differ\n{string.Join('\n', wrong.Take(30))}");
        Assert.True(hits > 600, $"{hits} hits");
    }

    [Fact]
    public async Task Hunt_RandomRulesOnRandomEvents_FindsWhatMatchesInStream()
    {
        var events = Generate(AgreementTests.Event, 400);
        var rules = Generate(AgreementTests.Rule, 500).Select(static t => SigmaReader.Read("r.yml", t)).SelectMany(static r => r.Rules).Where(static r => RuleSet.BlindReasonOf(r) is null).ToList();
        Assert.True(rules.Count > 200, $"only {rules.Count} rules");
        var numbered = rules.Select((r, i) => (Rule: r, Set: RuleSet.Compile([r]), Index: i)).ToList();
        await StoreAsync(events, RuleSet.Empty);
        var wrong = new List<string>();
        long hits = 0;
        await Parallel.ForEachAsync(numbered, new ParallelOptions { MaxDegreeOfParallelism = 3, CancellationToken = None }, async (item, stop) =>
        {
            var expected = events.Where(e => { var m = new List<CompiledRule>(); item.Set.Match(e, m); return m.Count > 0; }).Select(static e => e.Sequence).ToList();
            var found = new List<long>();
            await foreach (var batch in new RuleHunt(Store, item.Rule).FindAsync(TimeRange.Unbounded, stop)) found.AddRange(batch.Select(static e => e.Sequence));
            Interlocked.Add(ref hits, found.Count);
            if (expected.SequenceEqual(found.Order())) return;
            var missing = expected.Except(found).Take(3).Select(n => "missing " + EcsJson.ToText(events[(int)n - 1]));
            var extra = found.Except(expected).Take(3).Select(n => "extra " + EcsJson.ToText(events[(int)n - 1]));
            lock (wrong) wrong.Add($"{item.Rule.Source}\n{string.Join('\n', missing.Concat(extra))}\n{RuleQuery.Of(item.Rule).Filter}");
        });
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {rules.Count} rules differ\n{string.Join("\n\n", wrong.Take(3))}");
        Assert.True(hits > 1_000, $"{hits} hits");
    }

    /// <summary>Stores the events, numbered from 1, and gives the numbers of those that each rule matches in stream.</summary>
    private async Task<Dictionary<string, List<long>>> StoreAsync(List<SecurityEvent> events, RuleSet set)
    {
        var expected = new Dictionary<string, List<long>>();
        var matches = new List<CompiledRule>();
        for (var i = 0; i < events.Count; i++)
        {
            var e = events[i];
            (e.Sequence, e.Id, e.Source) = (i + 1, SecurityEventId.From(7, i + 1), "test");
            e.Timestamp = e.Received = Start.AddMilliseconds(i);
            matches.Clear();
            set.Match(e, matches);
            foreach (var match in matches)
            {
                if (!expected.TryGetValue(match.Rule.Id, out var list)) expected[match.Rule.Id] = list = [];
                list.Add(e.Sequence);
            }
        }
        foreach (var batch in events.Chunk(2_000)) await Store.AppendAsync(batch, batch[^1].Sequence, None);
        return expected;
    }

    private static List<SecurityEvent> CorporaEvents()
    {
        var events = new List<SecurityEvent>();
        var reader = new EventFileReader(CollectorsModule.CreateParsers());
        foreach (var folder in new[] { "corpora/evtx", "corpora/sigma-regression" })
            foreach (var file in EventFileReader.EnumerateFiles(Shared.Find(folder))) reader.Read(file, "auto", (e, _) => events.Add(e.Clone()), static _ => { });
        return events;
    }

    private static List<T> Generate<T>(Gen<T> gen, int count)
    {
        var all = new List<T>();
        gen.Sample(v => { lock (all) all.Add(v); }, iter: count);
        return all;
    }
}
