using Beacon.Alerting.Warnings;
using Beacon.Web.Console.Pages.Live;
using Beacon.Web.Console.Text;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Web.Tests.Console.Live;

public sealed class FilterBarTests : IDisposable
{
    private readonly BunitContext _page = new();

    public FilterBarTests()
    {
        _page.Services.AddLocalization();
        _page.Services.AddLogging();
        _page.Services.AddSingleton<IKnownTexts>(new AsWritten());
        _page.Services.AddSingleton<AlertWords>();
    }

    public void Dispose() => _page.Dispose();

    // An answer that names what was typed a moment ago takes no letter back.
    [Fact]
    public void Field_AnswerToAnEarlierLetter_LeavesWhatIsTyped()
    {
        var told = new List<string>();
        var bar = _page.Render<FilterBar>(p => p.Add(b => b.Filter, new LiveFilter()).Add(b => b.OnType, f => told.Add(f.Text)));
        bar.Find("#filter").Input("power");
        bar.Find("#filter").Input("powershell");
        bar.Render(p => p.Add(b => b.Filter, new LiveFilter(AtLeast: Beacon.Events.Severity.High)));
        Assert.Equal("powershell", bar.Find("#filter").GetAttribute("value"));
        Assert.Equal(["power", "powershell"], told);
    }

    [Fact]
    public void Field_TheAddressHasAnotherText_ShowsIt()
    {
        var bar = _page.Render<FilterBar>(p => p.Add(b => b.Filter, new LiveFilter(Text: "first")));
        Assert.Equal("first", bar.Find("#filter").GetAttribute("value"));
        bar.Render(p => p.Add(b => b.Filter, new LiveFilter(Text: "back")));
        Assert.Equal("back", bar.Find("#filter").GetAttribute("value"));
        bar.Render(p => p.Add(b => b.Filter, new LiveFilter()));
        Assert.Equal("", bar.Find("#filter").GetAttribute("value") ?? "");
    }

    private sealed class AsWritten : IKnownTexts
    {
        public string In(string text, string language) => text;
    }
}
