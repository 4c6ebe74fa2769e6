using Beacon.Events;
using Beacon.Web.Console.Pages.Search;
using Beacon.Web.Console.Shell;
using Bunit;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Web.Tests.Console;

public sealed class HistogramTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);
    private readonly BunitContext _page = new();
    private readonly List<TimeRange> _picked = [];

    public HistogramTests()
    {
        _page.Services.AddLocalization();
        _page.Services.AddLogging();
        _page.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(Noon));
        _page.Services.AddScoped<Viewer>();
        _page.JSInterop.Mode = JSRuntimeMode.Loose;
    }

    public void Dispose() => _page.Dispose();

    [Theory]
    [InlineData(0.5, 0.75, 60, 90)]
    [InlineData(0.75, 0.5, 60, 90)]
    [InlineData(-3, 9, 0, 120)]
    [InlineData(0.26, 0.26, 30, 40)]
    public async Task Brushed_TwoShares_NarrowsToWholeIntervals(double from, double to, int start, int end)
    {
        var drawn = Draw();
        await drawn.InvokeAsync(() => drawn.Instance.Brushed(from, to));
        Assert.Equal(new TimeRange(Noon.AddMinutes(start), Noon.AddMinutes(end)), Assert.Single(_picked));
    }

    [Theory]
    [InlineData(double.NaN, 1)]
    [InlineData(0, double.PositiveInfinity)]
    public async Task Brushed_WhatIsNoNumber_DoesNothing(double from, double to)
    {
        var drawn = Draw();
        await drawn.InvokeAsync(() => drawn.Instance.Brushed(from, to));
        Assert.Empty(_picked);
    }

    [Fact]
    public void Keys_ArrowsAndShift_ChooseASpanThatEnterNarrowsTo()
    {
        var drawn = Draw();
        Press("Home");
        Press("ArrowRight");
        Press("ArrowRight", shift: true);
        Assert.Equal(2, drawn.FindAll("rect.brush").Count);
        Press("Enter");
        Assert.Equal(new TimeRange(Noon.AddMinutes(10), Noon.AddMinutes(30)), Assert.Single(_picked));
        Press("Escape");
        Assert.Single(drawn.FindAll("rect.brush"));

        void Press(string key, bool shift = false) => drawn.Find("#histo").KeyDown(new KeyboardEventArgs { Key = key, ShiftKey = shift });
    }

    [Fact]
    public void Evidence_OfShownRows_IsMarkedOnceInItsInterval()
    {
        var drawn = Draw();
        Assert.Empty(drawn.FindAll("[data-evident]"));
        drawn.Render(p => p.Add(h => h.Evidence, [Noon.AddMinutes(61), Noon.AddMinutes(69), Noon.AddMinutes(5), Noon.AddHours(-1), Noon.AddHours(2)]));
        Assert.Equal(["500", "0"], drawn.FindAll("[data-evident]").Select(m => m.GetAttribute("x")));
    }

    private IRenderedComponent<Histogram> Draw() => _page.Render<Histogram>(p => p
        .Add(h => h.Buckets, [new HistogramBucket(Noon, 3), new HistogramBucket(Noon.AddMinutes(60), 9)])
        .Add(h => h.Range, new TimeRange(Noon, Noon.AddHours(2)))
        .Add(h => h.Interval, TimeSpan.FromMinutes(10))
        .Add(h => h.OnPick, _picked.Add));
}
