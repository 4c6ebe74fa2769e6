using System.Net;
using System.Net.Http.Headers;
using Beacon.Alerting.Audit;
using Beacon.EndToEnd.Tests.Support;
using Beacon.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Beacon.EndToEnd.Tests.Console;

/// <summary>Accounts, keys and the audit trail, as an administrator uses them and as nobody else can.</summary>
public sealed class AdministrationTests(Browser browser) : ConsoleTests(browser)
{
    [Fact]
    public async Task People_NewAccount_ChoosesItsPasswordByTheLinkAndIsLockedOut()
    {
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.SignInAsync(House, Person);
        await page.OpenAsync(House.Address + "/people");
        await page.PressAsync("n", page.Locator("#pe-name:focus"));
        await page.Keyboard.TypeAsync("tan");
        await page.FillAsync("#pe-display", "Tan \u202EWei");
        await page.Locator("[data-role=responder]").CheckAsync();
        await page.ClickAsync("form.sec button.primary");
        var link = (await page.Locator("[data-secret-value]").InnerTextAsync()).Trim();
        await page.Locator("[data-person=tan].sel").WaitForAsync();
        Assert.NotEqual(0, await page.Locator("[data-detail=tan] .bidi").CountAsync());
        await Screens.TakeAsync(page, "people-new");

        await using var second = await Browser.ContextAsync();
        var theirs = await second.NewPageAsync();
        await theirs.GotoAsync(link);
        await theirs.FillAsync("#password", House.Password);
        await theirs.FillAsync("#again", House.Password);
        await Screens.TakeAsync(theirs, "people-reset");
        await theirs.ClickAsync("form[method=post] button.primary");
        await theirs.AtAsync("**/live");
        await theirs.ReadyAsync();
        // Not for them, and not offered to them.
        Assert.Equal(0, await theirs.Locator(".nav a[href='/people']").CountAsync());
        foreach (var path in new[] { "/people", "/keys", "/audit" })
        {
            await theirs.GotoAsync(House.Address + path);
            await theirs.AtAsync("**/denied*");
        }

        await page.ClickAsync("[data-act=lock]");
        await page.FillAsync("#ask-reason", "left the house");
        await page.ClickAsync("#ask-confirm");
        await page.Locator("[data-person=tan][data-locked]").WaitForAsync();
        await theirs.GotoAsync(House.Address + "/live");
        await theirs.AtAsync("**/sign-in*");
        await theirs.GotoAsync(link);
        await theirs.Locator("[role=alert]").WaitForAsync();

        await page.OpenAsync(House.Address + "/audit?object=user%3Atan");
        await page.Locator("[data-chain=whole]").WaitForAsync();
        await page.Locator("[data-entry='user.lock']").ClickAsync();
        await page.Locator("[data-detail] >> text=user.lock").First.WaitForAsync();
        Assert.Contains("left the house", await page.Locator("section.pane").Last.InnerTextAsync(), StringComparison.Ordinal);
        await Screens.TakeAsync(page, "audit-entry");
        faults.AssertNone("people");
    }

    [Fact]
    public async Task Keys_MadeOnThePage_OpensTheApiUntilItIsRevoked()
    {
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.SignInAsync(House, Person);
        await page.OpenAsync(House.Address + "/keys");
        await page.PressAsync("n", page.Locator("#key-name"));
        await page.FillAsync("#key-name", "report script");
        await page.Locator("[data-scope=ingest]").UncheckAsync();
        await page.Locator("[data-scope=read]").CheckAsync();
        await page.ClickAsync("form.sec button.primary");
        var header = (await page.Locator("[data-secret-value]").InnerTextAsync()).Trim();
        await Screens.TakeAsync(page, "keys-made");
        using var client = House.Client();
        client.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(header["Authorization: ".Length..]);
        using (var answer = await client.GetAsync(new Uri("/api/v1/alerts", UriKind.Relative))) Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        await page.Locator("[data-key='report script'] [data-revoke]").ClickAsync();
        await page.ClickAsync("#ask-confirm");
        await page.Locator("[data-key='report script']").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        using (var answer = await client.GetAsync(new Uri("/api/v1/alerts", UriKind.Relative))) Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        faults.AssertNone("keys");
    }

    [Fact]
    public async Task Audit_MoreThanAPage_IsPagedAndAChangeIsFound()
    {
        var trail = House.Services.GetRequiredService<IAuditTrail>();
        for (var i = 0; i < 210; i++) await trail.AppendAsync(new("script", "test.act", "thing:" + i), TestContext.Current.CancellationToken);
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        await page.SignInAsync(House, Person);
        await page.OpenAsync(House.Address + "/audit?actor=script");
        await page.Locator("[data-entry='test.act']").First.WaitForAsync();
        Assert.Equal(200, await page.Locator("[data-entry]").CountAsync());
        await page.ClickAsync("[data-older]");
        await page.GetByText("thing:0", new() { Exact = true }).WaitForAsync();
        Assert.Equal(10, await page.Locator("[data-entry]").CountAsync());

        var state = House.Services.GetRequiredService<IStateDatabase>();
        await state.WriteAsync(t => t.Execute("UPDATE alerting_audit SET reason = 'other' WHERE object = 'thing:7'"), TestContext.Current.CancellationToken);
        await page.OpenAsync(House.Address + "/audit");
        await page.Locator("[data-chain=broken]").WaitForAsync();
        await Screens.TakeAsync(page, "audit-broken");
    }
}
