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
}
