using Beacon.Events;

namespace Beacon.Storage.Tests;

/// <summary>Counts, series and terms not seen before.</summary>
public abstract partial class EventStoreContract
{
    [Fact]
    public async Task Histogram_CountsByInterval()
    {
        await FillAsync();
        var buckets = await Store.HistogramAsync(EventFilter.All, new TimeRange(Noon, Noon.AddSeconds(60)), TimeSpan.FromSeconds(2), None);
        Assert.Equal([(0, 1L), (2, 2L), (4, 2L)], buckets.Select(b => ((int)(b.Start - Noon).TotalSeconds, b.Count)));
    }

    [Fact]
    public async Task TopValues_AreTheLargestFirst()
    {
        var events = new[] { "a", "b", "b", "c", "c", "c" }.Select((u, i) => Event(i + 1, ("user.name", u), ("x.y", u))).ToList();
        await Store.AppendAsync(events, 6, None);
        Assert.Equal([new ValueCount("c", 3), new ValueCount("b", 2)], await Store.TopValuesAsync(EventFilter.All, TimeRange.Unbounded, "user.name", 2, None));
        Assert.Equal([new ValueCount("c", 3), new ValueCount("b", 2)], await Store.TopValuesAsync(EventFilter.All, TimeRange.Unbounded, "x.y", 2, None));
    }

    [Fact]
    public async Task Group_CountsAndDistinctCounts_AboveTheThreshold()
    {
        var events = Enumerable.Range(1, 10).Select(n => Event(n, ("source.ip", n <= 7 ? "10.0.0.1" : "10.0.0.2"), ("user.name", "u" + n % 3))).ToList();
        events.Add(Event(11, ("user.name", "no address")));
        await Store.AppendAsync(events, 11, None);

        var counted = await Store.GroupAsync(new GroupQuery(EventFilter.All, TimeRange.Unbounded, ["source.ip"], null, 4, 10), None);
        var distinct = await Store.GroupAsync(new GroupQuery(EventFilter.All, TimeRange.Unbounded, ["source.ip"], "user.name", 3, 10), None);
        var all = await Store.GroupAsync(new GroupQuery(EventFilter.All, TimeRange.Unbounded, [], null, 1, 10), None);

        var group = Assert.Single(counted);
        Assert.Equal(("10.0.0.1", 7L, Noon.AddSeconds(1), Noon.AddSeconds(7)), (group.Key[0], group.Count, group.First, group.Last));
        Assert.Equal(SecurityEventId.From(7, 7), group.Sample);
        Assert.Equal(2, distinct.Count);
        Assert.Equal(11, Assert.Single(all).Count);
    }

    [Fact]
    public async Task GroupMany_QueriesOfOneRangeAndOfOthers_AnswerAsEachAlone()
    {
        var events = Enumerable.Range(1, 40).Select(n => Event(n, ("source.ip", "10.0.0." + n % 3), ("user.name", "u" + n % 7), ("event.outcome", n % 4 == 0 ? "failure" : "success"), ("x.y", "v" + n % 5))).ToList();
        events.Add(Event(41, ("user.name", "no address")));
        await Store.AppendAsync(events, 41, None);
        var all = TimeRange.Unbounded;
        var failed = EventFilter.Equal("event.outcome", "failure");
        GroupQuery[] queries =
        [
            new(EventFilter.All, all, ["source.ip"], null, 1, 10), new(failed, all, ["source.ip"], null, 4, 10), new(failed, all, ["source.ip"], "user.name", 1, 10),
            new(EventFilter.Equal("x.y", "v1"), all, ["source.ip"], "x.y", 1, 2), new(EventFilter.All, all, [], null, 1, 10), new(failed, all, [], "user.name", 1, 10),
            new(EventFilter.Equal("user.name", "nobody"), all, [], null, 1, 10), new(failed, new TimeRange(Noon, Noon.AddSeconds(20)), ["source.ip"], null, 1, 10), new(failed, all, ["x.y", "user.name"], null, 1, 100),
            new(EventFilter.All, all, ["x.y", "user.name"], null, 2, 5),
        ];
        var together = await Store.GroupManyAsync(queries, None);
        Assert.Equal(queries.Length, together.Count);
        for (var i = 0; i < queries.Length; i++)
        {
            var alone = await Store.GroupAsync(queries[i], None);
            Assert.Equal(alone.Select(Line), together[i].Select(Line));
        }
        Assert.Empty(together[6]);
        Assert.Equal(3, together[0].Count);
        static string Line(GroupCount g) => $"{string.Join(',', g.Key)} {g.Count} {g.Events} {g.First:O} {g.Last:O} {g.Sample}";
    }

    [Fact]
    public async Task Series_CountDistinctAndSum_ByGroupAndInterval()
    {
        var events = Enumerable.Range(0, 12).Select(n => Event(n + 1, ("host.name", n < 8 ? "a" : "b"), ("user.name", "u" + n % 3), ("source.bytes", "10"))).ToList();
        for (var n = 0; n < 12; n++) events[n].Timestamp = Noon.AddSeconds(n * 10);
        await Store.AppendAsync(events, 12, None);
        var range = new TimeRange(Noon, Noon.AddMinutes(5));
        async Task<string> AskAsync(SeriesMeasure measure, string? field, string[] by, int limit) => string.Join("; ",
            (await Store.SeriesAsync(new SeriesQuery(EventFilter.All, range, TimeSpan.FromMinutes(1), by, measure, field, limit), None))
            .Select(s => $"{string.Join(',', s.Key)} {s.Events}: {string.Join(' ', s.Points.Select(p => $"{(p.Start - Noon).TotalSeconds}={p.Value}"))}"));
        Assert.Equal("a 8: 0=6 60=2; b 4: 60=4", await AskAsync(SeriesMeasure.Count, null, ["host.name"], 10));
        Assert.Equal("a 8: 0=6 60=2", await AskAsync(SeriesMeasure.Count, null, ["host.name"], 1));
        Assert.Equal(" 12: 0=3 60=3", await AskAsync(SeriesMeasure.Distinct, "user.name", [], 10));
        Assert.Equal("a 8: 0=60 60=20; b 4: 60=40", await AskAsync(SeriesMeasure.Sum, "source.bytes", ["host.name"], 10));
        await Assert.ThrowsAsync<EventQueryException>(() => Store.SeriesAsync(new SeriesQuery(EventFilter.All, TimeRange.Unbounded, TimeSpan.FromSeconds(1), [], SeriesMeasure.Count, null, 1), None));
    }

    [Fact]
    public async Task NewTerms_AreThoseThatHistoryLacks()
    {
        var events = new[] { ("a", "x"), ("b", "x"), ("A", "x"), ("a", "y"), ("c", "x"), ("c", "x") }.Select((p, i) => Event(i + 1, ("host.name", p.Item1), ("zeek.service", p.Item2))).ToList();
        events.Add(Event(7, ("host.name", "lacks the other")));
        await Store.AppendAsync(events, 7, None);
        var history = new TimeRange(Noon, Noon.AddSeconds(3));
        var range = new TimeRange(Noon.AddSeconds(3), Noon.AddSeconds(60));
        var one = await Store.NewTermsAsync(new NewTermsQuery(EventFilter.All, range, history, ["host.name"], 10), None);
        Assert.Equal([("c", 2L, 5L), ("lacks the other", 1L, 7L)], one.Select(t => (t.Values[0], t.Events, (long)(t.First - Noon).TotalSeconds)));
        var two = await Store.NewTermsAsync(new NewTermsQuery(EventFilter.All, range, history, ["host.name", "zeek.service"], 10), None);
        Assert.Equal(["a,y 1", "c,x 2"], two.Select(t => $"{string.Join(',', t.Values)} {t.Events}"));
        Assert.Equal(SecurityEventId.From(7, 5), two[1].Sample);
        Assert.Equal(3, (await Store.NewTermsAsync(new NewTermsQuery(EventFilter.All, range, new TimeRange(Noon.AddDays(-9), Noon.AddDays(-8)), ["host.name"], 10), None)).Count);
        Assert.Equal("a", Assert.Single(await Store.NewTermsAsync(new NewTermsQuery(EventFilter.All, range, new TimeRange(Noon.AddDays(-9), Noon.AddDays(-8)), ["host.name"], 1), None)).Values[0], ignoreCase: true);
    }
}
