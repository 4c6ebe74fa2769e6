using Microsoft.Playwright;

namespace Beacon.EndToEnd.Tests.Support;

/// <summary>What a person does with the console before the page at hand matters.</summary>
internal static class Visits
{
    /// <summary>Opens a page whose circuit is up: before that a key would go nowhere.</summary>
    public static async Task OpenAsync(this IPage page, string address)
    {
        await page.GotoAsync(address);
        await page.ReadyAsync();
    }

    /// <summary>The layout marks its main part once the circuit is up and keys are taken: the page itself is drawn with that.</summary>
    public static async Task ReadyAsync(this IPage page)
    {
        await page.Locator("main[data-ready]").WaitForAsync();
        await page.Locator(".strip .link-state").WaitForAsync();
    }

    public static async Task SignInAsync(this IPage page, House house, string name)
    {
        await page.GotoAsync(house.Address + "/sign-in");
        await page.FillAsync("#name", name);
        await page.FillAsync("#password", House.Password);
        await page.ClickAsync("form[method=post] button.primary");
        await page.WaitForURLAsync("**/live");
        await page.ReadyAsync();
    }

    /// <summary>Presses a key until its effect shows: the first press may fall between two renders.</summary>
    public static async Task PressAsync(this IPage page, string key, ILocator effect)
    {
        await page.Keyboard.PressAsync(key);
        await effect.WaitForAsync();
    }
}
