using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Beacon.Alerting;
using Beacon.EndToEnd.Tests.Support;
using Beacon.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.EndToEnd.Tests.Console;

/// <summary>The operator's and the responder's work from sign-in to hand-over, by keyboard alone, in both languages.</summary>
public sealed class StoryTests(Browser browser) : ConsoleTests(browser)
{
    private const string Cursor = "[role=option][aria-selected=true]";

    [Theory]
    [InlineData("en")]
    [InlineData("zh-Hans")]
    public async Task Operator_FromSignInToHandOver(string language)
    {
        await House.PersonAsync("oda", RoleNames.Operator);
        await TakeAsync(4);
        await using var context = await Browser.ContextAsync(language: language);
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        var hands = new Hands(page);
        await hands.SignInAsync(House.Address, "oda", House.Password);
        await hands.SeeAsync($"html[lang='{language}']");
        await hands.SeeAsync($"{Cursor}[data-alert]");

        var first = await hands.ReadAsync(Cursor, "data-alert");
        await hands.PressAsync("a", $"{Cursor}[data-alert='{first}'][data-status=Acknowledged]");
        await hands.PressAsync("s", "#ask-field:focus");
        await hands.PressAsync("Control+a");
        await hands.TypeAsync(Colleague);
        await hands.PressAsync("Enter", $"[data-alert='{first}']:has-text('{Colleague}')");

        await hands.PressAsync("j", $"{Cursor}:not([data-alert='{first}'])");
        var second = await hands.ReadAsync(Cursor, "data-alert");
        await hands.PressAsync("d", "#ask-choice:focus");
        await hands.PressAsync("ArrowDown");
        await hands.PressAsync("Tab");
        await hands.SeeAsync("#ask-reason:focus");
        await hands.TypeAsync("the scanner that was announced");
        await hands.PressAsync("Enter");
        await hands.SeeAsync("#ask-choice:focus");
        await hands.PressAsync("Enter");
        await hands.SeeNoneAsync($"[data-alert='{second}']");
        await hands.SeeAsync("[data-toast=done] [data-undo]");
        await hands.PressAsync("z", $"[data-alert='{second}']");

        await hands.SeeAsync(Cursor);
        var third = await hands.ReadAsync(Cursor, "data-alert");
        await hands.PressAsync("e", $"[data-alert='{third}'][data-status=Escalated]");

        await hands.PressToAsync("t", "**/live/handover");
        await hands.SeeAsync("[data-lines=Alert]");
        await hands.PressAsync("/", "#note:focus");
        await hands.TypeAsync("Two alerts wait; one is with wei.");
        await hands.PressAsync("Tab");
        await hands.PressAsync("Enter", "[data-note].sel");
        await Screens.TakeAsync(page, $"story-operator-{language}");

        // What was done is so, whoever asks.
        var open = (await Api.GetFromJsonAsync<JsonObject>(new Uri("/api/v1/alerts", UriKind.Relative)))!["items"]!.AsArray();
        Assert.Equal(Colleague, open.Single(a => a!["number"]!.GetValue<string>() == first)!["owner"]!.GetValue<string>());
        Assert.Contains(open, a => a!["number"]!.GetValue<string>() == second);
        Assert.NotNull(open.Single(a => a!["number"]!.GetValue<string>() == third)!["incidentId"]);
        faults.AssertNone("operator");
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-Hans")]
    public async Task Responder_FromSignInToHandOver(string language)
    {
        await House.PersonAsync("rune", RoleNames.Responder);
        await House.PersonAsync("olav", RoleNames.Supervisor, RoleNames.Responder);
        var incident = await House.IncidentAsync(Api, await House.AttackAsync(Api));
        var library = (await Api.GetFromJsonAsync<JsonObject>(new Uri("/api/v1/playbooks", UriKind.Relative)))!["playbooks"]!.AsArray();
        var playbook = library.Single(p => p!["file"]!.GetValue<string>() == "silent-collectors.json")!["id"]!.GetValue<string>();
        await using var context = await Browser.ContextAsync(language: language);
        var page = await context.NewPageAsync();
        var faults = new PageFaults(page);
        var hands = new Hands(page);
        await hands.SignInAsync(House.Address, "rune", House.Password);
        await hands.GoAsync("nav a[href='/incidents']", $"a[href='/incidents/{incident}']");
        await hands.GoAsync($"a[href='/incidents/{incident}']", "[data-owner], .inc");
        await hands.SeeAsync($"html[lang='{language}']");

        // Its name and its owner.
        await hands.PressAsync("e", "#edit-name:focus");
        await hands.TabToAsync("#edit-owner");
        await hands.PressAsync("Control+a");
        await hands.TypeAsync("rune");
        await hands.GoAsync("[data-act=save]", "[data-owner]:text-is('rune')");

        // A playbook that a colleague named, step by step.
        await hands.OpenAsync($"{House.Address}/incidents/{incident}?playbook={playbook}");
        // Asked once, with the keys in reach: left, looked at again, and started.
        await hands.PressAsync("Escape", $"[data-start='{playbook}']");
        await hands.GoAsync($"[data-start='{playbook}']", $"[data-start-question='{playbook}'][data-acts='0'] [data-start-confirm]:focus");
        await hands.PressAsync("Enter", "[data-current][data-step-status=WaitingForPerson]");
        var steps = 0;
        while (!await hands.IsThereAsync("[data-run-over]"))
        {
            Assert.True(++steps < 20, "the playbook does not end");
            await hands.SeeAsync("[data-current][data-step-status=WaitingForPerson]");
            var step = await hands.ReadAsync("[data-current]", "data-current");
            if (await hands.IsThereAsync("[data-current] select"))
            {
                // No: the last of the choices.
                await hands.TabToAsync("[data-current] select");
                await hands.PressAsync("End");
            }
            await hands.TabToAsync("#note");
            await hands.TypeAsync($"step {steps} is done");
            await hands.TabToAsync("[data-answer=done]");
            await hands.PressAsync("d", $"[data-current]:not([data-current='{step}']), [data-run-over]");
        }
        await hands.SeeAsync("[data-run-over=Completed]");
        await Screens.TakeAsync(page, $"story-responder-{language}");

        await hands.PressAsync("3", "[data-shown=tasks]");
        await hands.TabToAsync(".tl-bar input.field.grow");
        await hands.TypeAsync("Ask who was on site");
        await hands.PressAsync("Enter", "[data-task]:has-text('Ask who was on site')");
        await hands.TabToAsync("[data-task] input[type=checkbox]");
        await hands.PressAsync(" ", "[data-task].done");

        await hands.PressAsync("8", "[data-act=write-report]");
        await hands.GoAsync("[data-act=write-report]", "iframe.paper");

        await hands.PressAsync("o", "#hand-to:focus");
        await hands.TypeAsync("olav");
        await hands.PressAsync("Tab");
        await hands.TypeAsync("Ask again at six.");
        await hands.GoAsync("[data-act=give]", "[data-handover]");

        var runs = await Api.GetFromJsonAsync<JsonArray>(new Uri($"/api/v1/runs?incident={incident}", UriKind.Relative));
        Assert.Equal("Completed", runs!.Single()!["status"]!.GetValue<string>());
        faults.AssertNone("responder");
    }

    // One of each severity, none about the same machine.
    private Task TakeAsync(int count)
    {
        var now = TimeProvider.System.GetUtcNow();
        return House.Services.GetRequiredService<IDetectionSink>().CommitAsync([.. Enumerable.Range(0, count).Select(i => new Detection
        {
            Id = new DetectionId($"story-{i}"), RuleId = "rule-" + i, RuleTitle = "Rule " + i, RuleKind = "sigma", RuleDescription = "What it looks for",
            Severity = (Severity)(1 + i % 3), Time = now.AddSeconds(-i), Received = now.AddSeconds(-i), Entity = Entity.Of(EntityKind.Host, "host-" + i),
        })], null, TestContext.Current.CancellationToken);
    }
}
