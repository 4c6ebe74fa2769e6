using Beacon.Events;

namespace Beacon.Storage.Tests;

/// <summary>Fields with several values: each is counted, and once for an event.</summary>
public abstract partial class EventStoreContract
{
    /// <summary>host.name and source.port have columns, zeek.tag and zeek.n have none.</summary>
    private async Task FillSeveralAsync()
    {
        var first = Event(1, ("host.name", "a"), ("host.name", "B"), ("zeek.tag", "p"), ("zeek.tag", "q"), ("source.port", "22"), ("host.ip", "192.0.2.1"), ("host.ip", "2001:db8::1"));
        first.Add(Field.SourcePort, "http");
        var third = Event(3, ("host.name", "B"), ("host.name", "B"), ("source.port", "1.5"));
        foreach (var number in new[] { "5", "7", "7" }) third.Add("zeek.n", number, ValueKind.Number);
        var none = Event(4, ("user.name", "x"));
        none.Add("host.name"u8, default, ValueKind.Null);
        none.Add("zeek.tag"u8, default, ValueKind.Null);
        await Store.AppendAsync([first, Event(2, ("host.name", "a"), ("zeek.tag", "p"), ("source.port", "22")), third, none], 4, None);
    }

    [Theory]
    [InlineData("host.name", "B 2, a 2")]
    [InlineData("zeek.tag", "p 2, q 1")]
    [InlineData("zeek.n", "5 1, 7 1")]
    [InlineData("source.port", "22 2, 1.5 1, http 1")]
    [InlineData("host.ip", "192.0.2.1 1, 2001:db8::1 1")]
    [InlineData("beacon.source", "test 4")]
    public async Task TopValues_FieldWithSeveralValues_CountsEach(string field, string expected)
    {
        await FillSeveralAsync();
        Assert.Equal(expected, string.Join(", ", (await Store.TopValuesAsync(EventFilter.All, TimeRange.Unbounded, field, 10, None)).Select(v => $"{v.Value} {v.Count}")));
    }

    /// <summary>Key, count, events, and the number of the sample.</summary>
    [Theory]
    [InlineData("host.name", null, "B 2 2 #3; a 2 2 #2")]
    [InlineData("zeek.tag", null, "p 2 2 #2; q 1 1 #1")]
    [InlineData("host.name,zeek.tag", null, "a,p 2 2 #2; B,p 1 1 #1; B,q 1 1 #1; a,q 1 1 #1")]
    [InlineData("zeek.tag", "host.name", "p 2 2 #2; q 2 1 #1")]
    [InlineData("host.name", "zeek.n", "B 2 2 #3; a 0 2 #2")]
    [InlineData("host.name", "user.name", "B 0 2 #3; a 0 2 #2")]
    [InlineData("", "zeek.tag", " 2 4 #4")]
    [InlineData("", "source.port", " 3 4 #4")]
    public async Task Group_FieldsWithSeveralValues_CountEach(string by, string? distinct, string expected)
    {
        await FillSeveralAsync();
        var query = new GroupQuery(EventFilter.All, TimeRange.Unbounded, by.Split(',', StringSplitOptions.RemoveEmptyEntries), distinct, 0, 10);
        Assert.Equal(expected, Lines(await Store.GroupAsync(query, None)));
        if (query.GroupBy.Count == 0) return;
        // Together with others of the same range and groups; those below one are left out there.
        var counting = query with { AtLeast = 1 };
        var together = await Store.GroupManyAsync([counting, counting with { Filter = EventFilter.Equal("zeek.tag", "q"), DistinctField = null }, counting], None);
        Assert.Equal(Lines(await Store.GroupAsync(counting, None)), Lines(together[0]));
        Assert.Equal(Lines(together[0]), Lines(together[2]));
        Assert.All(together[1], static g => Assert.Equal(1, g.Events));

        static string Lines(IEnumerable<GroupCount> groups) => string.Join("; ", groups.Select(static g => $"{string.Join(',', g.Key)} {g.Count} {g.Events} #{Number(g.Sample)}"));
        static long Number(SecurityEventId id) => Enumerable.Range(1, 4).First(n => SecurityEventId.From(7, n) == id);
    }

    [Fact]
    public async Task Series_FieldsWithSeveralValues_CountEach()
    {
        await FillSeveralAsync();
        async Task<string> AskAsync(SeriesMeasure measure, string? field, params string[] by) => string.Join("; ",
            (await Store.SeriesAsync(new SeriesQuery(EventFilter.All, new TimeRange(Noon, Noon.AddMinutes(5)), TimeSpan.FromMinutes(1), by, measure, field, 10), None))
            .Select(s => $"{string.Join(',', s.Key)} {s.Events}: {string.Join(' ', s.Points.Select(p => $"{(p.Start - Noon).TotalSeconds}={p.Value}"))}"));
        Assert.Equal("B 2: 0=2; a 2: 0=2", await AskAsync(SeriesMeasure.Count, null, "host.name"));
        Assert.Equal("B 2: 0=2; a 2: 0=2", await AskAsync(SeriesMeasure.Distinct, "zeek.tag", "host.name"));
        Assert.Equal(" 4: 0=2", await AskAsync(SeriesMeasure.Distinct, "host.name"));
        Assert.Equal("B 2: 0=12; a 2: 0=0", await AskAsync(SeriesMeasure.Sum, "zeek.n", "host.name"));
    }

    [Fact]
    public async Task NewTerms_FieldsWithSeveralValues_AreThoseThatHistoryLacks()
    {
        await FillSeveralAsync();
        var later = Event(10, ("host.name", "A"), ("host.name", "c"), ("zeek.tag", "q"), ("zeek.tag", "R"));
        await Store.AppendAsync([later], 10, None);
        var (history, range) = (new TimeRange(Noon, Noon.AddSeconds(10)), new TimeRange(Noon.AddSeconds(10), Noon.AddSeconds(60)));
        async Task<string> AskAsync(params string[] fields) => string.Join("; ", (await Store.NewTermsAsync(new NewTermsQuery(EventFilter.All, range, history, fields, 10), None)).Select(t => $"{string.Join(',', t.Values)} {t.Events}"));
        Assert.Equal("c 1", await AskAsync("host.name"));
        Assert.Equal("R 1", await AskAsync("zeek.tag"));
        Assert.Equal("A,R 1; c,q 1; c,R 1", await AskAsync("host.name", "zeek.tag"));
    }
}
