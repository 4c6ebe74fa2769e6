using System.Text.RegularExpressions;
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

    /// <summary>
    /// Waits until the page is at an address; * stands for what has no slash in it, ** for anything. It looks again and again: a page that writes its own address
    /// may do so while one begins to listen for it.
    /// </summary>
    public static async Task AtAsync(this IPage page, string address, TimeSpan? most = null)
    {
        var form = new Regex("^" + Regex.Escape(address).Replace(@"\*\*", ".*", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal) + "$", RegexOptions.CultureInvariant);
        await Wait.UntilAsync(() => Task.FromResult(form.IsMatch(page.Url)), $"the address {address} (it is {page.Url} at first)", most);
        await page.WaitForLoadStateAsync();
    }

    public static async Task SignInAsync(this IPage page, House house, string name)
    {
        await page.GotoAsync(house.Address + "/sign-in");
        await page.FillAsync("#name", name);
        await page.FillAsync("#password", House.Password);
        await page.ClickAsync("form[method=post] button.primary");
        await page.AtAsync("**/live");
        await page.ReadyAsync();
    }

    /// <summary>Presses a key until its effect shows: the first press may fall between two renders.</summary>
    public static async Task PressAsync(this IPage page, string key, ILocator effect)
    {
        await page.Keyboard.PressAsync(key);
        await effect.WaitForAsync();
    }
}
