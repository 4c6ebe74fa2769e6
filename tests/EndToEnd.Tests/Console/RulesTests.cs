using Beacon.Alerting;
using Beacon.EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace Beacon.EndToEnd.Tests.Console;

/// <summary>An owner at work: rules are tried before they raise anything, by keyboard alone.</summary>
public sealed class RulesTests(Browser browser) : ConsoleTests(browser)
{
    private const string Rule = "ed37a55f-0a4e-5119-b4ff-702035860688";
    private const string Owner = "olga";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await House.PersonAsync(Owner, RoleNames.Owner);
    }

    [Fact]
    public async Task Rules_RetiredByKey_StaysSoAfterARestart()
    {
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        await page.SignInAsync(House, Person);
        await page.OpenAsync($"{House.Address}/rules?rule={Rule}");
        await page.Locator("[data-stages=Live]").WaitForAsync();
        await page.PressAsync("x", page.Locator("#ask-reason:focus"));
        await page.Keyboard.TypeAsync("the bastion is gone");
        await page.PressAsync("Enter", page.Locator("[data-stages=Retired]"));
        await Screens.TakeAsync(page, "rules-retired");

        await House.StopAsync();
        await House.StartAgainAsync();
        await page.OpenAsync($"{House.Address}/rules?rule={Rule}");
        await page.Locator("[data-stages=Retired]").WaitForAsync();

        await House.SyslogAsync(House.Sshd("bas-01", "Accepted password for root from 203.0.113.47 port 41888 ssh2"));
        await Wait.UntilAsync(async () => (await Api.GetStringAsync(new Uri("/api/v1/events/count?q=event.module:sshd", UriKind.Relative))).Contains("\"count\":1", StringComparison.Ordinal), "the event in the store");
        Assert.Null(await House.AlertAsync(Api, "root"));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-Hans")]
    public async Task Owner_OneRule_FromACopyToLiveAndOutAgain(string language)
    {
        await House.SyslogAsync(House.Sshd("bas-01", "Accepted password for root from 203.0.113.47 port 41888 ssh2"));
        await Wait.UntilAsync(async () => (await Api.GetStringAsync(new Uri("/api/v1/events/count?q=event.module:sshd", UriKind.Relative))).Contains("\"count\":1", StringComparison.Ordinal), "the event in the store");
        await using var context = await Browser.ContextAsync(1440, 900, language);
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.SignInAsync(House, Owner);
        Assert.Equal(language, await page.Locator("html").GetAttributeAsync("lang"));

        // A shipped rule is copied; its text is the editor's.
        await page.OpenAsync($"{House.Address}/rules?rule={Rule}");
        await page.Locator("[data-stages=Live]").WaitForAsync();
        await Screens.TakeAsync(page, $"rules-list-{language}");
        await page.PressAsync("c", page.Locator("#rule-text"));
        await page.PressAsync("e", page.Locator("#rule-text:focus"));

        // A modifier that there is not: the line says so, and a key goes there.
        await TypeAtAsync(page, "detection:", "\n  mine:\n    user.name|contians: roo");
        await page.Locator("[data-problems]:not([data-problems='0'])").WaitForAsync();
        await Screens.TakeAsync(page, $"rules-fault-{language}");
        Assert.True(await page.Locator("[data-save]").IsDisabledAsync());
        await page.Keyboard.PressAsync("F8");
        await page.WaitForFunctionAsync("() => { const f = document.getElementById('rule-text'); return f.selectionStart === f.value.indexOf('user.name|contians'); }");
        await SelectAsync(page, "contians");
        // Completed by keyboard: contains.
        await page.Keyboard.TypeAsync("con");
        await page.PressAsync("Control+Space", page.Locator("[data-word=contains][aria-selected=true]"));
        await Screens.TakeAsync(page, $"rules-completion-{language}");
        await page.PressAsync("Enter", page.Locator("#rule-text[data-open=false]"));
        await page.Locator("[data-problems='0']").WaitForAsync();

        // A past event: which part of the rule holds; kept as a case, with a near miss.
        await page.Locator("#past").FocusAsync();
        await page.Keyboard.TypeAsync("event.module:sshd");
        await page.PressAsync("Enter", page.Locator("[data-verdict=match]"));
        await page.Locator("#case-name").FocusAsync();
        await page.Keyboard.TypeAsync("root by password");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#paste").FocusAsync();
        await page.Keyboard.TypeAsync(House.Sshd("bas-01", "Accepted publickey for ann from 203.0.113.9 port 4188 ssh2"));
        await page.Keyboard.PressAsync("Tab");
        await page.PressAsync("Enter", page.Locator("[data-verdict=none]"));
        await page.Locator("[data-add=miss]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#rule-text").FocusAsync();
        await page.PressAsync("Control+Enter", page.Locator("[data-case=held]").Nth(1));
        Assert.Equal(0, await page.Locator("[data-case=differs]").CountAsync());
        await Screens.TakeAsync(page, $"rules-cases-{language}");

        // Tested on what is stored.
        await page.PressAsync("Control+s", page.Locator("[data-dirty=false]"));
        await page.AtAsync("**/edit");
        await page.Locator("#tab-backtest").FocusAsync();
        await page.PressAsync("b", page.Locator("[data-raised]"));
        await Screens.TakeAsync(page, $"rules-backtest-{language}");
        await page.PressAsync("q", page.Locator("[data-query=SQL]"));
        await Screens.TakeAsync(page, $"rules-query-{language}");
        await page.PressAsync("d", page.Locator("#edit-panel"));

        // A second text is a second version; leaving with a third unsaved is asked about.
        await page.PressAsync("e", page.Locator("#rule-text:focus"));
        await SelectAsync(page, "level:");
        await page.Keyboard.PressAsync("Home");
        await page.Keyboard.TypeAsync("license: MIT\n");
        await page.Locator("[data-dirty=true]").WaitForAsync();
        await page.PressAsync("Control+s", page.Locator("[data-dirty=false]"));
        await page.Keyboard.TypeAsync("# later\n");
        await page.Locator("[data-dirty=true]").WaitForAsync();
        await page.Locator(".ph a.link").First.FocusAsync();
        await page.PressAsync("Enter", page.Locator("#ask-confirm:focus"));
        await page.PressAsync("Enter", page.Locator("[data-stages=Draft]"));

        // Draft, test, staged: what it finds is counted, and nothing is raised.
        await page.PressAsync("l", page.Locator("[data-stages=Test]"));
        await page.PressAsync("l", page.Locator("[data-stages=Staged]"));
        await page.Locator("[data-staged]").WaitForAsync();
        await House.SyslogAsync(House.Sshd("bas-02", "Accepted password for root from 203.0.113.48 port 41889 ssh2"));
        await Wait.UntilAsync(async () => await page.Locator("[data-would]").InnerTextAsync() == "1", "what it would have raised");
        await Screens.TakeAsync(page, $"rules-staged-{language}");

        // Live: the newest text was not tried, and that is said.
        await page.PressAsync("l", page.Locator("#ask-reason:focus"));
        await Screens.TakeAsync(page, $"rules-untried-{language}");
        await page.Keyboard.TypeAsync("only the licence was added");
        await page.PressAsync("Enter", page.Locator("[data-stages=Live]"));

        // The versions beside each other; and out of service, with a way back.
        await page.PressAsync("v", page.Locator("[data-diff] [data-change=Added]").First);
        Assert.Contains("license: MIT", await page.Locator("[data-diff] [data-change=Added]").First.InnerTextAsync(), StringComparison.Ordinal);
        await Screens.TakeAsync(page, $"rules-versions-{language}");
        await page.PressAsync("x", page.Locator("#ask-reason:focus"));
        await page.Keyboard.TypeAsync("it was for practice");
        await page.PressAsync("Enter", page.Locator("[data-stages=Retired]"));
        await page.PressAsync("z", page.Locator("[data-stages=Live]"));
        await page.PressAsync("x", page.Locator("#ask-reason:focus"));
        await page.Keyboard.TypeAsync("it was for practice");
        await page.PressAsync("Enter", page.Locator("[data-stages=Retired]"));
        faults.AssertNone("an owner's rule");
    }

    [Fact]
    public async Task Editor_FaultyText_IsKeptMendedByKeyAndThenExcepted()
    {
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.SignInAsync(House, Owner);
        await page.OpenAsync($"{House.Address}/rules/new?from={Rule}");
        await page.Locator("#rule-text").WaitForAsync();
        await TypeAtAsync(page, "detection:", "\n  mine:\n    user.nmae|contians: roo");
        await page.Locator("[data-problems]:not([data-problems='0'])").WaitForAsync();
        await page.PressAsync("Control+s", page.Locator("[data-dirty=false]"));
        await page.AtAsync("**/edit");
        await Screens.TakeAsync(page, "rules-unfinished");

        // It waits among the rules, and cannot go on.
        var id = page.Url.Split('/')[^2];
        await page.OpenAsync($"{House.Address}/rules?rule={id}");
        await page.Locator("[data-unfinished]").WaitForAsync();
        Assert.Equal(0, await page.Locator("[data-move]").CountAsync());
        await page.PressAsync("e", page.Locator("#rule-text"));
        await page.PressAsync("e", page.Locator("#rule-text:focus"));

        // Two slips, two keys; the browser's own undo takes one back.
        await TypeAtAsync(page, "detection:", "");
        await page.PressAsync("Control+.", page.Locator("[data-problems='0']"));
        Assert.Contains("user.nmae|contains: roo", await page.InputValueAsync("#rule-text"), StringComparison.Ordinal);
        await page.PressAsync("Control+z", page.Locator("[data-problems='1']"));
        await page.PressAsync("Control+.", page.Locator("[data-problems='0']"));
        await page.Locator("[data-remedy='user.name']").ClickAsync();
        await page.Locator("[data-remedy]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.Contains("user.name|contains: roo", await page.InputValueAsync("#rule-text"), StringComparison.Ordinal);
        await page.PressAsync("Control+s", page.Locator("[data-dirty=false]"));
        await page.OpenAsync($"{House.Address}/rules?rule={id}");
        await page.Locator("[data-stages=Draft]").WaitForAsync();

        // An exception from the rule's pane.
        await page.PressAsync("t", page.Locator("#except-field-0:focus"));
        await page.Keyboard.TypeAsync("user.name");
        await page.FillAsync("#except-value-0", "backup, deploy");
        await page.FillAsync("#except-why", "they log in so");
        await Screens.TakeAsync(page, "rules-exception");
        await page.ClickAsync("[data-act=except]");
        await page.Locator("[data-exceptions='1']:has-text('they log in so')").WaitForAsync();
        faults.AssertNone("the editor");
    }

    /// <summary>Types behind a word of the text.</summary>
    private static async Task TypeAtAsync(IPage page, string word, string text)
    {
        await page.EvaluateAsync("w => { const f = document.getElementById('rule-text'), at = f.value.indexOf(w) + w.length; f.focus(); f.setSelectionRange(at, at); }", word);
        await page.Keyboard.TypeAsync(text);
    }

    private static async Task SelectAsync(IPage page, string word) =>
        await page.EvaluateAsync("w => { const f = document.getElementById('rule-text'), at = f.value.indexOf(w); f.focus(); f.setSelectionRange(at, at + w.length); }", word);
}
