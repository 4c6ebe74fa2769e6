using System.Text;
using Beacon.EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace Beacon.EndToEnd.Tests.Console;

/// <summary>The library of playbooks and the grading matrix, as those who keep them use them.</summary>
public sealed class LibraryTests(Browser browser) : ConsoleTests(browser)
{
    [Fact]
    public async Task Import_FaultyThenRight_IsRefusedWithPathsThenComparedAndWithdrawn()
    {
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.SignInAsync(House, Person);
        await page.OpenAsync(House.Address + "/playbooks");
        await page.Locator("[data-playbook]").First.WaitForAsync();
        await page.PressAsync("i", page.Locator("#pb-json"));
        await page.Locator("#pb-file").SetInputFilesAsync(File("""{"type":"playbook","spec_version":"cacao-2.0","id":"playbook--x"}"""));
        await page.Locator("[data-verdict=faulty]").WaitForAsync();
        Assert.True(await page.Locator("[data-fault='$.workflow']").IsVisibleAsync());
        Assert.True(await page.Locator("[data-act=keep]").IsDisabledAsync());
        await Screens.TakeAsync(page, "playbook-import-faults");

        var own = await System.IO.File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "playbooks", "brute-force.json"));
        await page.Locator("#pb-file").SetInputFilesAsync(File(own.Replace("Guessed password", "Guessed password, our way", StringComparison.Ordinal)));
        await page.Locator("[data-verdict=accepted]").WaitForAsync();
        await page.FillAsync("#pb-why", "our own words");
        await page.ClickAsync("[data-act=keep]");
        await page.Locator("[data-shown-playbook] h1:has-text('our way')").WaitForAsync();
        await page.Locator("tr[data-version='1'] button").First.ClickAsync();
        await page.Locator("[data-diff=document]:has-text('our way')").First.WaitForAsync();
        await Screens.TakeAsync(page, "playbook-versions");
        await page.ClickAsync("[data-act=withdraw]");
        await page.FillAsync("#ask-reason", "not needed");
        await page.Locator("[role=dialog] button[type=submit]").ClickAsync();
        await page.Locator("[data-shown-playbook] h1:has-text('our way')").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        faults.AssertNone("import");
    }

    [Fact]
    public async Task Library_Operator_ReadsButImportsNothing()
    {
        await using var context = await Browser.ContextAsync(language: "zh-Hans");
        var page = await context.NewPageAsync();
        await page.SignInAsync(House, Colleague);
        await page.OpenAsync(House.Address + "/playbooks");
        await page.Locator("[data-playbook]").First.WaitForAsync();
        Assert.True(await page.Locator("[data-act=import]").IsDisabledAsync());
        await page.ClickAsync("[data-tab=drills]");
        await page.Locator("[data-run-drill], .empty").First.WaitForAsync();
    }

    [Fact]
    public async Task Matrix_Edited_IsInForceAsTheNextVersionAndCanBePutBack()
    {
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.SignInAsync(House, Person);
        await page.OpenAsync(House.Address + "/warnings/matrix");
        await page.ClickAsync("[data-act=edit-matrix]");
        // A more important object must not get the lower level: the fault is said, the draft stays.
        await page.Locator("[data-cell='General-EspeciallySerious']").SelectOptionAsync("Red");
        await page.FillAsync(".sec input.grow", "after the exercise");
        await page.ClickAsync("[data-act=save-matrix]");
        await page.Locator(".note[role=alert]").WaitForAsync();
        await page.Locator("[data-cell='General-EspeciallySerious']").SelectOptionAsync("Orange");
        await page.ClickAsync("[data-act=save-matrix]");
        await page.Locator("[data-matrix='2'].sel").WaitForAsync();
        await Screens.TakeAsync(page, "warning-matrix");

        await page.ClickAsync("[data-matrix='1']");
        await page.ClickAsync("[data-act=restore]");
        await page.ClickAsync("[data-act=save-matrix]");
        await page.Locator("[data-matrix='3'].sel").WaitForAsync();
        faults.AssertNone("matrix");

        await using var elsewhere = await Browser.ContextAsync();
        var colleague = await elsewhere.NewPageAsync();
        await colleague.SignInAsync(House, Colleague);
        await colleague.OpenAsync(House.Address + "/warnings/matrix");
        Assert.True(await colleague.Locator("[data-act=edit-matrix]").IsDisabledAsync());
    }

    [Fact]
    public async Task Notifications_ChannelAddedAndTested_ShowsFaultsAndNoSecret()
    {
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        await page.SignInAsync(House, Person);
        await page.OpenAsync(House.Address + "/notifications");
        await page.Locator(".empty").WaitForAsync();
        await page.ClickAsync("[data-tab=setup]");
        await page.ClickAsync("[data-act=add-channel]");
        await page.Locator(".channel-form select").First.SelectOptionAsync("syslog");
        await page.Locator(".channel-form input[maxlength='64']").FillAsync("siem");
        await page.Locator(".channel-form .row input.grow").FillAsync("the collector of the sector");
        await page.ClickAsync("[data-act=keep-channel]");
        // What is wanted is named with its place; what was typed stays.
        await page.Locator("[data-fault]:has-text('$.channels[0].settings')").First.WaitForAsync();
        await Screens.TakeAsync(page, "notifications-faults");
        await page.ClickAsync("[data-act=edit-setup]");
        await page.Locator("[data-document]").FillAsync("""{"channels":[{"id":"siem","kind":"syslog","settings":{"server":"127.0.0.1:9"}}],"routes":[{"id":"all","kinds":[],"atLeast":"None","audiences":[],"targets":["channel:siem"],"groupSeconds":0,"escalation":[]}]}""");
        await page.FillAsync("[data-why]", "first setup");
        await page.ClickAsync("[data-act=save-setup]");
        await page.Locator("[data-channel=siem], [data-fault]").First.WaitForAsync();
        Assert.Equal("", string.Join("; ", await page.Locator("[data-fault]").AllInnerTextsAsync()));
        await page.ClickAsync("[data-test=siem]");
        await page.Locator("[data-channel=siem] .t2:has-text('test')").First.WaitForAsync();
        await Screens.TakeAsync(page, "notifications-setup");
    }

    private static FilePayload File(string text) => new() { Name = "book.json", MimeType = "application/json", Buffer = Encoding.UTF8.GetBytes(text) };
}
