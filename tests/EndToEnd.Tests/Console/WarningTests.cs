using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Beacon.Alerting;
using Beacon.EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace Beacon.EndToEnd.Tests.Console;

/// <summary>The duty officer's story: a warning acknowledged, raised to red by two people, lifted; in both languages, and on paper.</summary>
public sealed class WarningTests(Browser browser) : ConsoleTests(browser)
{
    private long _warning;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await House.PersonAsync("olav", RoleNames.Supervisor);
        await House.PersonAsync("mei", RoleNames.Supervisor);
        await House.IncidentAsync(Api, await House.AttackAsync(Api));
        var first = await Wait.ForAsync(async () => (await Api.GetFromJsonAsync<JsonArray>(new Uri("/api/v1/warnings", UriKind.Relative)))!.FirstOrDefault()?.AsObject(), "the warning");
        _warning = first["id"]!.GetValue<long>();
    }

    [Fact]
    public async Task Warning_ByKeysAndTwoPeople_IsAcknowledgedRaisedAndLifted()
    {
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.SignInAsync(House, "olav");
        await page.OpenAsync($"{House.Address}/warnings/{_warning}");
        await page.Locator("[data-why]").WaitForAsync();
        if ((await StateAsync())["state"]!.GetValue<string>() == "Draft")
        {
            await page.PressAsync("y", page.Locator("#ask-reason"));
            await ConfirmAsync(page, "it is real");
        }
        await page.PressAsync("a", page.Locator("[data-ack=olav]"));

        await page.PressAsync("j", page.Locator("[role=dialog] input[type=radio]").First);
        await page.Locator("[role=dialog] .choice").First.ClickAsync();
        await ConfirmAsync(page, "the gauge reads 71 m");
        await page.Locator(".two-p .why-red:has-text('71 m')").WaitForAsync();
        await Screens.TakeAsync(page, "warning-red-proposed");

        // Another person, in another language, puts it in force.
        await using var elsewhere = await Browser.ContextAsync(language: "zh-Hans");
        var second = await elsewhere.NewPageAsync();
        await second.SignInAsync(House, "mei");
        await second.OpenAsync($"{House.Address}/warnings/{_warning}");
        await second.Locator(".two-p").WaitForAsync();
        await second.PressAsync("y", second.Locator("#ask-reason"));
        await ConfirmAsync(second, "seen at the station");
        await Wait.UntilAsync(async () => (await StateAsync())["level"]!.GetValue<string>() == "Red", "red in force");
        await page.Locator("[data-detail] .lv-red").First.WaitForAsync();
        // The level rose: who saw the lower one is waited for again.
        await page.Locator("[data-ack=olav]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await second.Locator("[data-why]:has-text('由 mei 决定')").WaitForAsync();
        await Screens.TakeAsync(second, "warning-red-zh-Hans");

        await page.PressAsync("l", page.Locator("#ask-reason"));
        await ConfirmAsync(page, "the station is safe");
        await page.Locator("[data-step=lift]").WaitForAsync();
        Assert.Equal("Lifted", (await StateAsync())["state"]!.GetValue<string>());
        faults.AssertNone("warning");

        await page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.False(await page.Locator(".topbar").IsVisibleAsync());
        Assert.False(await page.Locator("[data-lane=Red]").IsVisibleAsync());
        Assert.True(await page.Locator("[data-detail] h1").IsVisibleAsync());
        await Screens.TakeAsync(page, "warning-print");
    }

    private static async Task ConfirmAsync(IPage page, string reason)
    {
        await page.FillAsync("#ask-reason", reason);
        await page.Locator("[role=dialog] button[type=submit]").ClickAsync();
        await page.Locator("[role=dialog]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    private async Task<JsonObject> StateAsync() => (await Api.GetFromJsonAsync<JsonObject>(new Uri($"/api/v1/warnings/{_warning}", UriKind.Relative)))!["summary"]!.AsObject();
}
