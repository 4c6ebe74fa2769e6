using Beacon.EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace Beacon.EndToEnd.Tests.Console;

public sealed class WallTests(Browser browser) : ConsoleTests(browser)
{
    [Fact]
    public async Task Wall_AttackAndAWarning_IsReadFromFiveMetresAndHasNoControls()
    {
        await using var context = await Browser.ContextAsync(1920, 1080);
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.SignInAsync(House, Person);
        await page.GotoAsync(House.Address + "/wall");
        await page.Locator("main[data-ready] .wall [data-wall-load]").WaitForAsync();
        await Screens.TakeAsync(page, "wall-quiet");
        await House.IncidentAsync(Api, await House.AttackAsync(Api));
        await Wait.UntilAsync(async () => await page.Locator("[data-wall-load]").InnerTextAsync() != "0", "the new alarm in the load");
        await page.Locator("[data-wall-warning^='W-'], [data-wall-alert]").First.WaitForAsync();
        Assert.Equal(0, await page.Locator(".wall button, .wall a, .wall input").CountAsync());
        // Nothing smaller than a person reads from five metres, nothing beyond the edge.
        Assert.True(await page.EvaluateAsync<double>("Math.min(...[...document.querySelectorAll('.wall *')].filter(e => e.childElementCount === 0 && e.textContent.trim() && e.tagName !== 'KBD' && !e.closest('svg')).map(e => parseFloat(getComputedStyle(e).fontSize)))") >= 30);
        Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth + document.documentElement.scrollHeight - document.documentElement.clientHeight"));
        await page.PressAsync("m", page.Locator(".sound[data-muted]"));
        foreach (var (theme, language) in new[] { ("dark", "en"), ("light", "en"), ("dark", "zh-Hans"), ("light", "zh-Hans") })
        {
            await context.AddCookiesAsync([Cookie("beacon.theme", theme), Cookie(".AspNetCore.Culture", Uri.EscapeDataString($"c={language}|uic={language}"))]);
            await page.ReloadAsync();
            await page.Locator($"html[lang='{language}'][data-theme='{theme}'] main[data-ready] [data-wall-load]").WaitForAsync();
            Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth + document.documentElement.scrollHeight - document.documentElement.clientHeight"));
            await Screens.TakeAsync(page, $"wall-{theme}-{language}");
        }
        faults.AssertNone("wall");
    }

    private Cookie Cookie(string name, string value) => new() { Name = name, Value = value, Url = House.Address };

    [Fact]
    public async Task Wall_HostStopsAndComesBack_ReconnectsByItself()
    {
        await using var context = await Browser.ContextAsync(1920, 1080);
        var page = await context.NewPageAsync();
        await page.SignInAsync(House, Person);
        await page.GotoAsync(House.Address + "/wall");
        await page.Locator("[data-wall-load]").WaitForAsync();
        await House.StopAsync();
        await page.Locator("#lost").WaitForAsync();
        await House.StartAgainAsync();
        await page.Locator("#lost").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.Locator("[data-wall-load]").WaitForAsync();
    }
}
