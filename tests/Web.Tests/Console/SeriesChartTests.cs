using Beacon.Events;
using Beacon.Web.Console.Pages.Live;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Web.Tests.Console;

public sealed class SeriesChartTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    private readonly BunitContext _page = new();

    public SeriesChartTests()
    {
        _page.Services.AddLocalization();
        _page.Services.AddLogging();
    }

    public void Dispose() => _page.Dispose();

    [Fact]
    public void Render_SeenAndExpected_DrawsBothAndNamesTheLast()
    {
        var drawn = Draw((4, 5), (6, 5), (40, 5));

        Assert.Equal("M5 82.4L320 78.1L635 5", drawn.Find("path.seen").GetAttribute("d"));
        Assert.Equal("M5 80.3L320 80.3L635 80.3", drawn.Find("path.expected").GetAttribute("d"));
        Assert.Equal(("635", "5"), (drawn.Find("circle").GetAttribute("cx"), drawn.Find("circle").GetAttribute("cy")));
        Assert.Contains("40", drawn.Find("svg").GetAttribute("aria-label")!, StringComparison.Ordinal);
        Assert.Contains("from 0 to 40", drawn.Find("figcaption").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_NothingExpected_LeavesTheLineOut() => Assert.Empty(Draw((1, null), (2, null)).FindAll("path.expected"));

    [Fact]
    public void Render_ExpectedWithAGap_BreaksTheLine() => Assert.Equal(2, Draw((1, 1), (2, null), (3, 1)).Find("path.expected").GetAttribute("d")!.Count(static c => c == 'M'));

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(-7)]
    public void Render_OnePointOrAllTheSame_StaysInThePicture(double value)
    {
        foreach (var drawn in (IRenderedComponent<SeriesChart>[])[Draw((value, null)), Draw((value, value), (value, value))])
            Assert.InRange(double.Parse(drawn.Find("circle").GetAttribute("cy")!, System.Globalization.CultureInfo.InvariantCulture), 0, 96);
    }

    private IRenderedComponent<SeriesChart> Draw(params (double Seen, double? Expected)[] points) =>
        _page.Render<SeriesChart>(p => p.Add(c => c.Chart, new DetectionChart("events", TimeSpan.FromMinutes(1), [.. points.Select((v, i) => new ChartPoint(Noon.AddMinutes(i), v.Seen, v.Expected))])));
}
