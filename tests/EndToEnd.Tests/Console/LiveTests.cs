using Beacon.EndToEnd.Tests.Support;

namespace Beacon.EndToEnd.Tests.Console;

public sealed class LiveTests(Browser browser) : ConsoleTests(browser)
{
    [Fact]
    public async Task Live_SshdFailuresThenAnAlert_RowIsAcknowledgedByAKeyAndSeenInASecondBrowser()
    {
        await using var first = await Browser.ContextAsync();
        await using var second = await Browser.ContextAsync();
        var (mine, theirs) = (await first.NewPageAsync(), await second.NewPageAsync());
        var (faults, theirFaults) = (new PageFaults(mine), new PageFaults(theirs));
        await mine.SignInAsync(House, Person);
        await theirs.SignInAsync(House, Colleague);

        var failures = Enumerable.Range(0, 12).Select(i => $"Failed password for invalid user admin from 203.0.113.47 port {41_000 + i} ssh2");
        await Logger.SendAsync(House, "sshd", failures);
        await Logger.SendAsync(House, "sshd", "Accepted password for root from 203.0.113.47 port 41888 ssh2");

        var row = mine.Locator("[data-alert][data-status=New]").First;
        await row.WaitForAsync();
        var number = await row.GetAttributeAsync("data-alert");
        await theirs.Locator($"[data-alert='{number}'][data-status=New]").WaitForAsync();
        await Screens.TakeAsync(mine, "live-new-alert");

        // Picked with the mouse, acknowledged with the key; the hand leaves the list so that it may move again.
        await row.ClickAsync();
        await mine.Locator($"[data-detail='{number}']").WaitForAsync();
        await mine.Mouse.MoveAsync(700, 8);
        await mine.PressAsync("a", mine.Locator($"[data-detail='{number}'] [data-status=Acknowledged]"));

        await theirs.Locator($"[data-alert='{number}'][data-status=Acknowledged]").WaitForAsync();
        Assert.Contains(Person, await theirs.Locator($"[data-alert='{number}']").InnerTextAsync(), StringComparison.Ordinal);
        faults.AssertNone("first browser");
        theirFaults.AssertNone("second browser");
    }

    [Fact]
    public async Task Live_HostStops_BannerSaysThatTheLinkIsLost()
    {
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        await page.SignInAsync(House, Person);
        await House.StopAsync();
        var banner = page.Locator("#lost");
        await banner.WaitForAsync();
        Assert.Equal("alert", await banner.GetAttributeAsync("role"));
        Assert.NotEmpty((await banner.InnerTextAsync()).Trim());
        await Screens.TakeAsync(page, "live-link-lost");

        await House.StartAgainAsync();
        await page.Locator("#lost").WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
        await page.Locator(".strip .link-state").WaitForAsync();
    }

    [Fact]
    public async Task Live_HostileText_IsShownAndNotRun()
    {
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        await page.SignInAsync(House, Person);
        await House.SyslogAsync(House.Sshd("bas-02", "Accepted password for root from 203.0.113.9 port 1 ssh2 <img src=x onerror=\"document.body.dataset.owned=1\">\u202Egnp.exe"));
        await page.Locator("[data-alert]").First.WaitForAsync();
        await page.Locator("[data-evidence]").WaitForAsync();
        Assert.Contains("<img src=x", await page.Locator("[data-evidence]").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await page.Locator("[data-evidence] img").CountAsync());
        Assert.NotEqual(0, await page.Locator("[data-evidence] .bidi").CountAsync());
        Assert.Null(await page.Locator("body").GetAttributeAsync("data-owned"));
    }

    // The keys are quicker than the browser's way to the server and back: the cursor, the detail and the address end at the same alert, and a filter keeps every letter.
    [Fact]
    public async Task Live_KeysPressedFast_NothingFallsBehind()
    {
        await House.SyslogAsync([.. Enumerable.Range(1, 4).Select(i => House.Sshd($"bas-0{i}", $"Accepted password for root from 203.0.113.{i} port 1 ssh2"))]);
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.SignInAsync(House, Person);
        await page.Locator("[data-alert]").Nth(3).WaitForAsync();
        foreach (var key in "jjjkjk") await page.Keyboard.PressAsync(key.ToString());
        // Which alert that is depends on how their ranks moved meanwhile; it is one, and stays.
        async Task<string> PlaceAsync() => await page.EvaluateAsync<string>("""
            () => {
              const row = document.querySelector("[data-alert][aria-selected=true]");
              const detail = document.querySelector("[data-detail]")?.dataset.detail;
              return row && detail === row.dataset.alert && location.search.endsWith("alert=" + row.id.slice(1)) ? detail : "";
            }
            """);
        for (var (place, times) = ("", 0); times < 10; await page.WaitForTimeoutAsync(100))
        {
            var now = await Wait.ForAsync(async () => await PlaceAsync() is { Length: > 0 } at ? at : null, "one alert in the list, the detail and the address");
            (place, times) = (now, now == place ? times + 1 : 0);
        }

        await page.PressAsync("/", page.Locator("#filter:focus"));
        await page.Keyboard.TypeAsync("203.0.113.2");
        await Wait.UntilAsync(async () => await page.Locator("[data-alert]").CountAsync() == 1, "the one alert of that address");
        Assert.Equal("203.0.113.2", await page.InputValueAsync("#filter"));
        faults.AssertNone("live");
    }

    [Fact]
    public async Task Jump_ANumberTypedAnywhere_OpensTheAlert()
    {
        await House.SyslogAsync(House.Sshd("bas-01", "Accepted password for root from 203.0.113.9 port 1 ssh2"));
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.SignInAsync(House, Person);
        var number = await page.Locator("[data-alert]").First.GetAttributeAsync("data-alert");
        await page.OpenAsync(House.Address + "/sources");
        await page.PressAsync("Control+k", page.Locator("#jump:focus"));
        await page.Keyboard.TypeAsync(number!);
        await page.Locator("[data-jump=Alert]").WaitForAsync();
        await Screens.TakeAsync(page, "jump");
        await page.Locator("[data-jump=Alert]").ClickAsync();
        await page.Locator($"[data-detail='{number}']").WaitForAsync();

        await page.PressAsync("?", page.Locator("#keys-close:focus"));
        await Screens.TakeAsync(page, "keys");
        await page.Keyboard.PressAsync("Escape");
        await page.Locator("#keys-close").WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
        faults.AssertNone("jump");
    }
}
