using Beacon.Alerting.Changes;
using Beacon.Web.Console.Shell;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Web.Tests.Console.Shell;

public sealed class LiveFeedTests
{
    // A page that gives up something of its own must not end the console's news.
    [Fact]
    public async Task Follow_HandlerThatIsCancelled_IsToldAgain()
    {
        var clock = new FakeTimeProvider();
        await using var feed = new LiveFeed(new Endless(), clock, NullLogger<LiveFeed>.Instance);
        var told = new TaskCompletionSource[] { new(), new() };
        var times = 0;
        feed.Changed += _ =>
        {
            var now = Interlocked.Increment(ref times) - 1;
            if (now < told.Length) told[now].SetResult();
            return now == 0 ? throw new TaskCanceledException() : Task.CompletedTask;
        };
        feed.Start();
        await told[0].Task;
        while (!told[1].Task.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            await Task.Yield();
        }
    }

    /// <summary>Always has one more change.</summary>
    private sealed class Endless : IChangeFeed
    {
        public long LatestSequence => 0;

        public Task WaitAsync(long sequence, CancellationToken cancellation = default) => Task.CompletedTask;

        public Task<ChangeBatch> ReadAfterAsync(long sequence, int limit = IChangeFeed.MaxLimit, CancellationToken cancellation = default) =>
            Task.FromResult(new ChangeBatch([new Change(sequence + 1, ChangeKind.Alert, "1", 1, default, "{}")], sequence + 1, sequence + 1, TooOld: false));

        public IAsyncEnumerable<ChangeBatch> FollowAsync(long sequence, CancellationToken cancellation = default) => throw new NotSupportedException();
        public Task PublishAsync(ChangeKind kind, string id, int version, string payload, CancellationToken cancellation = default) => throw new NotSupportedException();
    }
}
