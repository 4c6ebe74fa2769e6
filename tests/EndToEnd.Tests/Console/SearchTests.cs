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
        await page.AtAsync("**/search?q=user.name*");
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

    [Fact]
    public async Task Search_ByKeyboard_CompletesBrushesPivotsAndMakesARule()
    {
        await House.SyslogAsync([.. Enumerable.Range(0, 6).Select(i => House.Sshd("bas-01", $"Failed password for invalid user oracle from 198.51.100.{i} port 2222 ssh2")), House.Sshd("bas-02", "Failed password for invalid user admin from 198.51.100.9 port 2222 ssh2")]);
        await Wait.UntilAsync(async () => (await Api.GetStringAsync(new Uri("/api/v1/events/count?q=user.name:*", UriKind.Relative))).Contains("\"count\":7", StringComparison.Ordinal), "the events in the store");
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.SignInAsync(House, Person);
        await page.OpenAsync(House.Address + "/search");
        await page.Locator("[data-facet]").First.WaitForAsync();

        // A field, then its value, each taken from what the store holds.
        await page.PressAsync("/", page.Locator("#query:focus"));
        await page.Keyboard.TypeAsync("user.na");
        await page.Locator("[data-offer='user.name']").WaitForAsync();
        await page.Keyboard.PressAsync("Tab");
        await page.Locator("[data-offer=oracle]").WaitForAsync();
        await Screens.TakeAsync(page, "search-completion");
        await page.Keyboard.TypeAsync("or");
        await page.PressAsync("ArrowDown", page.Locator("[data-offer=oracle].on"));
        await page.Keyboard.PressAsync("Enter");
        await Wait.UntilAsync(async () => await page.InputValueAsync("#query") == "user.name:oracle", "the value taken");
        await page.Keyboard.PressAsync("Enter");
        await page.AtAsync("**/search?q=user.name%3Aoracle*");
        await Wait.UntilAsync(async () => await page.Locator("[data-event]").CountAsync() == 6, "the six events");

        // The chart: chosen by arrow keys, narrowed by Enter; back widens again.
        await page.Keyboard.PressAsync("Escape");
        await page.Locator("#histo").FocusAsync();
        await page.PressAsync("End", page.Locator("#histo[data-brush]"));
        await page.Keyboard.PressAsync("Shift+ArrowLeft");
        await page.Keyboard.PressAsync("Enter");
        await page.AtAsync("**from=*");
        await page.GoBackAsync();
        await Wait.UntilAsync(async () => await page.Locator("[data-event]").CountAsync() == 6, "the six events again");

        // A value is a way on: without this one.
        await page.Locator("h2").First.ClickAsync();
        await page.PressAsync("j", page.Locator("dd[data-field='source.ip']"));
        await page.Locator("dd[data-field='source.ip']").FocusAsync();
        await page.Keyboard.PressAsync("-");
        await page.AtAsync("**NOT%20source.ip*");
        await Wait.UntilAsync(async () => await page.Locator("[data-event]").CountAsync() == 5, "one event fewer");
        await page.Locator("dd[data-field='source.ip']").FocusAsync();
        await page.Keyboard.PressAsync("c");
        await page.AtAsync("**cols=*source.ip*");
        await page.Locator("th[title='source.ip']").WaitForAsync();

        await page.Locator("h2").First.ClickAsync();
        await page.PressAsync("r", page.Locator("[data-draft]"));
        Assert.Contains("'user.name': 'oracle'", await page.Locator("[data-draft]").InnerTextAsync(), StringComparison.Ordinal);
        await Screens.TakeAsync(page, "search-rule");
        await page.ClickAsync("[data-to-rules]");
        await page.AtAsync("**/rules/new");
        await Wait.UntilAsync(async () => (await page.Locator("textarea").First.InputValueAsync()).Contains("'user.name': 'oracle'", StringComparison.Ordinal), "the draft in the editor");
        faults.AssertNone("search");
    }

    [Fact]
    public async Task Search_Tail_ShowsWhatComesAndWaitsWhilePaused()
    {
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        await page.SignInAsync(House, Person);
        await page.OpenAsync(House.Address + "/search?q=host.name%3Atail-01&span=1h");
        await page.PressAsync("l", page.Locator("[data-tail][aria-pressed=true]"));
        await House.SyslogAsync(House.Sshd("tail-01", "Connection closed by 198.51.100.8 port 1"));
        await page.Locator("[data-event]").WaitForAsync();
        await page.ClickAsync("[data-pause]");
        await page.Locator("[data-pause][aria-pressed=true]").WaitForAsync();
        await House.SyslogAsync(House.Sshd("tail-01", "Connection closed by 198.51.100.8 port 2"));
        await page.Locator("[data-tail]", new() { HasText = "1" }).WaitForAsync();
        Assert.Equal(1, await page.Locator("[data-event]").CountAsync());
        await page.ClickAsync("[data-pause]");
        await Wait.UntilAsync(async () => await page.Locator("[data-event]").CountAsync() == 2, "both events");
    }
}
