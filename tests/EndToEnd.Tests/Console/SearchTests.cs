using Beacon.EndToEnd.Tests.Support;

namespace Beacon.EndToEnd.Tests.Console;

public class SearchTests(Browser browser) : ConsoleTests(browser)
{
    [Fact]
    public async Task Search_Query_FindsTheEventAndItsFields()
    {
        await House.SyslogAsync(House.Sshd("bas-01", "Failed password for invalid user oracle from 198.51.100.7 port 2222 ssh2"), House.Sshd("bas-01", "Connection closed by 198.51.100.8 port 2223"));
        await Wait.UntilAsync(async () => (await Api.GetStringAsync(new Uri("/api/v1/events/count?q=user.name:oracle", UriKind.Relative))).Contains("\"count\":1", StringComparison.Ordinal), "the event in the store");
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.SignInAsync(House, Person);
        await page.OpenAsync(House.Address + "/search");
        await page.Keyboard.PressAsync("/");
        await page.Locator("#query:focus").WaitForAsync();
        await page.Keyboard.TypeAsync("user.name:oracle");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/search?q=user.name*");
        await Wait.UntilAsync(async () => await page.Locator("[data-event]").CountAsync() == 1, "the one event of the query");
        await page.Locator("[data-event]").ClickAsync();
        await page.Locator("dt:text-is('source.ip')").WaitForAsync();
        Assert.Contains("198.51.100.7", await page.Locator(".fields-kv").InnerTextAsync(), StringComparison.Ordinal);
        await Screens.TakeAsync(page, "search-event");
        faults.AssertNone("search");
    }

    [Fact]
    public async Task Search_FaultyQuery_SaysWhereUnderTheQuery()
    {
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        await page.SignInAsync(House, Person);
        await page.OpenAsync(House.Address + "/search");
        await page.FillAsync("#query", "user.name:(root OR");
        await page.Locator(".queryfault").WaitForAsync();
        Assert.Equal("true", await page.Locator("#query").GetAttributeAsync("aria-invalid"));
        await Screens.TakeAsync(page, "search-fault");
    }
}
