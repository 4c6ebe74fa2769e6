using Beacon.Web.Console.Shell;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Web.Tests.Console;

public sealed class ToastsTests : IDisposable
{
    private readonly BunitContext _page = new();
    private readonly FakeTimeProvider _clock = new();

    public ToastsTests()
    {
        _page.Services.AddLocalization();
        _page.Services.AddLogging();
        _page.Services.AddSingleton<TimeProvider>(_clock);
    }

    public void Dispose() => _page.Dispose();

    [Fact]
    public async Task Undo_WithinItsTime_TakesBackTheLastOnce()
    {
        var taken = new List<string>();
        var toasts = _page.Render<Toasts>();
        foreach (var what in new[] { "first", "second" }) await toasts.InvokeAsync(() => toasts.Instance.Done("Done", what, () => { taken.Add(what); return Task.CompletedTask; }));
        await toasts.InvokeAsync(toasts.Instance.UndoLastAsync);
        Assert.Equal(["second"], taken);
        await toasts.InvokeAsync(toasts.Instance.UndoLastAsync);
        await toasts.InvokeAsync(toasts.Instance.UndoLastAsync);
        Assert.Equal(["second", "first"], taken);
        Assert.False(toasts.Instance.CanUndo);
    }

    [Fact]
    public async Task Undo_AfterItsTime_IsNoLongerOffered()
    {
        var taken = false;
        var toasts = _page.Render<Toasts>();
        await toasts.InvokeAsync(() => toasts.Instance.Done("Dismissed", "<b>x</b>", () => { taken = true; return Task.CompletedTask; }));
        Assert.Contains("<b>x</b>", toasts.Find("[data-toast]").TextContent, StringComparison.Ordinal);
        Assert.True(toasts.Instance.CanUndo);
        _clock.Advance(Toasts.ForUndo);
        await toasts.WaitForStateAsync(() => !toasts.Instance.CanUndo);
        await toasts.InvokeAsync(toasts.Instance.UndoLastAsync);
        Assert.False(taken);
        Assert.Empty(toasts.FindAll("[data-toast]"));
    }

    [Fact]
    public async Task Done_Many_ShowsTheLastFew()
    {
        var toasts = _page.Render<Toasts>();
        for (var i = 0; i < 9; i++) await toasts.InvokeAsync(() => toasts.Instance.Fail("Not done", "x"));
        Assert.Equal(3, toasts.FindAll("[data-toast=failed]").Count);
    }
}
