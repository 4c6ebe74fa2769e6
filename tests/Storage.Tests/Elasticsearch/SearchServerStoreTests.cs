using Beacon.Events;
using Beacon.Storage.Elasticsearch;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Storage.Tests.Elasticsearch;

/// <summary>The contract on a real server, and what only a store in a cluster does.</summary>
public abstract class SearchServerStoreTests : EventStoreContract
{
    private static CancellationToken None => TestContext.Current.CancellationToken;

    private protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private protected TestIndices Indices { get; private set; } = null!;
    private protected ElasticsearchEventStore Opened { get; private set; } = null!;

    private protected abstract string Address { get; }

    protected override async Task<IEventStore> OpenEmptyAsync()
    {
        Indices = new TestIndices(Address);
        return Opened = await OpenAsync();
    }

    protected override async ValueTask CloseAsync()
    {
        if (Opened is not null) await Opened.DisposeAsync();
        if (Indices is not null) await Indices.DisposeAsync();
    }

    private protected async Task<ElasticsearchEventStore> OpenAsync(Action<ElasticsearchOptions>? change = null)
    {
        var store = new ElasticsearchEventStore(Indices.Options(change), null, Clock, NullLogger<ElasticsearchEventStore>.Instance);
        await store.OpenAsync(None);
        return store;
    }

    private protected async Task ReopenAsync(Action<ElasticsearchOptions>? change = null)
    {
        await Opened.DisposeAsync();
        Opened = await OpenAsync(change);
    }

    [Fact]
    public async Task Open_AfterStop_KnowsWhatWasCommitted()
    {
        await Opened.AppendAsync([Event(1), Event(2)], 3, None);
        await ReopenAsync();
        Assert.Equal(3, Opened.CommittedSequence);
        Assert.Equal(2, await Opened.CountAsync(EventFilter.All, TimeRange.Unbounded, None));
    }

    [Fact]
    public async Task Append_OnTheNextDay_BeginsAnIndexAndSearchesBoth()
    {
        await Opened.AppendAsync([Event(1)], 1, None);
        Clock.Advance(TimeSpan.FromDays(1));
        await Opened.AppendAsync([Event(2)], 2, None);
        await ReopenAsync();
        Assert.Equal([2, 1], (await Opened.SearchAsync(new EventQuery(), None)).Events.Select(e => e.Sequence));
        Assert.Equal([1, 1], (await Opened.StatusAsync(None)).Parts.Select(p => p.Events));
    }

    [Fact]
    public async Task RemoveBefore_RemovesWholeIndicesAndKeepsTheSequence()
    {
        await Opened.AppendAsync([Event(1)], 41, None);
        Clock.Advance(TimeSpan.FromDays(10));
        Assert.Equal(1, await Opened.RemoveBeforeAsync(Clock.GetUtcNow().AddDays(-5), None));
        Assert.Equal(0, await Opened.CountAsync(EventFilter.All, TimeRange.Unbounded, None));
        await ReopenAsync();
        Assert.Equal(41, Opened.CommittedSequence);
        await Opened.AppendAsync([Event(42)], 42, None);
        Assert.Equal(1, await Opened.CountAsync(EventFilter.All, TimeRange.Unbounded, None));
    }

    [Fact]
    public async Task RemoveBefore_NothingOld_RemovesNothing()
    {
        await Opened.AppendAsync([Event(1)], 1, None);
        Assert.Equal(0, await Opened.RemoveBeforeAsync(Clock.GetUtcNow().AddDays(1), None));
        Assert.Equal(1, await Opened.CountAsync(EventFilter.All, TimeRange.Unbounded, None));
    }

    [Fact]
    public async Task Append_BatchLeftHalfWrittenYesterday_EndsInTheIndexItBeganIn()
    {
        await Opened.AppendAsync([Event(1)], 1, None);
        // As a crash leaves it: events of the next batch without their number.
        await Opened.AppendAsync([Event(2), Event(3)], 3, None);
        await Opened.DisposeAsync();
        await Indices.SendAsync(HttpMethod.Put, $"{Indices.Prefix}-state/_doc/progress?refresh=true", """{"up_to":1,"day":"2026-03-01","writer":"another"}""");
        Clock.Advance(TimeSpan.FromDays(1));
        Opened = await OpenAsync();
        Assert.Equal(1, await Opened.CountAsync(EventFilter.All, TimeRange.Unbounded, None));

        await Opened.AppendAsync([Event(2), Event(3), Event(4)], 4, None);
        Assert.Equal(4, await Opened.CountAsync(EventFilter.All, TimeRange.Unbounded, None));
        await Opened.AppendAsync([Event(5)], 5, None);
        Assert.Equal([1, 4], (await Opened.StatusAsync(None)).Parts.Select(p => p.Events));
    }

    [Fact]
    public async Task Open_MappingOfAnotherVersion_BeginsAnIndexAndReadsBoth()
    {
        await Opened.AppendAsync([Event(1, ("user.name", "before"), ("x.y", "1"))], 1, None);
        await Indices.SendAsync(HttpMethod.Put, $"{Indices.Prefix}-events/_mapping", """{"_meta":{"beacon":"another"}}""");
        await ReopenAsync();
        await Opened.AppendAsync([Event(2, ("user.name", "after"), ("x.y", "2"))], 2, None);
        Assert.Equal(2, (await Opened.StatusAsync(None)).Parts.Count);
        Assert.Equal([2, 1], (await Opened.SearchAsync(new EventQuery { Filter = new FieldFilter("x.y", FieldTest.Less, "3") }, None)).Events.Select(e => e.Sequence));
        await ReopenAsync();
        Assert.Equal(2, (await Opened.StatusAsync(None)).Parts.Count);
    }

    [Fact]
    public async Task Open_WithoutDataStreams_KeepsDaysBehindAnAlias()
    {
        await Opened.RemoveAllAsync(None);
        await ReopenAsync(o => o.DataStreams = false);
        await Opened.AppendAsync([Event(1)], 1, None);
        Clock.Advance(TimeSpan.FromDays(3));
        await Opened.AppendAsync([Event(2)], 2, None);
        Assert.Equal([$"{Indices.Prefix}-events-000002", $"{Indices.Prefix}-events-000001"], (await Opened.StatusAsync(None)).Parts.Select(p => p.Name));
        await ReopenAsync(o => o.DataStreams = false);
        Assert.Equal(2, await Opened.CountAsync(EventFilter.All, TimeRange.Unbounded, None));
        // Both were received on the first of March, and the index that is written is of a later day.
        Assert.Equal(2, await Opened.RemoveBeforeAsync(Clock.GetUtcNow().AddDays(-1), None));
        await Opened.AppendAsync([Event(3)], 3, None);
        Assert.Equal([3], (await Opened.SearchAsync(new EventQuery(), None)).Events.Select(e => e.Sequence));
    }

    [Fact]
    public async Task Groups_OverSeveralShardsAndIndices_AreExact()
    {
        await Opened.RemoveAllAsync(None);
        await ReopenAsync(o => o.Shards = 3);
        // Many values of nearly the same number: what each shard thinks the largest is not what is.
        var events = Enumerable.Range(1, 4_000).Select(n => Event(n, ("user.name", "u" + n * 7919 % 1_500), ("zeek.k", "k" + n * 31 % 900))).ToList();
        await Opened.AppendAsync(events[..2_000], 2_000, None);
        Clock.Advance(TimeSpan.FromDays(1));
        await Opened.AppendAsync(events[2_000..], 4_000, None);
        foreach (var field in new[] { "user.name", "zeek.k" })
        {
            var expected = events.GroupBy(e => e.GetText(field)!).Select(g => new ValueCount(g.Key, g.Count())).OrderByDescending(v => v.Count).ThenBy(v => v.Value, StringComparer.Ordinal).Take(20);
            Assert.Equal(expected, await Opened.TopValuesAsync(EventFilter.All, TimeRange.Unbounded, field, 20, None));
        }
        var distinct = Assert.Single(await Opened.GroupAsync(new GroupQuery(EventFilter.All, TimeRange.Unbounded, [], "user.name", 1, 10), None));
        Assert.Equal(1_500, distinct.Count);
    }
}
