using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Beacon.EndToEnd.Tests.Support;
using Beacon.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Beacon.EndToEnd.Tests.Console;

/// <summary>An operator at work: by keyboard alone.</summary>
public sealed class TriageTests(Browser browser) : ConsoleTests(browser)
{
    private const string Cursor = "[role=option][aria-selected=true]";

    [Fact]
    public async Task Triage_FiftyMixedAlerts_ByKeyboardAlone()
    {
        await TakeAsync(50);
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.SignInAsync(House, Person);
        await page.Locator($"{Cursor}[data-alert]").WaitForAsync();
        await Wait.UntilAsync(async () => await page.Locator("[data-lines='39']").CountAsync() == 1, "one line for the flood and one for each other alert");
        await Screens.TakeAsync(page, "triage-fifty");
        // Most urgent first.
        var scores = (await page.Locator("[data-alert] .u").AllInnerTextsAsync()).Select(s => int.Parse(s, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(scores.OrderDescending(), scores);

        // One each: acknowledged, assigned, escalated, shelved.
        await page.PressAsync("a", page.Locator($"{Cursor}[data-status=Acknowledged]"));
        await page.PressAsync("j", page.Locator($"{Cursor}[data-status=New]"));
        await page.PressAsync("s", page.Locator("#ask-field:focus"));
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync(Colleague);
        await page.PressAsync("Enter", page.Locator(Cursor).GetByText(Colleague));
        await page.PressAsync("j", page.Locator($"{Cursor}[data-status=New]").Filter(new() { HasNotText = Colleague }));
        await page.PressAsync("e", page.Locator($"{Cursor}[data-status=Escalated]"));
        await page.PressAsync("j", page.Locator($"{Cursor}[data-status=New]"));
        var shelved = await page.Locator(Cursor).GetAttributeAsync("data-alert");
        await page.PressAsync("h", page.Locator("#ask-choice:focus"));
        await AnswerAsync(page, "waits for the patch");
        await page.Locator($"[data-alert='{shelved}']").WaitForAsync(new() { State = WaitForSelectorState.Detached });

        // The way back, by a key, while it is offered.
        await page.Locator("[data-toast=done] [data-undo]").Last.WaitForAsync();
        await page.PressAsync("z", page.Locator($"[data-alert='{shelved}']"));

        // A flood is one line: one decision about all of it.
        await page.Keyboard.PressAsync("Home");
        await page.Locator("[role=option]").First.And(page.Locator("[aria-selected=true]")).WaitForAsync();
        while (await page.Locator(".flood[aria-selected=true]").CountAsync() == 0)
        {
            var here = await page.Locator(Cursor).GetAttributeAsync("id");
            await page.PressAsync("j", page.Locator($"{Cursor}:not([id='{here}'])"));
        }
        await page.Locator("[data-flood-detail]").WaitForAsync();
        await page.PressAsync("Enter", page.Locator(".flood[aria-expanded=true]"));
        await page.PressAsync("Enter", page.Locator(".flood[aria-expanded=false]"));
        await page.PressAsync("g", page.Locator("[data-marked-count='12']"));
        await Screens.TakeAsync(page, "triage-flood-marked");
        await page.PressAsync("d", page.Locator("#ask-choice:focus"));
        await page.Keyboard.PressAsync("ArrowDown");
        await AnswerAsync(page, "the scanner that was announced");
        await page.GetByText("announced work").WaitForAsync();
        await Screens.TakeAsync(page, "triage-cause");
        await page.Locator("#ask-choice:focus").WaitForAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".flood").WaitForAsync(new() { State = WaitForSelectorState.Detached });

        // The rest: marked from the first to the last, closed at once.
        await page.PressAsync("Home", page.Locator("[role=option]").First.And(page.Locator("[aria-selected=true]")));
        await page.PressAsync("x", page.Locator("[data-marked-count='1']"));
        await page.PressAsync("End", page.Locator("[role=option]").Last.And(page.Locator("[aria-selected=true]")));
        await page.PressAsync("X", page.Locator("[data-marked-count='38']"));
        await page.PressAsync("d", page.Locator("#ask-choice:focus"));
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowDown");
        await AnswerAsync(page, "dealt with");
        await page.Locator("[role=option]").First.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await Screens.TakeAsync(page, "triage-done");
        Assert.Equal(0, (await Api.GetFromJsonAsync<JsonObject>(new Uri("/api/v1/alerts", UriKind.Relative)))!["total"]!.GetValue<long>());
        Assert.Equal(50, (await Api.GetFromJsonAsync<JsonObject>(new Uri("/api/v1/alerts?status=Closed", UriKind.Relative)))!["total"]!.GetValue<long>());
        faults.AssertNone("triage");
    }

    [Fact]
    public async Task Live_LongList_IsDrawnAsAWindowAndWhatIsPickedKeepsItsPlace()
    {
        await TakeQuietAsync(0, 260);
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.SignInAsync(House, Person);
        await page.Locator("[data-lines='260']").WaitForAsync();
        // The window is measured by the browser first, then filled.
        await page.Locator("[role=option]").Nth(9).WaitForAsync();
        await page.Mouse.MoveAsync(700, 8);
        Assert.InRange(await page.Locator("[role=option]").CountAsync(), 10, 80);

        // To the end and back by keys: what is gone to is drawn.
        await page.PressAsync("End", page.Locator($"{Cursor} >> visible=true"));
        await Wait.UntilAsync(async () => await page.Locator("[role=option]").Last.GetAttributeAsync("aria-selected") == "true" && await InSightAsync(), "the last line in sight");
        Assert.InRange(await page.Locator("[role=option]").CountAsync(), 10, 80);
        await page.Keyboard.PressAsync("k");
        await Wait.UntilAsync(async () => await page.Locator("[role=option]").Last.GetAttributeAsync("aria-selected") == "false" && await InSightAsync(), "the line before it");
        var picked = await page.Locator(Cursor).GetAttributeAsync("id");
        var top = (await page.Locator(Cursor).BoundingBoxAsync())!.Y;

        // Alerts that rank above come in: the line under the cursor stays where it is.
        await TakeQuietAsync(260, 5, Severity.Critical);
        await page.Locator("[data-lines='265']").WaitForAsync();
        Assert.Equal(picked, await page.Locator(Cursor).GetAttributeAsync("id"));
        Assert.Equal(top, (await page.Locator(Cursor).BoundingBoxAsync())!.Y, 2.0);
        await page.PressAsync("a", page.Locator($"#{picked}[data-status=Acknowledged]"));
        await page.PressAsync("Home", page.Locator("[role=option]").First.And(page.Locator("[aria-selected=true]")));
        faults.AssertNone("a long list");

        async Task<bool> InSightAsync() => await page.EvaluateAsync<bool>("(() => { const row = document.querySelector('[role=option][aria-selected=true]'), box = document.getElementById('live-list'); if (!row) return false; const r = row.getBoundingClientRect(), b = box.getBoundingClientRect(); return r.top >= b.top - 1 && r.bottom <= b.bottom + 1; })()");
    }

    private Task TakeQuietAsync(int from, int count, Severity severity = Severity.Informational)
    {
        var now = TimeProvider.System.GetUtcNow();
        return House.Services.GetRequiredService<IDetectionSink>().CommitAsync([.. Enumerable.Range(from, count).Select(i => new Detection
        {
            Id = new DetectionId($"quiet-{i}"), RuleId = "quiet-" + i, RuleTitle = "Quiet " + i, RuleKind = "sigma", RuleDescription = "What it looks for",
            Severity = severity, Time = now.AddSeconds(-i), Received = now.AddSeconds(-i), Entity = Entity.Of(EntityKind.Host, "quiet-" + i),
        })], null, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task HandOverAndAway_OneWritesTheOtherReads()
    {
        await TakeAsync(3);
        await using var context = await Browser.ContextAsync();
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        await page.SignInAsync(House, Person);
        // Views: what is filtered gets a name, and is gone to by it.
        await page.GotoAsync(House.Address + "/live?tab=needs&sev=Critical");
        await page.ReadyAsync();
        await page.PressAsync("v", page.Locator("#view-name:focus"));
        await page.Keyboard.TypeAsync("Critical at night");
        await page.PressAsync("Enter", page.Locator("[data-view='Critical at night']"));
        await page.GotoAsync(House.Address + "/live");
        await page.ReadyAsync();
        await page.PressAsync("v", page.Locator("#view-first:focus"));
        await page.Keyboard.PressAsync("Enter");
        await page.AtAsync("**/live?tab=needs&sev=Critical");

        await page.GotoAsync(House.Address + "/live");
        await page.ReadyAsync();
        await page.Keyboard.PressAsync("t");
        await page.AtAsync("**/live/handover");
        await page.Locator("[data-lines=Alert]").WaitForAsync();
        await page.PressAsync("/", page.Locator("#note:focus"));
        await page.Keyboard.TypeAsync("The bastion is quiet again; keep an eye on \u202Ehost-1.");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("[data-note].sel").WaitForAsync();
        await Screens.TakeAsync(page, "hand-over-written");

        await using var second = await Browser.ContextAsync();
        var theirs = await second.NewPageAsync();
        // The colleague looked an hour ago.
        await House.Services.GetRequiredService<Beacon.Alerting.Desks.IAwayService>().SeenAsync(new(Colleague), TimeProvider.System.GetUtcNow().AddHours(-1), TestContext.Current.CancellationToken);
        await theirs.SignInAsync(House, Colleague);
        await theirs.Locator("[data-away]").WaitForAsync();
        await theirs.PressAsync("w", theirs.Locator("[data-away-kind=Shift]"));
        await Screens.TakeAsync(theirs, "away");
        Assert.Equal(3, await theirs.Locator("[data-away-kind=Alert] .away-row").CountAsync());
        await theirs.Keyboard.PressAsync("Enter");
        await theirs.Locator("[data-away]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await theirs.GotoAsync(House.Address + "/live/handover");
        await theirs.ReadyAsync();
        await theirs.PressAsync("j", theirs.Locator("[data-note].sel"));
        Assert.Equal(1, await theirs.Locator(".read .bidi").CountAsync());
        await theirs.Keyboard.PressAsync("r");
        await page.Locator(".tag", new() { HasText = Colleague }).WaitForAsync();
        faults.AssertNone("hand-over");
    }

    private static async Task AnswerAsync(IPage page, string reason)
    {
        await page.Keyboard.PressAsync("Tab");
        await page.Locator("#ask-reason:focus").WaitForAsync();
        await page.Keyboard.TypeAsync(reason);
        await page.Keyboard.PressAsync("Enter");
    }

    // Twelve alike, the rest of every severity, none about the same machine.
    private Task TakeAsync(int count)
    {
        var now = TimeProvider.System.GetUtcNow();
        var alike = count >= 50 ? 12 : 0;
        return House.Services.GetRequiredService<IDetectionSink>().CommitAsync([.. Enumerable.Range(0, count).Select(i => new Detection
        {
            Id = new DetectionId($"triage-{i}"), RuleId = i < alike ? "scan" : "rule-" + i, RuleTitle = i < alike ? "Port scan" : "Rule " + i, RuleKind = "sigma", RuleDescription = "What it looks for",
            Severity = i < alike ? Severity.Low : (Severity)(1 + i % 4), Time = now.AddSeconds(-i), Received = now.AddSeconds(-i), Entity = Entity.Of(EntityKind.Host, "host-" + i),
        })], null, TestContext.Current.CancellationToken);
    }
}
