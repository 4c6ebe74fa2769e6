using System.Data.Common;
using System.Text.Json;
using Beacon.Alerting.Changes;
using Beacon.Alerting.Storage;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Changes;

public sealed class ChangeFeedTests
{
    [Fact]
    public async Task ReadAfter_FromTheLastNumber_MissesNothingAndRepeatsNothing()
    {
        using var house = new TestHouse();
        var seen = new List<Change>();
        long last = 0;
        for (var i = 0; i < 5; i++)
        {
            await house.TakeAsync(Detections.Of(host: "h" + i), Detections.Of(host: "h" + i));
            var batch = await house.Feed.ReadAfterAsync(last);
            Assert.False(batch.TooOld);
            seen.AddRange(batch.Changes);
            last = batch.Next;
        }
        Assert.Equal(seen.Select(c => c.Sequence), (await house.Feed.ReadAfterAsync(0)).Changes.Select(c => c.Sequence));
        Assert.Equal(last, house.Feed.LatestSequence);
        // One row an object and transaction, in its last state: alert, incident and warning of each.
        Assert.Equal(5, seen.Count(c => c.Kind == ChangeKind.Alert));
        Assert.Equal(5, seen.Count(c => c.Kind == ChangeKind.Incident));
        using var payload = JsonDocument.Parse(seen.First(c => c.Kind == ChangeKind.Alert).Payload);
        Assert.Equal("High", payload.RootElement.GetProperty("severity").GetString());
        Assert.Equal("h0", payload.RootElement.GetProperty("entity").GetProperty("value").GetString());
        Assert.Equal(2, payload.RootElement.GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task ReadAfter_RemovedRows_SaysTooOld()
    {
        using var house = new TestHouse();
        for (var i = 0; i < 20; i++) await house.Feed.PublishAsync(ChangeKind.Source, "s" + i, 1, "{}");
        await house.Get<ChangeFeed>().PruneAsync(5, TimeSpan.FromDays(7), default);
        Assert.True((await house.Feed.ReadAfterAsync(3)).TooOld);
        Assert.True((await house.Feed.ReadAfterAsync(0)).TooOld);
        Assert.Equal(5, (await house.Feed.ReadAfterAsync(15)).Changes.Count);
        Assert.True((await house.Feed.ReadAfterAsync(9_999)).TooOld);
        house.Clock.Advance(TimeSpan.FromDays(8));
        await house.Get<ChangeFeed>().PruneAsync(5, TimeSpan.FromDays(7), default);
        var all = await house.Feed.ReadAfterAsync(20);
        Assert.Equal((0, 20L, false), (all.Changes.Count, all.Latest, all.TooOld));
    }

    [Fact]
    public async Task ReadAfter_MoreThanMemoryKeeps_IsWholeFromAnyNumber()
    {
        using var house = new TestHouse();
        const int count = RecentChanges.Most + 300;
        for (var i = 0; i < count; i += 100)
        {
            await WriteAsync(house, 100);
            Assert.Equal(100, (await house.Feed.ReadAfterAsync(i)).Changes.Count);
        }
        foreach (var from in new long[] { 0, 299, 300, 301, 1_500, count - 1 })
        {
            var seen = new List<long>();
            for (var last = from; last < count;)
            {
                var batch = await house.Feed.ReadAfterAsync(last, 700);
                Assert.False(batch.TooOld);
                Assert.Equal(count, batch.Latest);
                seen.AddRange(batch.Changes.Select(c => c.Sequence));
                last = batch.Next;
            }
            Assert.Equal(Enumerable.Range((int)from + 1, count - (int)from).Select(n => (long)n), seen);
        }
    }

    [Fact]
    public async Task ReadAfter_ManyAtOnce_AskTheDatabaseOnce()
    {
        using var house = new TestHouse();
        await house.Feed.PublishAsync(ChangeKind.Source, "s", 1, "{}");
        var counted = new CountingDatabase(house.Database);
        using var recent = new RecentChanges(counted);
        var all = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => recent.AfterAsync(0, 1, 100, TestContext.Current.CancellationToken).AsTask()));
        Assert.All(all, b => Assert.Single(b!.Changes));
        // Where it begins, and the rows.
        Assert.Equal(2, counted.Reads);
    }

    [Fact]
    public async Task ReadAfter_RowsRemovedWhileInMemory_SaysTooOld()
    {
        using var house = new TestHouse();
        await WriteAsync(house, 20);
        Assert.Equal(20, (await house.Feed.ReadAfterAsync(0)).Changes.Count);
        await house.Get<ChangeFeed>().PruneAsync(5, TimeSpan.FromDays(7), TestContext.Current.CancellationToken);
        Assert.True((await house.Feed.ReadAfterAsync(3)).TooOld);
        Assert.Equal(5, (await house.Feed.ReadAfterAsync(15)).Changes.Count);
        // One that begins after the removal knows of it, too.
        using var recent = new RecentChanges(house.Database);
        Assert.Null(await recent.AfterAsync(3, 20, 100, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Wait_CommitByAnother_Wakes()
    {
        using var house = new TestHouse();
        var waiting = house.Feed.WaitAsync(0);
        Assert.False(waiting.IsCompleted);
        await house.TakeAsync(Detections.Of());
        await waiting;
        Assert.True(house.Feed.WaitAsync(0).IsCompleted);
    }

    [Fact]
    public async Task Follow_AcrossManyCommits_SeesEveryNumberOnce()
    {
        using var house = new TestHouse();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var numbers = new List<long>();
        var reading = Task.Run(async () =>
        {
            await foreach (var batch in house.Feed.FollowAsync(0, stop.Token))
            {
                numbers.AddRange(batch.Changes.Select(c => c.Sequence));
                if (numbers.Count >= 50) return;
            }
        }, stop.Token);
        for (var i = 0; i < 50; i++) await house.Feed.PublishAsync(ChangeKind.Rule, "r" + i, 1, "{}");
        await reading;
        Assert.Equal(Enumerable.Range(1, 50).Select(n => (long)n), numbers);
    }

    [Fact]
    public async Task LatestSequence_AfterReopening_IsWhatWasLeft()
    {
        var folder = Directory.CreateTempSubdirectory("beacon-feed-");
        try
        {
            using (var house = new TestHouse(directory: folder.FullName)) await house.TakeAsync(Detections.Of());
            using var again = new TestHouse(directory: folder.FullName);
            Assert.Equal(3, again.Feed.LatestSequence);
        }
        finally
        {
            folder.Delete(true);
        }
    }

    private static async Task WriteAsync(TestHouse house, int rows)
    {
        var last = await house.Database.WriteAsync(t =>
        {
            var unit = new AlertingTransaction(t, house.Clock.GetUtcNow(), house.Audit);
            for (var i = 0; i < rows; i++) unit.WriteChange(ChangeKind.Source, "s", 1, "{}");
            return unit.LastChange;
        }, TestContext.Current.CancellationToken);
        house.Get<ChangeFeed>().Advance(last);
    }

    private sealed class CountingDatabase(IStateDatabase inner) : IStateDatabase
    {
        private int _reads;
        public int Reads => _reads;
        public bool IsShared => inner.IsShared;
        public DateTimeOffset Now(DbConnection connection) => inner.Now(connection);
        public Task<T> WriteAsync<T>(Func<DbTransaction, T> write, CancellationToken cancellation = default) => inner.WriteAsync(write, cancellation);

        public Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellation = default)
        {
            Interlocked.Increment(ref _reads);
            return inner.ReadAsync(read, cancellation);
        }
    }
}
