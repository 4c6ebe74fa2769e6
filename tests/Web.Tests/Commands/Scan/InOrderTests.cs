using Beacon.Web.Commands.Scan;

namespace Beacon.Web.Tests.Commands.Scan;

public sealed class InOrderTests
{
    [Fact]
    public void Put_OutOfOrder_IsEmittedInOrder()
    {
        var emitted = new List<int>();
        var order = new InOrder<int>(emitted.Add, 8);
        foreach (var i in (int[])[2, 0, 3]) order.Put(i, i);
        Assert.Equal([0], emitted);
        order.Put(1, 1);
        Assert.Equal([0, 1, 2, 3], emitted);
    }

    [Fact]
    public async Task Put_BeyondTheWindow_WaitsUntilItsTurnIsNear()
    {
        var emitted = new List<int>();
        var order = new InOrder<int>(emitted.Add, 2);
        order.Put(1, 1);
        var ahead = Task.Run(() => order.Put(2, 2), TestContext.Current.CancellationToken);
        order.Put(0, 0);
        await ahead.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal([0, 1, 2], emitted);
    }

    [Fact]
    public async Task Stop_LetsThoseGoWhoWait()
    {
        var order = new InOrder<int>(static _ => { }, 1);
        var ahead = Task.Run(() => order.Put(5, 5), TestContext.Current.CancellationToken);
        order.Stop();
        await Assert.ThrowsAsync<OperationCanceledException>(() => ahead.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }
}
