using Beacon.Events;

namespace Beacon.Storage.Tests;

/// <summary>Fields that a store may not keep ready to be counted: texts that differ in every event, and names without a column. They count as all others.</summary>
public abstract partial class EventStoreContract
{
    private async Task FillMessagesAsync()
    {
        var events = Enumerable.Range(1, 9).Select(n => Event(n, ("message", n % 3 == 0 ? "Three" : "One\n=2"), ("host.name", "h" + n % 2), ("zeek.uid=x", "v" + n % 2))).ToList();
        var two = Event(10, ("message", "Three"), ("message", "four"), ("host.name", "h0"));
        var none = Event(11, ("host.name", "h0"), ("zeek.uid=x", "v9"));
        none.Add("message"u8, default, ValueKind.Null);
        var most = Event(12, ("message", new string('m', 8_000)), ("host.name", "h1"));
        var longer = Event(13, ("message", new string('M', 8_001)), ("host.name", "h2"));
        await Store.AppendAsync([.. events, two, none, most, longer], 13, None);
    }

    [Fact]
    public async Task Uncounted_TopValues_AreExact()
    {
        await FillMessagesAsync();
        var top = await Store.TopValuesAsync(EventFilter.All, TimeRange.Unbounded, "message", 2, None);
        Assert.Equal([("One\n=2", 6L), ("Three", 4L)], top.Select(static v => (v.Value, v.Count)));
        Assert.Equal([("v1", 5L), ("v0", 4L)], (await Store.TopValuesAsync(EventFilter.All, TimeRange.Unbounded, "zeek.uid=x", 2, None)).Select(static v => (v.Value, v.Count)));
    }

    [Theory]
    [InlineData("message", "host.name", "One\n=2 2 6 @8 #8; Three 2 4 @10 #10; four 1 1 @10 #10")]
    [InlineData("host.name,message", null, "h0,One\n=2 3 3 @8 #8; h1,One\n=2 3 3 @7 #7; h0,Three 2 2 @10 #10; h1,Three 2 2 @9 #9; h0,four 1 1 @10 #10")]
    [InlineData("host.name", "message", "h0 3 6 @11 #11; h1 3 6 @12 #12")]
    [InlineData("zeek.uid=x,host.name", null, "v1,h1 5 5 @9 #9; v0,h0 4 4 @8 #8; v9,h0 1 1 @11 #11")]
    public async Task Uncounted_Groups_AreExact(string by, string? distinct, string expected)
    {
        await FillMessagesAsync();
        var groups = await Store.GroupAsync(new GroupQuery(EventFilter.All, new TimeRange(Noon, Noon.AddSeconds(13)), by.Split(','), distinct, 1, 10), None);
        Assert.Equal(expected, string.Join("; ", groups.Where(static g => g.Key.All(static k => k.Length < 100))
            .Select(static g => $"{string.Join(',', g.Key)} {g.Count} {g.Events} @{(g.Last - Noon).TotalSeconds} #{Enumerable.Range(1, 13).First(n => SecurityEventId.From(7, n) == g.Sample)}")));
    }

    [Fact]
    public async Task Uncounted_Series_AreExact()
    {
        await FillMessagesAsync();
        var range = new TimeRange(Noon, Noon.AddSeconds(20));
        var series = await Store.SeriesAsync(new SeriesQuery(EventFilter.Equal("message", "three"), range, TimeSpan.FromSeconds(5), ["message"], SeriesMeasure.Count, null, 10), None);
        Assert.Equal(["Three 4: 0=1 5=2 10=1", "four 1: 10=1"], series.Select(static s => $"{s.Key[0]} {s.Events}: {string.Join(' ', s.Points.Select(static p => $"{(p.Start - Noon).TotalSeconds}={p.Value}"))}"));
        var distinct = Assert.Single(await Store.SeriesAsync(new SeriesQuery(EventFilter.All, new TimeRange(Noon, Noon.AddSeconds(10)), TimeSpan.FromSeconds(5), [], SeriesMeasure.Distinct, "message", 10), None));
        Assert.Equal([2.0, 2.0], distinct.Points.Select(static p => p.Value));
    }

    /// <summary>A message of any length or number is there; a null is none.</summary>
    [Fact]
    public async Task Uncounted_Exists_FindsEveryForm()
    {
        await FillMessagesAsync();
        var exists = new FieldFilter("message", FieldTest.Exists, "");
        Assert.Equal(12, await Store.CountAsync(exists, TimeRange.Unbounded, None));
        Assert.Equal(1, await Store.CountAsync(new NotFilter(exists), TimeRange.Unbounded, None));
        Assert.Equal(11, (await Store.SearchAsync(new EventQuery { Filter = new NotFilter(exists) }, None)).Events.Single().Sequence);
        // The source is searched apart from fields: its filter takes none of theirs.
        Assert.Equal(0, await Store.CountAsync(EventFilter.Equal("has", "message"), TimeRange.Unbounded, None));
        Assert.Equal(0, await Store.CountAsync(EventFilter.Equal("beacon.source", "message"), TimeRange.Unbounded, None));
    }

    [Fact]
    public async Task Uncounted_NewTerms_AreThoseThatHistoryLacks()
    {
        await FillMessagesAsync();
        var terms = await Store.NewTermsAsync(new NewTermsQuery(EventFilter.All, new TimeRange(Noon.AddSeconds(8), Noon.AddSeconds(12)), new TimeRange(Noon, Noon.AddSeconds(8)), ["message"], 10), None);
        Assert.Equal(("four", 1L, SecurityEventId.From(7, 10)), (Assert.Single(terms).Values[0], terms[0].Events, terms[0].Sample));
    }

    /// <summary>More events than a store reads at once.</summary>
    [Theory]
    [InlineData("message")]
    [InlineData("process.command_line")]
    [InlineData("process.parent.command_line")]
    [InlineData("process.entity_id")]
    public async Task Uncounted_ManyEvents_AreAllCounted(string field)
    {
        const int n = 10_001;
        await Store.AppendAsync([.. Enumerable.Range(1, n).Select(i => Event(i, (field, "m" + i % 4)))], n, None);
        var top = await Store.TopValuesAsync(EventFilter.All, TimeRange.Unbounded, field, 10, None);
        Assert.Equal(n, await Store.CountAsync(new FieldFilter(field, FieldTest.Exists, ""), TimeRange.Unbounded, None));
        Assert.Equal(["m1 2501", "m0 2500", "m2 2500", "m3 2500"], top.Select(static v => $"{v.Value} {v.Count}"));
    }
}
