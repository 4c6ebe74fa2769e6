using Beacon.Alerting.Changes;
using Beacon.State;
using Beacon.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beacon.Alerting.Tests.Changes;

public sealed class SharedFeedTests
{
    [Fact]
    public async Task Feed_ChangeOfAnotherProcess_WakesWhoFollows()
    {
        var connection = PostgresServer.NewDatabase();
        using var here = PostgresStateDatabase.Open(connection, [.. AlertingModule.Schemas]);
        using var there = PostgresStateDatabase.Open(connection, [.. AlertingModule.Schemas]);
        var (mine, others) = (new ChangeFeed(here, TimeProvider.System), new ChangeFeed(there, TimeProvider.System));
        using var shared = new SharedFeed(mine, here, TimeProvider.System, NullLogger<SharedFeed>.Instance);
        await shared.StartAsync(default);
        var waiting = mine.WaitAsync(mine.LatestSequence);
        Assert.False(waiting.IsCompleted);
        await others.PublishAsync(ChangeKind.Alert, "1", 1, "{}");
        await waiting.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System);
        Assert.Equal("1", Assert.Single((await mine.ReadAfterAsync(0)).Changes).Id);
        await shared.StopAsync(default);
    }
}
