using Beacon.Events;
using Beacon.Storage.Elasticsearch;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beacon.Storage.Tests.Elasticsearch;

/// <summary>A real server that is killed, comes back, or takes no more, under a writer that does what the pipeline does: the same batch again until it is taken.</summary>
public sealed class FaultTests
{
    private const int Batch = 3_000;

    private static CancellationToken None => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Append_ServerKilledAndStartedAgain_LosesAndDoublesNothing()
    {
        TestServer.SkipWithoutServer();
        var data = Directory.CreateTempSubdirectory("beacon-es-data-");
        var server = TestServer.Start(data.FullName, 0);
        try
        {
            await using var indices = new TestIndices(server.Address);
            await using var store = await OpenAsync(indices);
            var writing = WriteAsync(store, batches: 12);
            await UntilAsync(() => store.CommittedSequence >= 2 * Batch);
            server.Kill();
            await UntilAsync(() => writing.IsCompleted || Failures(store) > 0);
            server = TestServer.Start(data.FullName, server.Port);
            await writing;
            await AssertAllOnceAsync(store, 12 * Batch);

            await using var again = await OpenAsync(indices);
            Assert.Equal(12 * Batch, again.CommittedSequence);
        }
        finally
        {
            server.Stop();
            data.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("index.blocks.read_only_allow_delete")]
    [InlineData("index.blocks.write")]
    public async Task Append_IndexMadeReadOnly_WaitsAndGoesOnByItself(string block)
    {
        await using var indices = new TestIndices(TestServer.Elasticsearch().Address);
        await using var store = await OpenAsync(indices);
        var writing = WriteAsync(store, batches: 6);
        await UntilAsync(() => store.CommittedSequence >= Batch);
        await indices.SendAsync(HttpMethod.Put, $"{indices.Prefix}-events/_settings", $$"""{"{{block}}":true}""");
        await UntilAsync(() => Failures(store) > 0 || writing.IsCompleted);
        Assert.False(writing.IsCompleted);
        await indices.SendAsync(HttpMethod.Put, $"{indices.Prefix}-events/_settings", $$"""{"{{block}}":null}""");
        await writing;
        await AssertAllOnceAsync(store, 6 * Batch);
    }

    [Fact]
    public async Task Append_SecondWriterUnderTheSamePrefix_IsFoundAndStoresNothingFurther()
    {
        await using var indices = new TestIndices(TestServer.Elasticsearch().Address);
        await using var first = await OpenAsync(indices);
        await using var second = await OpenAsync(indices);
        await first.AppendAsync([Event(1)], 1, None);
        var fault = await Assert.ThrowsAnyAsync<IOException>(() => second.AppendAsync([Event(2)], 2, None));
        Assert.Contains("another Beacon", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, second.CommittedSequence);
        Assert.Equal(1, await first.CountAsync(EventFilter.All, TimeRange.Unbounded, None));
    }

    [Fact]
    public async Task Append_BatchThatFailedHalfWay_IsUnseenAndStoredOnceWhenItComesAgain()
    {
        await using var indices = new TestIndices(TestServer.Elasticsearch().Address);
        await using var store = await OpenAsync(indices);
        await store.AppendAsync([Event(1)], 1, None);
        // As after a crash between the events and their number: the events of a batch stand there, the number does not.
        await using (var crashed = await OpenAsync(indices))
        {
            await indices.SendAsync(HttpMethod.Delete, $"{indices.Prefix}-state/_doc/progress?refresh=true");
            await Assert.ThrowsAnyAsync<IOException>(() => crashed.AppendAsync([Event(2), Event(3)], 3, None));
        }
        await using var reopened = await OpenAsync(indices);
        Assert.Equal(0, await reopened.CountAsync(EventFilter.All, TimeRange.Unbounded, None));
        await reopened.AppendAsync([Event(1), Event(2), Event(3), Event(4)], 4, None);
        await AssertAllOnceAsync(reopened, 4);
    }

    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<ElasticsearchEventStore, Counter> Counters = [];

    private sealed class Counter
    {
        public int Failures;
    }

    private static int Failures(ElasticsearchEventStore store) => Volatile.Read(ref Counters.GetOrCreateValue(store).Failures);

    private static async Task<ElasticsearchEventStore> OpenAsync(TestIndices indices)
    {
        var options = indices.Options(o =>
        {
            o.NodePause = TimeSpan.FromMilliseconds(100);
            o.NodePauseMost = TimeSpan.FromSeconds(1);
            o.BusyPatience = TimeSpan.FromSeconds(1);
        });
        var store = new ElasticsearchEventStore(options, null, TimeProvider.System, NullLogger<ElasticsearchEventStore>.Instance);
        await store.OpenAsync(None);
        return store;
    }

    private static SecurityEvent Event(long n)
    {
        var e = new SecurityEvent { Id = SecurityEventId.From(7, n), Sequence = n, Source = "test", Timestamp = TimeProvider.System.GetUtcNow(), Received = TimeProvider.System.GetUtcNow() };
        e.Add(Field.Message, $"event number {n}");
        e.Add(Field.UserName, "user" + (n % 100));
        return e;
    }

    private static Task WriteAsync(ElasticsearchEventStore store, int batches) => Task.Run(async () =>
    {
        for (var batch = 0; batch < batches; batch++)
        {
            var events = Enumerable.Range(batch * Batch + 1, Batch).Select(n => Event(n)).ToList();
            while (true)
            {
                try
                {
                    await store.AppendAsync(events, (batch + 1L) * Batch, None);
                    break;
                }
                catch (IOException)
                {
                    Interlocked.Increment(ref Counters.GetOrCreateValue(store).Failures);
                    await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, None);
                }
            }
        }
    }, None);

    private static async Task AssertAllOnceAsync(ElasticsearchEventStore store, long count)
    {
        var seen = new HashSet<long>();
        await foreach (var batch in store.ScanAsync(new EventScan(EventFilter.All, TimeRange.Unbounded, ["user.name"]), None))
            foreach (var e in batch) Assert.True(seen.Add(e.Sequence), $"{e.Sequence} stands there twice");
        Assert.Equal(count, seen.Count);
        Assert.Equal((1L, count), (seen.Min(), seen.Max()));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(None);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        while (!condition()) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
    }
}
