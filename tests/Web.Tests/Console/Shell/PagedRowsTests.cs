using Beacon.Web.Console.Shell;
using Microsoft.AspNetCore.Components.Web.Virtualization;

namespace Beacon.Web.Tests.Console.Shell;

public sealed class PagedRowsTests
{
    private readonly List<(int From, int Count)> _asked = [];
    private int _total = 5_012;

    private PagedRows<int> Rows() => new((from, count, _) =>
    {
        _asked.Add((from, count));
        return Task.FromResult<(IReadOnlyList<int>, long)>(([.. Enumerable.Range(from, Math.Max(0, Math.Min(count, _total - from)))], _total));
    }, 500);

    private static async Task<int[]> PartAsync(PagedRows<int> rows, int from, int count) => [.. (await rows.ProvideAsync(new ItemsProviderRequest(from, count, CancellationToken.None))).Items];

    [Fact]
    public async Task Provide_WhatIsAtHand_AsksNobody()
    {
        var rows = Rows();
        await rows.LoadAsync();
        Assert.Equal(5_012, rows.Total);
        Assert.Equal(Enumerable.Range(0, 30), await PartAsync(rows, 0, 30));
        Assert.Equal(Enumerable.Range(10, 30), await PartAsync(rows, 10, 30));
        Assert.Single(_asked);
    }

    [Fact]
    public async Task Provide_FarDown_ReadsThatPartAlone()
    {
        var rows = Rows();
        await rows.LoadAsync();
        Assert.Equal(Enumerable.Range(4_990, 22), await PartAsync(rows, 4_990, 30));
        Assert.All(_asked, a => Assert.InRange(a.Count, 1, 500));
        // The same part is read again when something changed.
        await rows.LoadAsync();
        Assert.Equal(_asked[^2], _asked[^1]);
        await rows.LoadAsync(another: true);
        Assert.Equal(0, _asked[^1].From);
    }

    [Fact]
    public async Task At_BeyondWhatIsAtHand_IsReadAndBeyondTheEndIsNothing()
    {
        var rows = Rows();
        await rows.LoadAsync();
        Assert.Equal(3, await rows.AtAsync(3));
        Assert.Equal(5_011, await rows.AtAsync(5_011));
        Assert.Equal(2, _asked.Count);
        Assert.Equal(5_011, rows.IndexOf(r => r == 5_011));
        Assert.Equal(-1, rows.IndexOf(r => r == 3));
        Assert.Equal(0, await rows.AtAsync(5_012));
        Assert.Equal(0, await rows.AtAsync(-1));
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public async Task Provide_ListThatShrank_GivesWhatIsLeft()
    {
        var rows = Rows();
        await rows.LoadAsync();
        _total = 3;
        await rows.LoadAsync();
        var part = await rows.ProvideAsync(new ItemsProviderRequest(0, 30, CancellationToken.None));
        Assert.Equal((3, 3), (part.TotalItemCount, part.Items.Count()));
    }

    [Fact]
    public async Task Load_OvertakenByANewerQuestion_IsDropped()
    {
        var first = new TaskCompletionSource<(IReadOnlyList<string>, long)>();
        var answers = new Queue<Task<(IReadOnlyList<string>, long)>>([first.Task, Task.FromResult<(IReadOnlyList<string>, long)>((["new"], 1))]);
        var rows = new PagedRows<string>((_, _, _) => answers.Dequeue(), 500);
        var slow = rows.LoadAsync();
        await rows.LoadAsync();
        first.SetResult((["old", "older"], 2));
        await slow;
        Assert.Equal(["new"], rows.Rows);
        Assert.Equal(1, rows.Total);
    }
}
