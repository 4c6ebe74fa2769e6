using Beacon.EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace Beacon.EndToEnd.Tests.Console;

public sealed class AssetsTests(Browser browser) : ConsoleTests(browser)
{
    [Fact]
    public async Task Assets_CsvThenFilterEditAndRemove_IsReportedKeptAndGone()
    {
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.SignInAsync(House, Person);
        await page.OpenAsync(House.Address + "/assets");
        await page.PressAsync("i", page.Locator("#as-csv"));
        await page.SetInputFilesAsync("#as-file", new FilePayload { Name = "assets.csv", MimeType = "text/csv", Buffer = "id,name,importance\nplc-1,Pump 1,very\n"u8.ToArray() });
        await page.Locator("[data-report] .fault").WaitForAsync();
        Assert.True(await page.Locator("[data-report] .btn.primary").IsDisabledAsync());
        await page.SetInputFilesAsync("#as-file", new FilePayload { Name = "assets.csv", MimeType = "text/csv", Buffer = "id,name,names,importance,zone\nplc-1,Pump 1,10.30.3.11,especially-important,ot-cell-1\nbas-01,Bastion,10.20.0.5,important,dmz\n"u8.ToArray() });
        await page.Locator("[data-added]:text-is('2')").WaitForAsync();
        await Screens.TakeAsync(page, "assets-import");
        await page.ClickAsync("[data-report] .btn.primary");
        await page.Locator("[data-asset='plc-1']").WaitForAsync();

        // As fast as hands can: no letter may be taken back by an answer to one before it.
        await page.Locator("#asset-filter").PressSequentiallyAsync("bastion dmz");
        await page.AtAsync("**/assets?q=bastion%20dmz");
        Assert.Equal("bastion dmz", await page.InputValueAsync("#asset-filter"));
        await page.Locator("[data-asset='plc-1']").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.ClickAsync("[data-asset='bas-01']");
        await page.AtAsync("**asset=bas-01*");
        await page.PressAsync("e", page.Locator("#as-owner"));
        await page.FillAsync("#as-owner", "Network team");
        await page.ClickAsync("form .btn.primary");
        await page.Locator("dd:has-text('Network team')").WaitForAsync();
        await page.ClickAsync(".d-head .btn.danger");
        await page.FillAsync("#ask-reason", "replaced");
        await page.ClickAsync(".sheet .btn.danger");
        await page.Locator("[data-asset='bas-01']").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        faults.AssertNone("assets");
    }
}
