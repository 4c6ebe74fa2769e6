using Microsoft.Playwright;

namespace Beacon.EndToEnd.Tests.Support;

/// <summary>A person who has a keyboard and eyes, and no mouse: what a story by keyboard can do, and nothing else.</summary>
internal sealed class Hands(IPage page)
{
    /// <summary>Further than this no page makes one go.</summary>
    private const int MostTabs = 200;

    /// <summary>Presses a key, and waits for what it brings.</summary>
    public Task PressAsync(string key, string effect) => page.PressAsync(key, page.Locator(effect).First);

    public Task PressAsync(string key) => page.Keyboard.PressAsync(key);

    public Task TypeAsync(string text) => page.Keyboard.TypeAsync(text);

    public Task SeeAsync(string what) => page.Locator(what).First.WaitForAsync();

    public Task SeeNoneAsync(string what) => page.Locator(what).First.WaitForAsync(new() { State = WaitForSelectorState.Detached });

    public async Task<string> ReadAsync(string what, string attribute) => await page.Locator(what).First.GetAttributeAsync(attribute) ?? "";

    public async Task<bool> IsThereAsync(string what) => await page.Locator(what).CountAsync() > 0;

    /// <summary>Goes on with Tab until the focus is on it.</summary>
    public async Task TabToAsync(string what)
    {
        await SeeAsync(what);
        for (var i = 0; i < MostTabs; i++)
        {
            if (await page.EvaluateAsync<bool>("what => document.activeElement?.matches(what) === true", what)) return;
            await page.Keyboard.PressAsync("Tab");
        }
        Assert.Fail($"{what} can't be reached by Tab");
    }

    /// <summary>Goes to it, and presses Enter there.</summary>
    public async Task GoAsync(string what, string effect)
    {
        await TabToAsync(what);
        await PressAsync("Enter", effect);
    }

    public async Task SignInAsync(string address, string name, string password)
    {
        await page.GotoAsync(address + "/sign-in");
        await TabToAsync("#name");
        await TypeAsync(name);
        await PressAsync("Tab");
        await TypeAsync(password);
        await PressAsync("Enter");
        await page.AtAsync("**/live");
        await page.ReadyAsync();
    }

    /// <summary>An address that a colleague sent.</summary>
    public Task OpenAsync(string address) => page.OpenAsync(address);

    /// <summary>Presses a key that leads to another page; again where the page was busy with the key before it, as a person does.</summary>
    public async Task PressToAsync(string key, string address)
    {
        for (var n = 0; ; n++)
        {
            await page.Keyboard.PressAsync(key);
            try
            {
                await page.AtAsync(address, TimeSpan.FromSeconds(10));
                return;
            }
            catch (TimeoutException) when (n < 4)
            {
                // Pressed once more.
            }
        }
    }
}
