using Beacon.Web.Console.Shell;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Web.Tests.Console.Shell;

public sealed class PartsTests : IDisposable
{
    private readonly BunitContext _page = new();

    public PartsTests() => _page.Services.AddLogging().AddLocalization().AddSingleton(TimeProvider.System).AddSingleton<Viewer>();

    public void Dispose() => _page.Dispose();

    private IRenderedComponent<Parts<int>> Draw(int many, int at = -1) => _page.Render<Parts<int>>(p => p.Add(c => c.Items, [.. Enumerable.Range(0, many)]).Add(c => c.Size, 20).Add(c => c.At, at).Add(c => c.ChildContent, n => $"<i>{n}</i>"));

    [Fact]
    public void Render_LongList_DrawsAPartAndTheNextWhenAsked()
    {
        var drawn = Draw(45);
        Assert.Equal(20, drawn.FindAll("i").Count);
        Assert.Equal("Show 20 more; 25 left", drawn.Find("button").TextContent);
        drawn.Find("button").Click();
        Assert.Equal("Show 5 more; 5 left", drawn.Find("button").TextContent);
        drawn.Find("button").Click();
        Assert.Equal(45, drawn.FindAll("i").Count);
        Assert.Empty(drawn.FindAll("button"));
    }

    [Theory]
    [InlineData(19, 20)]
    [InlineData(20, 40)]
    [InlineData(44, 45)]
    public void Render_PickedRow_IsDrawnInAnyCase(int at, int drawn) => Assert.Equal(drawn, Draw(45, at).FindAll("i").Count);

    [Fact]
    public void Render_ShortList_AsksNothing() => Assert.Empty(Draw(20).FindAll("button"));
}
