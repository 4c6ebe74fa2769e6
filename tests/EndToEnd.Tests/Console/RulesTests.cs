using Beacon.EndToEnd.Tests.Support;

namespace Beacon.EndToEnd.Tests.Console;

public sealed class RulesTests(Browser browser) : ConsoleTests(browser)
{
    private const string Rule = "ed37a55f-0a4e-5119-b4ff-702035860688";

    [Fact]
    public async Task Rules_SwitchedOffByKey_StaysOffAfterARestart()
    {
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        await page.SignInAsync(House, Person);
        await page.OpenAsync($"{House.Address}/rules?rule={Rule}");
        await page.Locator(".d-head button[data-toggle]").WaitForAsync();
        await page.PressAsync("x", page.Locator(".d-head button.primary"));
        await Screens.TakeAsync(page, "rules-switched-off");

        await House.StopAsync();
        await House.StartAgainAsync();
        await page.OpenAsync($"{House.Address}/rules?rule={Rule}");
        await page.Locator(".d-head button.primary").WaitForAsync();

        await House.SyslogAsync(House.Sshd("bas-01", "Accepted password for root from 203.0.113.47 port 41888 ssh2"));
        await Wait.UntilAsync(async () => (await Api.GetStringAsync(new Uri("/api/v1/events/count?q=event.module:sshd", UriKind.Relative))).Contains("\"count\":1", StringComparison.Ordinal), "the event in the store");
        Assert.Null(await House.AlertAsync(Api, "root"));
    }
}
