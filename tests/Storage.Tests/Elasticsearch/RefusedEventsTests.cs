using Beacon.Events;
using Beacon.Storage.Elasticsearch;
using Beacon.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beacon.Storage.Tests.Elasticsearch;

/// <summary>Events that a real server refuses: the others go on, and the refused ones are kept up to the ceiling.</summary>
public sealed class RefusedEventsTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-refused-");
    private readonly TestIndices _indices = new(TestServer.Elasticsearch().Address);

    private static CancellationToken None => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _indices.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>The server's nanoseconds begin with 1970: an earlier time of receipt is refused by its mapping.</summary>
    private static SecurityEvent Event(long n, bool refused) => new()
    {
        Id = SecurityEventId.From(7, n), Sequence = n, Source = "test", Timestamp = Now, Received = refused ? new DateTimeOffset(1901, 1, 1, 0, 0, 0, TimeSpan.Zero) : Now,
    };

    [Fact]
    public async Task Append_EventsThatTheMappingRefuses_AreKeptWithTheReasonToTheCeilingAndStopNoOther()
    {
        using var state = TestState.Open(_folder.FullName, [ElasticsearchEventStore.Schema]);
        await using var store = new ElasticsearchEventStore(_indices.Options(o => o.RefusedMaxEvents = 2), state, TimeProvider.System, NullLogger<ElasticsearchEventStore>.Instance);
        await store.OpenAsync(None);

        await store.AppendAsync([Event(1, true), Event(2, false)], 2, None);
        await store.AppendAsync([Event(3, false), Event(4, true), Event(5, true), Event(6, false)], 6, None);

        Assert.Equal(6, store.CommittedSequence);
        Assert.Equal(3, await store.CountAsync(EventFilter.All, TimeRange.Unbounded, None));
        Assert.Equal(2, (await store.StatusAsync(None)).Refused);
        Assert.Equal([(1, true), (4, true), (5, false)], (await store.RefusalsAsync(0, 6, None)).Select(r => (r.Sequence, r.Kept)));
        Assert.Equal([(5, "test", 1901)], (await store.RefusalsAsync(4, 6, None)).Select(r => (r.Sequence, r.Source, r.Received.Year)));
        var rows = await state.ReadAsync(db => db.Query("SELECT sequence, reason FROM elasticsearch_refused WHERE event <> '' ORDER BY sequence", r => (r.GetInt64(0), r.GetString(1))), None);
        Assert.Equal([1, 4], rows.Select(r => r.Item1));
        Assert.All(rows, r => Assert.Contains("beacon.received", r.Item2, StringComparison.Ordinal));

        // What had no room is remembered until the next append only.
        await store.AppendAsync([Event(7, true)], 7, None);
        Assert.Equal([(1, true), (4, true), (7, false)], (await store.RefusalsAsync(0, 7, None)).Select(r => (r.Sequence, r.Kept)));
    }

    [Fact]
    public async Task Append_RefusedEventWithNowhereToKeepIt_FailsTheBatch()
    {
        await using var store = new ElasticsearchEventStore(_indices.Options(), null, TimeProvider.System, NullLogger<ElasticsearchEventStore>.Instance);
        await store.OpenAsync(None);
        await Assert.ThrowsAnyAsync<IOException>(() => store.AppendAsync([Event(1, true)], 1, None));
        Assert.Equal(0, store.CommittedSequence);
    }
}
