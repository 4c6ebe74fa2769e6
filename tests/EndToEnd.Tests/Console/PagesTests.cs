using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Beacon.EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace Beacon.EndToEnd.Tests.Console;

public sealed class PagesTests(Browser browser) : ConsoleTests(browser)
{
    private long _incident;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await House.SyslogAsync(Enumerable.Range(0, 15).Select(i => House.Sshd("bas-01", $"Failed password for invalid user admin from 203.0.113.47 port {41_000 + i} ssh2")));
        var alert = await House.AttackAsync(Api);
        _incident = await House.IncidentAsync(Api, alert);
    }

    [Fact]
    public async Task Pages_BothThemesAndLanguages_OpenWithoutFaults()
    {
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.GotoAsync(House.Address + "/sign-in");
        await Screens.TakeAsync(page, "sign-in-dark-en");
        await page.SignInAsync(House, Person);
        foreach (var language in new[] { "en", "zh-Hans" })
        {
            if (language != "en") await SwitchLanguageAsync(page, language);
            foreach (var theme in new[] { "dark", "light" })
            {
                await SwitchThemeAsync(page, theme);
                foreach (var (name, path) in new[]
                {
                    ("live", "/live"),
                    ("handover", "/live/handover"),
                    ("warnings", "/warnings"),
                    ("incidents", "/incidents"),
                    ("incident", $"/incidents/{_incident}"),
                    ("incident-entities", $"/incidents/{_incident}?tab=entities"),
                    ("playbooks", "/playbooks"),
                    ("matrix", "/warnings/matrix"),
                    ("notifications", "/notifications"),
                    ("rules", "/rules"),
                    ("sources", "/sources"),
                    ("assets", "/assets"),
                    ("coverage", "/coverage"),
                    ("people", "/people"),
                    ("keys", "/keys"),
                    ("audit", "/audit"),
                    ("search", "/search?q=event.module%3Asshd&span=1h"),
                })
                {
                    await page.OpenAsync(House.Address + path);
                    var shot = $"{name}-{theme}-{language}";
                    Assert.Equal(theme, await page.Locator("html").GetAttributeAsync("data-theme"));
                    Assert.Equal(language, await page.Locator("html").GetAttributeAsync("lang"));
                    Assert.Equal(0, await page.Locator("#blazor-error-ui:visible").CountAsync());
                    await AssertFitsAsync(page, shot);
                    // An empty state says nothing to a screen reader: Blazor writes true as an attribute without a value.
                    Assert.Equal(0, await page.Locator("[aria-selected=''], [aria-invalid=''], [aria-expanded=''], [aria-checked=''], [aria-pressed='']").CountAsync());
                    await Screens.TakeAsync(page, shot);
                    await page.SetViewportSizeAsync(1440, 900);
                    await AssertFitsAsync(page, shot + " at 1440");
                    await Screens.TakeAsync(page, shot + "-1440x900");
                    await page.SetViewportSizeAsync(1366, 768);
                    faults.AssertNone(shot);
                }
            }
        }
        await page.ClickAsync("form[action='/sign-out'] button");
        await page.AtAsync("**/sign-in*");
        Assert.Equal("zh-Hans", await page.Locator("html").GetAttributeAsync("lang"));
        await Screens.TakeAsync(page, "sign-in-light-zh-Hans");
        faults.AssertNone("signed out");
    }

    [Fact]
    public async Task Playbook_OnAPhone_FitsTheWidth()
    {
        await StartPlaybookAsync();
        await using var context = await Browser.ContextAsync(390, 844);
        var page = await context.NewPageAsync();
        await page.SignInAsync(House, Person);
        foreach (var language in new[] { "en", "zh-Hans" })
        {
            if (language != "en") await SwitchLanguageAsync(page, language);
            foreach (var theme in new[] { "dark", "light" })
            {
                await SwitchThemeAsync(page, theme);
                await page.OpenAsync($"{House.Address}/incidents/{_incident}");
                await page.Locator("[data-current]").WaitForAsync();
                await AssertFitsAsync(page, "playbook on a phone");
                await Screens.TakeAsync(page, $"playbook-phone-{theme}-{language}");
                await page.OpenAsync($"{House.Address}/incidents/{_incident}?run=none");
                await page.Locator("[data-entry]").First.WaitForAsync();
                await AssertFitsAsync(page, "incident on a phone");
                await Screens.TakeAsync(page, $"incident-phone-{theme}-{language}");
            }
        }
    }

    [Fact]
    public async Task Playbook_KeyOnTheIncident_StartsTheOneThatIsOfferedFirst()
    {
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        await page.SignInAsync(House, Person);
        await page.OpenAsync($"{House.Address}/incidents/{_incident}");
        await page.Locator("[data-start]").First.WaitForAsync();
        await page.PressAsync("p", page.Locator("[data-start-confirm]:focus"));
        Assert.Equal(await page.Locator("[data-offer]").First.GetAttributeAsync("data-offer"), await page.Locator("[data-start-question]").GetAttributeAsync("data-start-question"));
        await Screens.TakeAsync(page, "incident-start");
        await page.Keyboard.PressAsync("Escape");
        await page.Locator("[data-start-question]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.Empty((await Api.GetFromJsonAsync<JsonArray>(new Uri($"/api/v1/runs?incident={_incident}", UriKind.Relative)))!);
        // From the list of alerts, the question is there at once.
        await page.OpenAsync($"{House.Address}/live");
        await page.Locator("[data-detail] a[href^='/incidents/']").First.WaitForAsync();
        await page.PressAsync("p", page.Locator("[data-start-confirm]:focus"));
        await page.PressAsync("Enter", page.Locator("[data-run][data-run-status=Running]"));
        await page.Locator("[data-current]").WaitForAsync();
    }

    [Fact]
    public async Task Playbook_ManualStepDone_IsInTheTimeline()
    {
        // One that begins with what a person does.
        var library = (await Api.GetFromJsonAsync<JsonObject>(new Uri("/api/v1/playbooks", UriKind.Relative)))!["playbooks"]!.AsArray();
        await StartPlaybookAsync(library.Single(p => p!["name"]!.GetValue<string>() == "Log source silent or switched off")!["id"]!.GetValue<string>());
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.SignInAsync(House, Person);
        await page.OpenAsync($"{House.Address}/incidents/{_incident}");
        await page.Locator("[data-current][data-step-status=WaitingForPerson]").WaitForAsync();
        await page.Locator("[data-run][data-run-status=Running]").WaitForAsync();
        var step = await page.Locator("[data-current]").GetAttributeAsync("data-current");
        var before = await page.Locator("[data-entry=Playbook]").CountAsync();
        if (await page.Locator(".step select").CountAsync() > 0) await page.Locator(".step select").First.SelectOptionAsync("true");
        await page.FillAsync("#note", "Found one login among the failures");
        await Screens.TakeAsync(page, "playbook-step");
        await page.ClickAsync("[data-answer=done]");

        await page.Locator($"[data-step='{step}'].done").WaitForAsync();
        await Wait.UntilAsync(async () => await page.Locator("[data-entry=Playbook]").CountAsync() > before, "the step in the timeline");
        var timeline = await page.Locator("[data-entry=Playbook]").AllInnerTextsAsync();
        Assert.Contains(timeline, t => t.Contains(Person, StringComparison.Ordinal));
        await Screens.TakeAsync(page, "playbook-after-step");
        faults.AssertNone("playbook");
    }

    /// <param name="playbook">Its id; null for the one that is offered first.</param>
    private async Task StartPlaybookAsync(string? playbook = null)
    {
        playbook ??= (await Api.GetFromJsonAsync<JsonArray>(new Uri($"/api/v1/incidents/{_incident}/playbooks", UriKind.Relative)))![0]!["playbook"]!["id"]!.GetValue<string>();
        using var answer = await Api.PostAsJsonAsync(new Uri($"/api/v1/incidents/{_incident}/runs", UriKind.Relative), new { playbookId = playbook });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task SwitchLanguageAsync(IPage page, string language)
    {
        await page.ClickAsync("form[action='/viewer/language'] button");
        await page.Locator($"html[lang='{language}']").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.ReadyAsync();
    }

    private static async Task SwitchThemeAsync(IPage page, string theme)
    {
        if (await page.Locator("html").GetAttributeAsync("data-theme") == theme) return;
        await page.ClickAsync(".tools button.icon");
        await page.Locator($"html[data-theme='{theme}']").WaitForAsync(new() { State = WaitForSelectorState.Attached });
    }

    private static async Task AssertFitsAsync(IPage page, string where)
    {
        var over = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(over <= 0, $"{where}: {over} px wider than the window");
        // A page's panes reach down to the bar of keys.
        var gap = await page.EvaluateAsync<double>("(() => { const all = document.querySelector('.panes'); return all ? all.getBoundingClientRect().bottom - Math.max(...[...all.children].map(c => c.getBoundingClientRect().bottom)) : 0; })()");
        Assert.True(gap < 2, $"{where}: its panes end {gap} px above its foot");
    }
}
