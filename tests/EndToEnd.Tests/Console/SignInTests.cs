using Beacon.EndToEnd.Tests.Support;
using Beacon.Web.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.EndToEnd.Tests.Console;

public sealed class SignInTests(Browser browser) : IAsyncLifetime
{
    private House _house = null!;

    public async ValueTask InitializeAsync() => _house = await House.StartAsync();
    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task SetupLink_FirstUse_CreatesTheAdministratorAndSecondIsRefused()
    {
        var token = await _house.Services.GetRequiredService<SetupToken>().CreateAsync();
        await using var context = await browser.ContextAsync();
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.GotoAsync($"{_house.Address}/setup/{token}");
        await Screens.TakeAsync(page, "setup");
        await page.FillAsync("#name", "ingrid");
        await page.FillAsync("#password", House.Password);
        await page.FillAsync("#again", House.Password);
        await page.ClickAsync("button.primary");
        await page.AtAsync("**/sources");
        await page.ReadyAsync();
        faults.AssertNone("set-up");

        await using var other = await browser.ContextAsync();
        var late = await other.NewPageAsync();
        await late.GotoAsync($"{_house.Address}/setup/{token}");
        await late.Locator("[role=alert]").WaitForAsync();
        Assert.Equal(0, await late.Locator("#password").CountAsync());

        await late.SignInAsync(_house, "ingrid");
    }

    [Fact]
    public async Task SignIn_WrongPassword_SaysSoAndOpensNothing()
    {
        await _house.PersonAsync("wei");
        await using var context = await browser.ContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(_house.Address + "/rules");
        await page.AtAsync("**/sign-in?then=*");
        await page.FillAsync("#name", "wei");
        await page.FillAsync("#password", "not the password at all");
        await page.ClickAsync("button.primary");
        await page.Locator("[role=alert]").WaitForAsync();
        await page.FillAsync("#name", "wei");
        await page.FillAsync("#password", House.Password);
        await page.ClickAsync("button.primary");
        // Where the person wanted to go before the sign-in stood in the way.
        await page.AtAsync("**/rules");
    }
}
