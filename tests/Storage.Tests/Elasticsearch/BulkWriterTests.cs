using Beacon.Events;
using Beacon.Storage.Elasticsearch;
using Beacon.Storage.Elasticsearch.Rest;
using Beacon.Storage.Elasticsearch.Writing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beacon.Storage.Tests.Elasticsearch;

/// <summary>The bulk writer against a node that is full, small, slow, half dead or picky.</summary>
public sealed class BulkWriterTests
{
    private static CancellationToken None => TestContext.Current.CancellationToken;

    private static List<SecurityEvent> Events(int count) => [.. Enumerable.Range(1, count).Select(n =>
    {
        var e = new SecurityEvent { Id = SecurityEventId.From(7, n), Sequence = n, Source = "test", Timestamp = DateTimeOffset.UnixEpoch.AddDays(20_000), Received = DateTimeOffset.UnixEpoch.AddDays(20_000) };
        e.Add(Field.Message, $"event number {n}");
        return e;
    })];

    private static async Task<(IReadOnlyCollection<RefusedEvent> Refused, BulkWriter Writer)> WriteAsync(IReadOnlyList<SecurityEvent> events, Action<ElasticsearchOptions>? change, params FakeNode[] nodes)
    {
        var options = new ElasticsearchOptions { BulkEvents = 400, BusyPatience = TimeSpan.FromSeconds(20), NodePause = TimeSpan.FromMinutes(1) };
        foreach (var node in nodes) options.Nodes.Add(node.Address);
        change?.Invoke(options);
        using var gateway = new ElasticGateway(options, TimeProvider.System, NullLogger.Instance);
        using var meter = new StoreMeter();
        var writer = new BulkWriter(gateway, options, meter, TimeProvider.System);
        return (await writer.WriteAsync(events, None), writer);
    }

    private static void AssertAllOnce(FakeNode node, int count)
    {
        Assert.Equal(count, node.Stored.Count);
        Assert.All(node.Stored, s => Assert.Equal(1, s.Value));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Write_HealthyNode_StoresEachOnceInBoundedRequests(bool compress)
    {
        await using var node = new FakeNode((_, _) => null);
        var (refused, _) = await WriteAsync(Events(1_000), o => o.Compress = compress, node);
        Assert.Empty(refused);
        AssertAllOnce(node, 1_000);
        Assert.All(node.Requests, r => Assert.InRange(r.Ids.Count, 1, 400));
    }

    [Fact]
    public async Task Write_NodeFullForAWhile_WaitsSendsLessAndStoresEachOnce()
    {
        await using var node = new FakeNode((n, _) => n <= 3 ? FakeAnswer.Busy : null);
        var (refused, writer) = await WriteAsync(Events(1_000), null, node);
        Assert.Empty(refused);
        AssertAllOnce(node, 1_000);
        Assert.InRange(node.Requests.Min(r => r.Ids.Count), 1, 200);
        Assert.InRange(writer.ChunkEvents, 50, 399);
    }

    [Fact]
    public async Task Write_SomeEventsFindNoRoom_SendsOnlyThoseAgain()
    {
        await using var node = new FakeNode((n, b) => n == 1 ? FakeAnswer.Items(b.Ids.Count, i => i % 3 == 0 ? (429, "es_rejected_execution_exception") : null) : null);
        var (refused, _) = await WriteAsync(Events(300), o => o.BulkInFlight = 1, node);
        Assert.Empty(refused);
        AssertAllOnce(node, 300);
        Assert.Equal([300, 100], node.Requests.Select(r => r.Ids.Count));
    }

    [Fact]
    public async Task Write_NodeFullForGood_FailsAfterItsPatience()
    {
        await using var node = new FakeNode((_, _) => FakeAnswer.Busy);
        var fault = await Assert.ThrowsAsync<ElasticException>(() => WriteAsync(Events(10), o => o.BusyPatience = TimeSpan.FromMilliseconds(1), node));
        Assert.Equal(429, fault.Status);
        Assert.Empty(node.Stored);
    }

    [Fact]
    public async Task Write_RequestTooLarge_HalvesItUntilItFitsAndRefusesTheOneEventThatNeverDoes()
    {
        var events = Events(100);
        events[41].Add(Field.EventReason, new string('x', 30_000));
        await using var node = new FakeNode((_, b) => b.Bytes > 12_000 ? FakeAnswer.TooLarge : null);
        var (refused, _) = await WriteAsync(events, null, node);
        Assert.Equal(42, Assert.Single(refused).Event.Sequence);
        AssertAllOnce(node, 99);
    }

    [Fact]
    public async Task Write_EventThatTheMappingRefuses_IsGivenBackWithTheReasonAndStopsNoOther()
    {
        await using var node = new FakeNode((_, b) => FakeAnswer.Items(b.Ids.Count, i => i == 7 ? (400, "document_parsing_exception") : i == 9 ? (409, "version_conflict_engine_exception") : null));
        var (refused, _) = await WriteAsync(Events(40), o => o.BulkInFlight = 1, node);
        var one = Assert.Single(refused);
        Assert.Equal((8, "document_parsing_exception: because of the test"), (one.Event.Sequence, one.Reason));
        AssertAllOnce(node, 39);
    }

    [Theory]
    [InlineData(403, "cluster_block_exception")]
    [InlineData(404, "index_not_found_exception")]
    [InlineData(500, "illegal_state_exception")]
    public async Task Write_FaultOfTheIndex_FailsAndRefusesNothing(int status, string type)
    {
        await using var node = new FakeNode((_, b) => FakeAnswer.Items(b.Ids.Count, _ => (status, type)));
        var fault = await Assert.ThrowsAsync<ElasticException>(() => WriteAsync(Events(5), null, node));
        Assert.Equal((status, type), (fault.Status, fault.Type));
    }

    [Fact]
    public async Task Write_HalfAnswer_FailsAndTheSameAgainStoresTheRest()
    {
        await using var node = new FakeNode((n, b) => n == 1 ? FakeAnswer.Items(b.Ids.Count, _ => null) with { Half = true } : null);
        await Assert.ThrowsAsync<ElasticException>(() => WriteAsync(Events(30), o => o.BulkInFlight = 1, node));
        // A server answers 409 for those that it has: the fake counts how often it was sent.
        node.Answer = (_, b) => FakeAnswer.Items(b.Ids.Count, i => node.Stored.ContainsKey(b.Ids[i]) ? (409, "version_conflict_engine_exception") : null);
        var (refused, _) = await WriteAsync(Events(30), null, node);
        Assert.Empty(refused);
        Assert.Equal(30, node.Stored.Count);
    }

    [Fact]
    public async Task Write_OneNodeDead_GoesToTheOtherAndLeavesTheDeadOneAlone()
    {
        await using var dead = new FakeNode((_, _) => new FakeAnswer(200, "{}", Half: true));
        await using var down = new FakeNode((_, _) => new FakeAnswer(503, "{}"));
        await using var alive = new FakeNode((_, _) => null);
        var (refused, _) = await WriteAsync(Events(4_000), o => o.BulkInFlight = 1, dead, down, alive);
        Assert.Empty(refused);
        AssertAllOnce(alive, 4_000);
        Assert.Equal((1, 1, 10), (dead.Requests.Count, down.Requests.Count, alive.Requests.Count));
    }

    [Fact]
    public async Task Write_AnswerForAnotherNumberOfEvents_IsAFault()
    {
        await using var node = new FakeNode((_, _) => FakeAnswer.Items(3, _ => null));
        await Assert.ThrowsAsync<ElasticException>(() => WriteAsync(Events(5), null, node));
    }

    [Fact]
    public async Task Write_SlowNode_EndsAtItsLimitAndSaysSo()
    {
        using var release = new SemaphoreSlim(0);
        await using var node = new FakeNode((_, _) => { release.Wait(None); return null; });
        try
        {
            var fault = await Assert.ThrowsAsync<ElasticException>(() => WriteAsync(Events(5), o => o.WriteTimeout = TimeSpan.FromMilliseconds(50), node));
            Assert.Contains("no answer within", fault.Message, StringComparison.Ordinal);
        }
        finally
        {
            release.Release(100);
        }
    }
}
